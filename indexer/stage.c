/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stage.h"

#include "base/status.h"

#include <stdlib.h>

static jbk_status load_dict(jbk_stage *s, jbk_view *view, jbk_field_id f, jbk_err *err) {
    uint32_t n;
    jbk_status status = jbk_view_values(view, f, &n, err);
    for (uint32_t code = 0; code < n && !status; code++) {
        const char *value;
        size_t len;
        status = jbk_view_value(view, f, code, &value, &len, err);
        /* A value that was taken away keeps its code: a string that no record can have. */
        char gone[5] = {'\xFF'};
        memcpy(gone + 1, &code, sizeof code);
        if (!status) jbk_intern_add(&s->dict[f], len ? value : gone, len ? len : sizeof gone);
    }
    s->dict_saved[f] = n;
    return status;
}

jbk_status jbk_stage_load(jbk_stage *s, jbk_view *view, jbk_err *err) {
    s->next_doc = jbk_view_docs(view);
    jbk_status status = JBK_OK;
    for (int f = 0; f < JBK_FIELDS && !status; f++) {
        if (jbk_fields[f].column == JBK_COL_NONE) continue;
        s->open[f] = jbk_alloc(JBK_CHUNK * sizeof *s->open[f]);
        jbk_chunk now;
        status = jbk_view_chunk(view, (jbk_field_id)f, s->next_doc / JBK_CHUNK, &now, err);
        if (status) break;
        jbk_chunk_decode(&now, s->open[f]);
        if (jbk_fields[f].column == JBK_COL_CODES)
            status = load_dict(s, view, (jbk_field_id)f, err);
    }
    /* Codes of the status column are fixed. */
    for (int i = 0; i < JBK_STATUSES && !status; i++)
        jbk_intern_add(&s->dict[JBK_F_STATUS], jbk_status_names[i], strlen(jbk_status_names[i]));
    return status;
}

static void drop_chunks(jbk_stage *s) {
    for (size_t i = 0; i < s->chunks.n; i++) jbk_buf_free(&s->chunks.at[i].bytes);
    s->chunks.n = 0;
    s->bytes = 0;
}

void jbk_stage_free(jbk_stage *s) {
    drop_chunks(s);
    jbk_vec_free(&s->chunks);
    for (int f = 0; f < JBK_FIELDS; f++) {
        free(s->open[f]);
        jbk_intern_free(&s->dict[f]);
    }
}

static void close_chunk(jbk_stage *s, uint32_t chunk, uint32_t n) {
    for (int f = 0; f < JBK_FIELDS; f++) {
        if (!s->open[f]) continue;
        jbk_staged_chunk c = {.field = (jbk_field_id)f, .chunk = chunk};
        jbk_chunk_encode(s->open[f], n, &c.bytes);
        s->bytes += c.bytes.cap;
        jbk_vec_push(&s->chunks, c);
    }
}

void jbk_stage_row(jbk_stage *s, const int64_t values[JBK_FIELDS]) {
    uint32_t i = s->next_doc % JBK_CHUNK;
    for (int f = 0; f < JBK_FIELDS; f++)
        if (s->open[f]) s->open[f][i] = values[f];
    s->next_doc++;
    if (i + 1 == JBK_CHUNK) close_chunk(s, s->next_doc / JBK_CHUNK - 1, JBK_CHUNK);
}

static int64_t code_of(jbk_stage *s, int f, const char *value, size_t len) {
    return len ? jbk_intern_add(&s->dict[f], value, len) : JBK_ABSENT;
}

void jbk_stage_values(jbk_stage *s, const jbk_record *r, const jbk_settled *t,
                      const jbk_built *built, int64_t values[JBK_FIELDS]) {
    for (int f = 0; f < JBK_FIELDS; f++) {
        values[f] = r->number[f];
        if (jbk_fields[f].column == JBK_COL_CODES)
            values[f] = code_of(s, f, r->field[f].s, r->field[f].len);
    }
    values[JBK_F_LANG] = code_of(s, JBK_F_LANG, built->lang, strlen(built->lang));
    values[JBK_F_SCRIPT] = code_of(s, JBK_F_SCRIPT, built->script, strlen(built->script));
    values[JBK_F_MENTIONS] = code_of(s, JBK_F_MENTIONS, built->mentions, strlen(built->mentions));
    jbk_standing standing = t->standing;
    if (t->newest != t->doc) { /* a late version shows what it saw itself */
        jbk_observation own = jbk_record_observation(r);
        standing = jbk_history_standing(&own, 1, INT64_MAX);
    }
    for (int i = 0; i < JBK_SEEN_FIELDS; i++) values[jbk_seen_fields[i]] = standing.value[i];
    values[JBK_F_COPY_OF] = t->copy_of == JBK_NO_DOC ? JBK_ABSENT : (int64_t)t->copy_of;
    values[JBK_F_WORDS] = (int64_t)built->words << 1; /* packed as a count */
}

static jbk_status commit_dicts(jbk_stage *s, jbk_commit *c, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (int f = 0; f < JBK_FIELDS; f++) {
        for (uint32_t code = s->dict_saved[f]; code < s->dict[f].keys.n && !status; code++) {
            jbk_interned v = s->dict[f].keys.at[code];
            status = jbk_commit_value(c, (jbk_field_id)f, code, v.s, v.len, err);
        }
    }
    return status;
}

jbk_status jbk_stage_commit(jbk_stage *s, jbk_commit *c, jbk_err *err) {
    uint32_t left = s->next_doc % JBK_CHUNK;
    if (left) close_chunk(s, s->next_doc / JBK_CHUNK, left);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < s->chunks.n && !status; i++)
        status = jbk_commit_chunk(c, s->chunks.at[i].field, s->chunks.at[i].chunk,
                                  &s->chunks.at[i].bytes, err);
    return status ? status : commit_dicts(s, c, err);
}

void jbk_stage_saved(jbk_stage *s) {
    drop_chunks(s);
    for (int f = 0; f < JBK_FIELDS; f++) s->dict_saved[f] = (uint32_t)s->dict[f].keys.n;
}
