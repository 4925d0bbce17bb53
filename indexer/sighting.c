/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sighting.h"

#include "base/codec.h"
#include "base/count.h"
#include "base/time.h"
#include "base/utf8.h"
#include "mid.h"
#include "zone.h"

#include <stdlib.h>
#include <strings.h>

const char *const jbk_sighting_profiles[] = {"generic",         "weiboscope",    "wechatscope",
                                             "wechat-exporter", "auto-archiver", NULL};

typedef enum {
    R_PLATFORM,
    R_ID,
    R_URL,
    R_AT,
    R_STATUS,
    R_HTTP,
    R_COUNTS, /* and the three after it */
    R_MESSAGE = R_COUNTS + 4,
    R_SEEN_BY,
    R_LAST_SEEN,   /* weiboscope: the last check that found it */
    R_DENIED,      /* weiboscope: it may not be seen, rather than is not there */
    R_CENSORED,    /* wechatscope: when it was found gone */
    R_IS_DELETED,  /* wechat-exporter */
    R_BAN_FLAG,    /* wechat-exporter */
    R_ARCHIVED,    /* auto-archiver: how archiving it went */
    R_ARCHIVED_AT, /* auto-archiver */
    ROLES
} role;

/* Columns that are no fields of records, or mean something else here.  Of several with one role
 * the first that is not empty counts, in this order. */
static const struct {
    const char *column;
    role role;
} COLUMNS[] = {
    {"observed_at", R_AT},
    {"checked_at", R_AT},
    {"seen_at", R_AT},
    {"last_checked", R_AT},
    {"http_status", R_HTTP},
    {"http_code", R_HTTP},
    {"status_code", R_HTTP},
    {"message", R_MESSAGE},
    {"censored_msg", R_MESSAGE},
    {"reason", R_MESSAGE},
    {"error", R_MESSAGE},
    {"seen_by", R_SEEN_BY},
    {"checked_by", R_SEEN_BY},
    {"deleted_last_seen", R_LAST_SEEN},
    {"permission_denied", R_DENIED},
    {"censored_date", R_CENSORED},
    {"archive", R_URL},
    {"is_deleted", R_IS_DELETED},
    {"ban_flag", R_BAN_FLAG},
    {"Archive status", R_ARCHIVED},
    {"Archive date", R_ARCHIVED_AT},
};
enum { NCOLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

static int role_of_field(int f) {
    switch (f) {
    case JBK_F_PLATFORM:
        return R_PLATFORM;
    case JBK_F_ID:
        return R_ID;
    case JBK_F_URL:
        return R_URL;
    case JBK_F_COLLECTED_AT:
        return R_AT;
    case JBK_F_STATUS:
        return R_STATUS;
    default:
        for (int c = 0; c < 4; c++)
            if (f == (int)jbk_count_fields[c]) return R_COUNTS + c;
        return JBK_NO_ROLE;
    }
}

/* A role and, in what is above it, the rank among the columns of that role. */
int jbk_sighting_role(const char *column, size_t len) {
    for (int i = 0; i < NCOLUMNS; i++)
        if (strlen(COLUMNS[i].column) == len && !strncasecmp(COLUMNS[i].column, column, len))
            return (int)COLUMNS[i].role + i * ROLES;
    int found = role_of_field(jbk_field_find(column, len));
    return found < 0 ? JBK_NO_ROLE : found + NCOLUMNS * ROLES;
}

/* --- a row --- */

typedef struct {
    const jbk_sighting_options *o;
    jbk_arena *arena;
    jbk_str cell[ROLES];
    bool has_weiboscope; /* a column of its kind, be it empty in this row */
    char **reason;
} row;

static jbk_str trimmed(jbk_str s) {
    while (s.len && (unsigned char)s.s[s.len - 1] <= ' ') s.len--;
    while (s.len && (unsigned char)*s.s <= ' ') s.s++, s.len--;
    return s;
}

static jbk_reject_code refuse(row *r, jbk_reject_code code, const char *what, jbk_str value) {
    jbk_buf b = {0};
    jbk_buf_str(&b, what);
    jbk_buf_add(&b, value.s, jbk_utf8_cut(value.s, value.len, 80));
    *r->reason = jbk_arena_dup(r->arena, b.data, b.len);
    jbk_buf_free(&b);
    return code;
}

static jbk_reject_code refuse_status(row *r, jbk_str given) {
    jbk_buf what = {0};
    jbk_buf_str(&what, "not a status");
    for (int i = JBK_STATUS_UNKNOWN + 1; i < JBK_STATUSES; i++)
        jbk_buf_printf(&what, "%s%s", i > JBK_STATUS_UNKNOWN + 1 ? ", " : " (",
                       jbk_status_names[i]);
    jbk_buf_str(&what, "): ");
    jbk_reject_code code = refuse(r, JBK_REJ_BAD_STATUS, jbk_buf_cstr(&what), given);
    jbk_buf_free(&what);
    return code;
}

static jbk_str keep(row *r, jbk_str s, size_t most) {
    size_t len = s.len ? jbk_utf8_cut(s.s, s.len, most) : 0;
    return (jbk_str){len ? jbk_arena_dup(r->arena, s.s, len) : NULL, len};
}

/* What databases write for nothing. */
static bool is_absent(jbk_str s) {
    static const char *const NOTHING[] = {"\\N", "NULL", "None"};
    for (size_t i = 0; i < sizeof NOTHING / sizeof *NOTHING; i++)
        if (strlen(NOTHING[i]) == s.len && !strncasecmp(NOTHING[i], s.s, s.len)) return true;
    return false;
}

static bool is_among(jbk_str s, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == s.len && s.len && !strncasecmp(*words, s.s, s.len)) return true;
    return false;
}

/* What is said neither to be so nor not to be so is not so: nobody is accused by a guess. */
static bool is_yes(jbk_str s) {
    static const char *const YES[] = {"1", "t", "true", "y", "yes", "permission denied", NULL};
    return is_among(s, YES);
}

/* A flag of many values, of which 0 is none. */
static bool is_flagged(jbk_str s) {
    static const char *const NO[] = {"0", "f", "false", "n", "no", NULL};
    return s.len && !is_among(s, NO);
}

static bool is_profile(const row *r, const char *name, bool columns) {
    return r->o->profile ? !strcmp(r->o->profile, name) : columns;
}

static bool is_weiboscope(const row *r) { return is_profile(r, "weiboscope", r->has_weiboscope); }

/* The platform that the profile means, where the row names none. */
static void set_platform(row *r) {
    jbk_str *platform = &r->cell[R_PLATFORM];
    const char *name = r->o->platform;
    bool wechat = r->cell[R_CENSORED].len || r->cell[R_IS_DELETED].len || r->cell[R_BAN_FLAG].len;
    if (platform->len) return;
    if (!name && is_weiboscope(r)) name = "weibo";
    if (!name && (is_profile(r, "wechatscope", wechat) || is_profile(r, "wechat-exporter", wechat)))
        name = "wechat";
    if (name) *platform = (jbk_str){name, strlen(name)};
}

static jbk_reject_code set_name(row *r, jbk_sighting *s) {
    jbk_str id = r->cell[R_ID], url = r->cell[R_URL], platform = r->cell[R_PLATFORM];
    char mid[JBK_MID_MAX];
    jbk_buf b = {0};
    /* As the mapping of that name has it. */
    if (is_weiboscope(r) && id.len && jbk_weibo_mid(id.s, id.len, mid))
        id = (jbk_str){mid, strlen(mid)};
    if (platform.len && id.len) {
        jbk_buf_byte(&b, 'p');
        jbk_put_bytes(&b, platform.s, platform.len);
        jbk_buf_add(&b, id.s, id.len);
    } else if (url.len) {
        jbk_buf_byte(&b, 'u');
        jbk_buf_add(&b, url.s, url.len);
        s->seen.by_url = true;
    } else if (id.len) {
        jbk_buf_byte(&b, 'd');
        jbk_buf_add(&b, id.s, id.len);
    } else {
        return refuse(r, JBK_REJ_UNNAMED, "neither platform and id nor url", (jbk_str){0});
    }
    s->name = (jbk_str){jbk_arena_dup(r->arena, b.data, b.len), b.len};
    jbk_buf_free(&b);
    return JBK_REJ_NONE;
}

/* *at stays what it is where the cell is empty. */
static jbk_reject_code set_time(row *r, role from, int64_t *at, bool *given) {
    jbk_str s = r->cell[from];
    jbk_time t;
    if (!s.len) return JBK_REJ_NONE;
    int zone = jbk_zone_of(r->cell[R_PLATFORM], r->cell[R_URL], r->o->zone_min);
    if (!jbk_time_parse(s.s, s.len, zone, &t))
        return refuse(r, JBK_REJ_BAD_DATE, "not a date that can be read without guessing: ", s);
    *at = jbk_time_pack(&t);
    *given = true;
    return JBK_REJ_NONE;
}

static jbk_reject_code set_counts(row *r, jbk_observation *o) {
    for (int c = 0; c < 4; c++) {
        jbk_count n;
        jbk_str s = r->cell[R_COUNTS + c];
        jbk_count_result result = jbk_count_parse(s.s, s.len, &n);
        if (result == JBK_COUNT_BAD) return refuse(r, JBK_REJ_BAD_COUNT, "not a count: ", s);
        if (result == JBK_COUNT_OK) o->counts[c] = (int64_t)jbk_count_pack(n);
    }
    return JBK_REJ_NONE;
}

/* What message and HTTP status mean together: pages that tell of a removal come with 200. */
static int meaning(const row *r, jbk_str message, unsigned http) {
    int said = message.len ? jbk_reasons_find(r->o->reasons, message.s, message.len) : -1;
    int answered = http ? jbk_reasons_find_http(r->o->reasons, http) : -1;
    return said > JBK_STATUS_LIVE || answered < 0 ? said : answered;
}

static jbk_reject_code set_status(row *r, jbk_observation *o) {
    jbk_str given = r->cell[R_STATUS], message = r->cell[R_MESSAGE], http = r->cell[R_HTTP];
    unsigned code = 0;
    for (size_t i = 0; i < http.len && i < 3 && http.s[i] >= '0' && http.s[i] <= '9'; i++)
        code = code * 10 + (unsigned)(http.s[i] - '0');
    if (!message.len && code) {
        char *text = jbk_arena_alloc(r->arena, 9);
        memcpy(text, "HTTP ", 5);
        for (int i = 7; i >= 5; i--, code /= 10) text[i] = (char)('0' + code % 10);
        message = (jbk_str){text, 8};
        code = (unsigned)(text[5] - '0') * 100 + (unsigned)(text[6] - '0') * 10 +
               (unsigned)(text[7] - '0');
    }
    o->message = keep(r, message, JBK_MESSAGE_MAX);
    o->seen_by = keep(r, r->cell[R_SEEN_BY], JBK_SEEN_BY_MAX);
    if (!given.len) {
        o->status = meaning(r, message, code);
        return JBK_REJ_NONE;
    }
    o->status = jbk_status_find(given.s, given.len);
    if (o->status < 0) o->status = jbk_reasons_find(r->o->reasons, given.s, given.len);
    if (o->status < 0) return refuse_status(r, given);
    if (o->status == JBK_STATUS_UNKNOWN) o->status = -1; /* nobody looked */
    return JBK_REJ_NONE;
}

/* --- profiles --- */

static void gone(jbk_observation *o, int status, const char *message) {
    o->status = status;
    if (!o->message.len) o->message = (jbk_str){message, strlen(message)};
}

/* Last seen at a time, and gone when somebody looked again: nobody says when that was. */
static jbk_reject_code weiboscope(row *r, jbk_sighting *s, jbk_sightings *out) {
    jbk_sighting last = {.name = s->name, .seen = jbk_observation_none()};
    bool given, seen = r->cell[R_LAST_SEEN].len > 0;
    jbk_reject_code code = set_time(r, R_LAST_SEEN, &last.seen.at, &given);
    if (code) return code;
    last.seen.status = JBK_STATUS_LIVE;
    last.seen.by_url = s->seen.by_url;
    if (seen) jbk_vec_push(out, last);
    if (is_yes(r->cell[R_DENIED]))
        gone(&s->seen, JBK_STATUS_PLATFORM_REMOVED, "permission denied");
    else if (seen)
        gone(&s->seen, JBK_STATUS_GONE, "deleted");
    return JBK_REJ_NONE;
}

static jbk_reject_code apply_profile(row *r, jbk_sighting *s, bool *at_given, jbk_sightings *out) {
    jbk_observation *o = &s->seen;
    jbk_reject_code code = set_time(r, R_CENSORED, &o->at, at_given);
    if (!code && r->cell[R_ARCHIVED].len) {
        code = set_time(r, R_ARCHIVED_AT, &o->at, at_given);
        o->message = keep(r, r->cell[R_ARCHIVED], JBK_MESSAGE_MAX);
        bool done = memmem(o->message.s, o->message.len, "success", 7) != NULL;
        if (done) o->status = JBK_STATUS_LIVE;
    }
    if (is_yes(r->cell[R_IS_DELETED])) gone(o, JBK_STATUS_AUTHOR_DELETED, "is_deleted");
    if (is_flagged(r->cell[R_BAN_FLAG])) gone(o, JBK_STATUS_PLATFORM_REMOVED, "ban_flag");
    return code ? code : weiboscope(r, s, out);
}

/* Do the columns tell of what is gone alone, so that an empty row says "still there, as far as is
 * known", which is nothing? */
static bool may_say_nothing(const row *r, const jbk_sighting_cell *cells, size_t n) {
    if (r->o->profile && strcmp(r->o->profile, "generic") != 0) return true;
    for (size_t i = 0; i < n; i++)
        if (cells[i].role >= 0 && cells[i].role % ROLES >= R_LAST_SEEN) return true;
    return false;
}

jbk_reject_code jbk_sighting_row(const jbk_sighting_options *o, const jbk_sighting_cell *cells,
                                 size_t n, jbk_arena *arena, jbk_sightings *out, char **reason) {
    row r = {.o = o, .arena = arena, .reason = reason};
    int rank[ROLES];
    for (size_t i = 0; i < n; i++) {
        jbk_str s = trimmed(cells[i].value);
        int k = cells[i].role < 0 ? ROLES : cells[i].role % ROLES;
        r.has_weiboscope |= k == R_LAST_SEEN || k == R_DENIED;
        if (k == ROLES || !s.len || is_absent(s)) continue;
        if (r.cell[k].len && rank[k] <= cells[i].role) continue;
        r.cell[k] = s;
        rank[k] = cells[i].role;
    }
    size_t before = out->n;
    bool at_given = false;
    jbk_sighting s = {.seen = jbk_observation_none()};
    set_platform(&r);
    jbk_reject_code code = set_name(&r, &s);
    if (!code) code = set_time(&r, R_AT, &s.seen.at, &at_given);
    if (!code) code = set_counts(&r, &s.seen);
    if (!code) code = set_status(&r, &s.seen);
    if (!code) code = apply_profile(&r, &s, &at_given, out);
    s.seen.confirm = o->confirm;
    s.seen.at_assumed = !at_given;
    if (!at_given) s.seen.at = o->now;
    if (!code && jbk_observation_says(&s.seen))
        jbk_vec_push(out, s);
    else if (!code && out->n == before && !may_say_nothing(&r, cells, n))
        code = refuse(&r, JBK_REJ_EMPTY_RECORD, "nothing was observed", (jbk_str){0});
    if (code) out->n = before;
    return code;
}
