/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/record.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/status.h"
#include "base/time.h"
#include "url.h"

#include <stdlib.h>

const jbk_field_id jbk_count_fields[4] = {JBK_F_VIEWS, JBK_F_LIKES, JBK_F_COMMENTS, JBK_F_REPOSTS};

/* Tags of the rest stream: a field's name never changes its number once released, so the tag
 * is the number + 1; what is no field has tags from 1000. */
enum { TAG_DIGEST = 1000, TAG_INDEXED_AT, TAG_EXTRA, TAG_SHORT_URL };

void jbk_record_clear(jbk_record *r) {
    memset(r->field, 0, sizeof r->field);
    for (int f = 0; f < JBK_FIELDS; f++) r->number[f] = JBK_ABSENT;
    r->digest = (jbk_str){0};
    r->indexed_at = JBK_ABSENT;
    r->extras.n = 0;
    r->seen.n = 0;
    r->url.len = 0;
}

void jbk_record_free(jbk_record *r) {
    jbk_buf_free(&r->url);
    jbk_vec_free(&r->extras);
    jbk_vec_free(&r->seen);
}

void jbk_record_put_text(const jbk_record *r, jbk_buf *out) {
    jbk_put_bytes(out, r->field[JBK_F_TITLE].s, r->field[JBK_F_TITLE].len);
    jbk_buf_add(out, r->field[JBK_F_TEXT].s, r->field[JBK_F_TEXT].len);
}

static bool put_short_url(const jbk_record *r, jbk_buf *out) {
    jbk_buf short_url = {0};
    bool made = jbk_url_shorten(r->field[JBK_F_URL], r->field[JBK_F_TITLE], &short_url);
    if (made) {
        jbk_put_varint(out, TAG_SHORT_URL);
        jbk_put_bytes(out, short_url.data, short_url.len);
    }
    jbk_buf_free(&short_url);
    return made;
}

void jbk_record_put_rest(const jbk_record *r, jbk_buf *out) {
    for (unsigned f = 0; f < JBK_FIELDS; f++) {
        if (f == JBK_F_TITLE || f == JBK_F_TEXT) continue;
        if (f == JBK_F_URL && r->field[f].s && put_short_url(r, out)) continue;
        if (r->field[f].s) {
            jbk_put_varint(out, f + 1);
            jbk_put_bytes(out, r->field[f].s, r->field[f].len);
        } else if (r->number[f] != JBK_ABSENT) {
            jbk_put_varint(out, f + 1);
            jbk_put_varint(out, 8);
            jbk_put_u64(out, (uint64_t)r->number[f]);
        }
    }
    if (r->digest.s) {
        jbk_put_varint(out, TAG_DIGEST);
        jbk_put_bytes(out, r->digest.s, r->digest.len);
    }
    if (r->indexed_at != JBK_ABSENT) {
        jbk_put_varint(out, TAG_INDEXED_AT);
        jbk_put_varint(out, 8);
        jbk_put_u64(out, (uint64_t)r->indexed_at);
    }
    for (size_t i = 0; i < r->extras.n; i++) {
        jbk_buf both = {0};
        jbk_put_bytes(&both, r->extras.at[i].name.s, r->extras.at[i].name.len);
        jbk_buf_add(&both, r->extras.at[i].value.s, r->extras.at[i].value.len);
        jbk_put_varint(out, TAG_EXTRA);
        jbk_put_bytes(out, both.data, both.len);
        jbk_buf_free(&both);
    }
}

static jbk_status cut_off(jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "record", "a stored record is cut off");
}

static void set_str(jbk_str *to, const char *s, size_t len) {
    if (len) *to = (jbk_str){s, len};
}

jbk_status jbk_record_get_text(const char *item, size_t len, jbk_record *r, jbk_err *err) {
    const char *p = item, *end = item + len, *title;
    size_t title_len;
    if (!jbk_get_bytes(&p, end, &title, &title_len)) return cut_off(err);
    r->field[JBK_F_TITLE] = r->field[JBK_F_TEXT] = (jbk_str){0};
    set_str(&r->field[JBK_F_TITLE], title, title_len);
    set_str(&r->field[JBK_F_TEXT], p, (size_t)(end - p));
    return JBK_OK;
}

static bool set_tagged(jbk_record *r, uint64_t tag, const char *s, size_t len) {
    if (tag >= 1 && tag <= JBK_FIELDS) {
        jbk_field_id f = (jbk_field_id)(tag - 1);
        bool number = jbk_fields[f].type == JBK_T_TIME || jbk_fields[f].type == JBK_T_COUNT;
        if (number && len != 8) return false;
        if (number)
            r->number[f] = (int64_t)jbk_load_u64(s);
        else
            r->field[f] = (jbk_str){s, len};
        return true;
    }
    if (tag == TAG_DIGEST) {
        r->digest = (jbk_str){s, len};
        return true;
    }
    if (tag == TAG_SHORT_URL) {
        r->url.len = 0;
        if (!jbk_url_lengthen((jbk_str){s, len}, r->field[JBK_F_TITLE], &r->url)) return false;
        r->field[JBK_F_URL] = (jbk_str){r->url.data, r->url.len};
        return true;
    }
    if (tag == TAG_INDEXED_AT && len == 8) {
        r->indexed_at = (int64_t)jbk_load_u64(s);
        return true;
    }
    if (tag != TAG_EXTRA) return false;
    const char *p = s;
    jbk_extra x;
    if (!jbk_get_bytes(&p, s + len, &x.name.s, &x.name.len)) return false;
    x.value = (jbk_str){p, (size_t)(s + len - p)};
    jbk_vec_push(&r->extras, x);
    return true;
}

jbk_status jbk_record_get_rest(const char *item, size_t len, jbk_record *r, jbk_err *err) {
    const char *p = item, *end = item + len, *s;
    jbk_str title = r->field[JBK_F_TITLE], text = r->field[JBK_F_TEXT];
    jbk_record_clear(r);
    r->field[JBK_F_TITLE] = title;
    r->field[JBK_F_TEXT] = text;
    while (p < end) {
        uint64_t tag;
        size_t n;
        if (!jbk_get_varint(&p, end, &tag) || !jbk_get_bytes(&p, end, &s, &n) ||
            !set_tagged(r, tag, s, n))
            return cut_off(err);
    }
    return JBK_OK;
}

/* Does the item hold a url that the title is needed for? */
static bool needs_title(const char *item, size_t len) {
    const char *p = item, *end = item + len, *s;
    uint64_t tag;
    size_t n;
    while (jbk_get_varint(&p, end, &tag) && jbk_get_bytes(&p, end, &s, &n))
        if (tag == TAG_SHORT_URL) return jbk_url_has_title((jbk_str){s, n});
    return false;
}

jbk_status jbk_record_read_rest(jbk_volume *v, jbk_reader *reader, uint32_t local, jbk_record *r,
                                jbk_err *err) {
    const char *item, *text;
    size_t len, text_len;
    jbk_record_clear(r);
    jbk_status status = jbk_volume_item(v, reader, JBK_STREAM_RECORD, local, &item, &len, err);
    if (!status && needs_title(item, len)) {
        status = jbk_volume_item(v, reader, JBK_STREAM_TEXT, local, &text, &text_len, err);
        if (!status) status = jbk_record_get_text(text, text_len, r, err);
    }
    if (!status) status = jbk_record_get_rest(item, len, r, err);
    r->field[JBK_F_TITLE] = r->field[JBK_F_TEXT] = (jbk_str){0};
    return status;
}

jbk_status jbk_record_read(jbk_view *v, jbk_reader *reader, uint32_t doc, jbk_record *r,
                           jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(v, doc);
    if (!seg) return jbk_fail(err, JBK_INTERNAL, "record", "there is no document %u", doc);
    const char *item;
    size_t len;
    uint32_t local = doc - seg->base;
    jbk_status status =
        jbk_volume_item(seg->volume, reader, JBK_STREAM_TEXT, local, &item, &len, err);
    if (!status) status = jbk_record_get_text(item, len, r, err);
    if (!status)
        status = jbk_volume_item(seg->volume, reader, JBK_STREAM_RECORD, local, &item, &len, err);
    return status ? status : jbk_record_get_rest(item, len, r, err);
}

void jbk_record_identity(const jbk_record *r, jbk_buf *out) {
    const jbk_str *f = r->field;
    out->len = 0;
    if (f[JBK_F_PLATFORM].s && f[JBK_F_ID].s) {
        jbk_buf_byte(out, 'p');
        jbk_put_bytes(out, f[JBK_F_PLATFORM].s, f[JBK_F_PLATFORM].len);
        jbk_buf_add(out, f[JBK_F_ID].s, f[JBK_F_ID].len);
    } else if (f[JBK_F_URL].s) {
        jbk_buf_byte(out, 'u');
        jbk_buf_add(out, f[JBK_F_URL].s, f[JBK_F_URL].len);
    } else {
        jbk_buf_byte(out, 'd');
        jbk_buf_add(out, r->digest.s, r->digest.len);
    }
}

jbk_str jbk_record_name(const jbk_record *r) {
    if (r->field[JBK_F_ID].s) return r->field[JBK_F_ID];
    return r->field[JBK_F_URL].s ? r->field[JBK_F_URL] : r->digest;
}

jbk_observation jbk_record_observation(const jbk_record *r) {
    jbk_observation o = jbk_observation_none();
    jbk_str status = r->field[JBK_F_STATUS];
    int found = status.s ? jbk_status_find(status.s, status.len) : -1;
    o.status = found == JBK_STATUS_UNKNOWN ? -1 : found; /* nobody looked */
    o.at = r->number[JBK_F_COLLECTED_AT];
    o.at_assumed = o.at == JBK_ABSENT;
    if (o.at_assumed) o.at = r->indexed_at;
    for (int i = 0; i < 4; i++) o.counts[i] = r->number[jbk_count_fields[i]];
    return o;
}

jbk_str jbk_record_lookup_name(const jbk_record *r, jbk_run_kind kind) {
    if (kind == JBK_RUN_URL) return r->field[JBK_F_URL];
    if (kind == JBK_RUN_CONTENT) return (jbk_str){0};
    return r->field[JBK_F_ID].s ? r->field[JBK_F_ID] : r->digest;
}

bool jbk_record_content(const jbk_record *r, jbk_buf *scratch,
                        unsigned char out[JBK_CONTENT_DIGEST]) {
    if (!r->field[JBK_F_TITLE].s && !r->field[JBK_F_TEXT].s) return false;
    uint8_t full[32];
    scratch->len = 0;
    jbk_record_put_text(r, scratch);
    jbk_sha256_raw(scratch->data, scratch->len, full);
    memcpy(out, full, JBK_CONTENT_DIGEST);
    return true;
}

static jbk_str keep(jbk_arena *arena, jbk_str s) {
    return (jbk_str){s.s ? jbk_arena_dup(arena, s.s, s.len) : NULL, s.len};
}

void jbk_record_keep(jbk_arena *arena, jbk_record *r) {
    for (int f = 0; f < JBK_FIELDS; f++) r->field[f] = keep(arena, r->field[f]);
    r->digest = keep(arena, r->digest);
    for (size_t i = 0; i < r->extras.n; i++) {
        r->extras.at[i].name = keep(arena, r->extras.at[i].name);
        r->extras.at[i].value = keep(arena, r->extras.at[i].value);
    }
}
