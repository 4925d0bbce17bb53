/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a written word means: a string, a word, a pattern, a sound, names, a value, a range. */
#include "base/status.h"
#include "base/utf8.h"
#include "parser.h"
#include "range.h"
#include "text/chars.h"
#include "text/fold.h"
#include "text/names.h"
#include "text/segment.h"

enum { NODES_MAX = 100000, SOUND_MAX = 240 /* bytes, as many as a term has */ };

jbk_query *jbk_parse_node(jbk_parser *p, jbk_query_kind kind, size_t at) {
    if (++p->nodes > NODES_MAX)
        return jbk_parse_fail(p, at, "the query has more than %d parts", NODES_MAX);
    jbk_query *q = jbk_calloc(1, sizeof *q);
    q->kind = kind;
    q->at = at;
    q->field = -1;
    q->low = INT64_MIN;
    q->high = INT64_MAX;
    return q;
}

/* --- words of title and text --- */

/* Of which letters a folded string is made. */
typedef struct {
    bool wordy, letter; /* any letter, mark or digit; any letter of a word-separating script */
    bool han;           /* any Han */
    bool one_word;      /* nothing but letters, marks and digits of word-separating scripts, and
                           apostrophes between them or of the last letter */
} letters;

static bool is_apostrophe(uint32_t cp) { return cp == '\'' || cp == 0x2019; }

static letters look(const char *s, size_t len) {
    letters l = {.one_word = len > 0};
    uint32_t before = '\'';
    for (size_t i = 0; i < len;) {
        uint32_t cp = jbk_utf8_next(s, len, &i);
        jbk_script script = jbk_cp_script(cp);
        bool wordy = jbk_cp_wordy(cp),
             separate = script < JBK_SCRIPT_HAN || script > JBK_SCRIPT_THAI;
        l.wordy |= wordy;
        l.han |= script == JBK_SCRIPT_HAN;
        l.letter |= wordy && separate && script != JBK_SCRIPT_NONE;
        bool joint = is_apostrophe(cp) && !is_apostrophe(before);
        l.one_word &= wordy ? separate : joint && (i < len || jbk_takes_apostrophe(before));
        before = cp;
    }
    return l;
}

/* Bare words other than Han runs are words: the punctuation around them is not meant, but for
 * the apostrophe of a word's last letter. */
static void trim(const char **s, size_t *len, bool word) {
    size_t first = *len, last = 0;
    uint32_t before = 0;
    for (size_t i = 0; i < *len;) {
        size_t from = i;
        uint32_t cp = jbk_utf8_next(*s, *len, &i);
        bool wordy = jbk_cp_wordy(cp), behind_letter = word && !first && from && from == last;
        if (wordy && first > from) first = from;
        if (wordy || (behind_letter && is_apostrophe(cp) && jbk_takes_apostrophe(before))) last = i;
        before = cp;
    }
    *s += first;
    *len = last - first;
}

static jbk_query *text_node(jbk_parser *p, const jbk_scope *in, jbk_query_kind kind, const char *s,
                            size_t len, size_t at) {
    jbk_query *q = len ? jbk_parse_node(p, kind, at)
                       : jbk_parse_fail(p, at, "nothing is left to search for here");
    if (!q) return NULL;
    q->where = in->where;
    q->s = jbk_strndup(s, len);
    q->len = len;
    return q;
}

/* A string; `bare`: one that stood without quotation marks, which may be a word. */
static jbk_query *string_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                              bool bare, bool exact, size_t at) {
    jbk_folded f = {0};
    jbk_fold(&f, s, len);
    const char *folded = f.utf8.data;
    size_t n = f.utf8.len;
    letters l = bare ? look(folded, n) : (letters){0};
    if (l.wordy && !l.han) {
        trim(&folded, &n, true);
        l = look(folded, n);
        if (!l.one_word) trim(&folded, &n, false);
    }
    jbk_query_kind kind = l.one_word && l.letter && !exact ? JBK_Q_WORD : JBK_Q_STRING;
    jbk_query *q = text_node(p, in, kind, folded, n, at);
    jbk_folded_free(&f);
    return q;
}

/* word*, *word, *word* */
static jbk_query *pattern_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                               size_t at) {
    bool start = *s == '*', end = s[len - 1] == '*';
    size_t n = len - start - end;
    if (len < 2 || (start && end && len < 3))
        return jbk_parse_fail(p, at, "a pattern needs letters: word*, *word or *word*");
    const char *inner = memchr(s + start, '*', n);
    if (inner)
        return jbk_parse_fail(p, at + (size_t)(inner - s),
                              "an asterisk stands at the beginning or the end of a word only");
    jbk_folded f = {0};
    jbk_fold(&f, s + start, n);
    letters l = look(f.utf8.data, f.utf8.len);
    jbk_query *q = NULL;
    if (l.han)
        jbk_parse_fail(p, at, "a run with Han is found inside longer ones too; leave the * out");
    else if (!l.one_word)
        jbk_parse_fail(p, at, "a pattern is of one word, letters and digits only");
    else
        q = text_node(p, in, JBK_Q_PATTERN, f.utf8.data, f.utf8.len, at);
    if (q) {
        q->open_start = start;
        q->open_end = end;
    }
    jbk_folded_free(&f);
    return q;
}

static jbk_query *sound_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                             size_t at) {
    jbk_folded f = {0};
    jbk_fold(&f, s + 1, len - 1);
    const char *folded = f.utf8.data;
    size_t n = f.utf8.len;
    letters l = look(folded, n);
    if (l.wordy) trim(&folded, &n, false);
    jbk_query *q = NULL;
    if (!l.wordy)
        jbk_parse_fail(p, at, "~ stands right before a word, without quotation marks: ~word");
    else if (n > SOUND_MAX)
        jbk_parse_fail(p, at, "this is too long to sound like something");
    else
        q = text_node(p, in, JBK_Q_SOUND, folded, n, at);
    jbk_folded_free(&f);
    return q;
}

/* The code as the index has it. */
static const char *known_code(jbk_parser *p, const char *s, size_t len, size_t at) {
    uint32_t code;
    if (jbk_name_code_find(s, len, &code)) return jbk_name_code(code);
    jbk_parse_fail(p, at,
                   "there is no code '%.*s'; countries have those of ISO 3166, such as KZ, and "
                   "`jibek count --by mentions '*'` lists what an index has",
                   (int)(len < 40 ? len : 40), s);
    return NULL;
}

/* {KZ} */
static jbk_query *names_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                             size_t at) {
    bool good = len > 2 && s[len - 1] == '}';
    for (size_t i = 1; i + 1 < len && good; i++) {
        char c = s[i];
        good =
            ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    if (!good)
        return jbk_parse_fail(p, at,
                              "in braces stands one code, such as {KZ}; for more than one, "
                              "({KZ} OR {CN})");
    const char *code = known_code(p, s + 1, len - 2, at + 1);
    return code ? text_node(p, in, JBK_Q_NAMES, code, strlen(code), at) : NULL;
}

/* --- values --- */

static jbk_query *value_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                             size_t at) {
    jbk_query *q = jbk_parse_node(p, JBK_Q_VALUE, at);
    if (!q) return NULL;
    q->field = in->field;
    if (in->extra) q->extra = jbk_strndup(in->extra, in->extra_len);
    q->s = jbk_strndup(s, len);
    q->len = len;
    if (in->field != JBK_F_MENTIONS || in->extra) return q;
    const char *code = known_code(p, s, len, at);
    if (code) {
        memcpy(q->s, code, len); /* as long as what was written, but for case */
        return q;
    }
    jbk_query_free(q);
    return NULL;
}

static jbk_query *range_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                             size_t at) {
    jbk_query *q = jbk_parse_node(p, JBK_Q_RANGE, at);
    if (!q) return NULL;
    q->field = in->field;
    const char *why = jbk_range_parse(&jbk_fields[in->field], s, len, q);
    if (!why) return q;
    jbk_query_free(q);
    return jbk_parse_fail(p, at, "%s (for example %s)", why, jbk_fields[in->field].example);
}

static jbk_query *parent_of(jbk_parser *p, jbk_query_kind kind, jbk_query *child, size_t at) {
    jbk_query *q = child ? jbk_parse_node(p, kind, at) : NULL;
    if (q)
        jbk_vec_push(&q->children, child);
    else
        jbk_query_free(child);
    return q;
}

/* gone:no is live, gone:unknown never observed, gone:yes everything else. */
static jbk_query *gone_node(jbk_parser *p, const char *s, size_t len, size_t at) {
    const jbk_scope status = {.field = JBK_F_STATUS};
    if (len == 2 && !memcmp(s, "no", 2)) return value_node(p, &status, "live", 4, at);
    if (len == 7 && !memcmp(s, "unknown", 7)) return value_node(p, &status, "unknown", 7, at);
    if (len != 3 || memcmp(s, "yes", 3) != 0)
        return jbk_parse_fail(p, at, "gone: is yes, no or unknown; status: tells why it is gone");
    jbk_query *there = value_node(p, &status, "live", 4, at);
    jbk_query *either = parent_of(p, JBK_Q_OR, there, at);
    jbk_query *unknown = either ? value_node(p, &status, "unknown", 7, at) : NULL;
    if (!unknown) {
        jbk_query_free(either);
        return NULL;
    }
    jbk_vec_push(&either->children, unknown);
    return parent_of(p, JBK_Q_NOT, either, at);
}

static bool is_range_field(int f) {
    return f >= 0 && f != JBK_F_COPY_OF &&
           (jbk_fields[f].type == JBK_T_COUNT || jbk_fields[f].type == JBK_T_TIME);
}

/* The field whose values are known beforehand. */
static jbk_query *status_node(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                              size_t at) {
    jbk_buf known = {0};
    if (jbk_status_find(s, len) >= 0) return value_node(p, in, s, len, at);
    for (int i = 0; i < JBK_STATUSES; i++)
        jbk_buf_printf(&known, "%s%s", i ? ", " : "", jbk_status_names[i]);
    jbk_parse_fail(p, at, "there is no such status; there is %s", jbk_buf_cstr(&known));
    jbk_buf_free(&known);
    return NULL;
}

static jbk_query *value(jbk_parser *p, const jbk_scope *in, const char *s, size_t len, size_t at) {
    if (in->gone) return gone_node(p, s, len, at);
    if (in->field == JBK_F_STATUS) return status_node(p, in, s, len, at);
    return is_range_field(in->field) ? range_node(p, in, s, len, at)
                                     : value_node(p, in, s, len, at);
}

/* --- what stood in the query --- */

jbk_query *jbk_parse_quoted(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                            size_t at) {
    if (!jbk_scope_is_text(in)) return value(p, in, s, len, at);
    return string_node(p, in, s, len, false, false, at);
}

/* A value that stood bare.  A time with a blank in it would be cut there. */
static jbk_query *bare_value(jbk_parser *p, const jbk_scope *in, size_t at, size_t len) {
    const char *why = jbk_misread_value(p, at, len);
    if (why) return jbk_parse_fail(p, at, "%s", why);
    jbk_query *q = value(p, in, p->text + at, len, at);
    if (!q || q->kind != JBK_Q_RANGE || jbk_fields[q->field].type != JBK_T_TIME) return q;
    size_t behind = p->at;
    jbk_parse_skip_blanks(p);
    if (!jbk_misread_clock(p, p->at)) {
        p->at = behind;
        return q;
    }
    jbk_query_free(q);
    return jbk_parse_fail(p, p->at,
                          "a date with its time is written with a T or in quotation marks: "
                          "date:2020-04-14T12:00");
}

jbk_query *jbk_parse_bare(jbk_parser *p, const jbk_scope *in, size_t at, size_t len) {
    const char *s = p->text + at;
    bool star = len == 1 && *s == '*';
    if (star && in->where != (JBK_IN_TITLE | JBK_IN_TEXT))
        return jbk_parse_fail(p, at, "* finds everything and stands alone, not behind a field");
    if (!jbk_scope_is_text(in)) return bare_value(p, in, at, len);
    if (star) return jbk_parse_node(p, JBK_Q_ALL, at);
    if (*s == '-')
        return jbk_parse_fail(p, at, "what excludes stands before the field: -title:word");
    if (*s == '=' && len > 1) return string_node(p, in, s + 1, len - 1, true, true, at);
    if (*s == '~') return sound_node(p, in, s, len, at);
    if (*s == '{') return names_node(p, in, s, len, at);
    size_t special = 0; /* not strcspn: it would read the whole query for every word */
    while (special < len && !strchr("~{}", s[special])) special++;
    if (special < len)
        return jbk_parse_fail(p, at + special,
                              "'%c' means nothing here; put it in quotation marks to search for it",
                              s[special]);
    size_t place;
    const char *why = jbk_misread_word(p, at, len, &place);
    if (why) return jbk_parse_fail(p, place, "%s", why);
    if (memchr(s, '*', len)) return pattern_node(p, in, s, len, at);
    return string_node(p, in, s, len, true, false, at);
}
