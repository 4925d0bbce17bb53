/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "asof.h"

#include "base/status.h"
#include "base/time.h"

#include <stdlib.h>

/* --- the option --- */

enum { CHINA_MIN = 8 * 60 };

jbk_status jbk_asof_parse(const char *text, int64_t *until_ms, jbk_err *err) {
    enum { DATE = 10 }; /* characters of 2020-04-15 */
    size_t len = strlen(text);
    int zone = CHINA_MIN;
    jbk_time t;
    bool good = jbk_time_parse(text, len, zone, &t);
    if (!good && len > DATE) /* a date with a zone and no clock */
        good = jbk_zone_parse(text + DATE, len - DATE, &zone) && jbk_time_parse(text, DATE, zone, &t);
    if (!good)
        return jbk_fail(err, JBK_USAGE, "args",
                        "--as-of cannot be '%s'; it is a date such as 2020-04-15", text);
    *until_ms = jbk_time_end(&t) - 1;
    return JBK_OK;
}

/* --- the columns --- */

typedef struct {
    jbk_buf bytes[JBK_SEEN_FIELDS]; /* encoded chunks; empty where not made yet */
} made_chunk;

struct jbk_asof {
    jbk_view *view;
    int64_t until_ms;
    uint32_t nchunks;
    made_chunk *chunks;
    JBK_VEC(jbk_indexing_run) runs;
    /* scratch */
    jbk_recorded_list histories;
    jbk_observations history;
    int64_t (*values)[JBK_CHUNK]; /* of each field, and of collected_at */
};

jbk_status jbk_asof_new(jbk_view *view, int64_t until_ms, jbk_asof **out, jbk_err *err) {
    const char *bytes;
    size_t len;
    *out = NULL;
    jbk_status status = jbk_view_meta(view, JBK_META_RUNS, &bytes, &len, err);
    if (status) return status;
    jbk_asof *a = jbk_calloc(1, sizeof *a);
    a->view = view;
    a->until_ms = until_ms;
    a->nchunks = (uint32_t)(((uint64_t)jbk_view_docs(view) + JBK_CHUNK - 1) / JBK_CHUNK);
    a->chunks = jbk_calloc((size_t)a->nchunks + 1, sizeof *a->chunks);
    a->values = jbk_alloc((JBK_SEEN_FIELDS + 1) * sizeof *a->values);
    for (size_t i = 0; i + sizeof(jbk_indexing_run) <= len; i += sizeof(jbk_indexing_run)) {
        jbk_indexing_run run;
        memcpy(&run, bytes + i, sizeof run);
        jbk_vec_push(&a->runs, run);
    }
    *out = a;
    return JBK_OK;
}

void jbk_asof_free(jbk_asof *a) {
    if (!a) return;
    for (uint32_t c = 0; c < a->nchunks; c++)
        for (int i = 0; i < JBK_SEEN_FIELDS; i++) jbk_buf_free(&a->chunks[c].bytes[i]);
    free(a->chunks);
    free(a->values);
    jbk_vec_free(&a->runs);
    jbk_vec_free(&a->histories);
    jbk_vec_free(&a->history);
    free(a);
}

static int place_of(jbk_field_id f) {
    for (int i = 0; i < JBK_SEEN_FIELDS; i++)
        if (jbk_seen_fields[i] == f) return i;
    return -1;
}

bool jbk_asof_decides(jbk_field_id f) { return place_of(f) >= 0; }

int64_t jbk_asof_until(const jbk_asof *a) { return a->until_ms; }

int64_t jbk_asof_own_time(const jbk_asof *a, uint32_t doc, int64_t collected_at) {
    if (collected_at != JBK_ABSENT) return collected_at;
    size_t low = 0, high = a->runs.n;
    while (low < high) { /* the first run that begins after it */
        size_t mid = low + (high - low) / 2;
        if (a->runs.at[mid].first <= doc)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? a->runs.at[low - 1].at : INT64_MAX;
}

/* --- making a chunk --- */

static void set_standing(jbk_asof *a, uint32_t i, const jbk_standing *s) {
    for (int f = 0; f < JBK_SEEN_FIELDS; f++) a->values[f][i] = s->value[f];
}

/* Where nothing else was seen, the columns hold what the record says; it may have been collected
 * later. */
static jbk_status take_records(jbk_asof *a, uint32_t chunk, uint32_t *n, jbk_err *err) {
    jbk_chunk c;
    int64_t *collected = a->values[JBK_SEEN_FIELDS];
    jbk_status status = jbk_view_chunk(a->view, JBK_F_COLLECTED_AT, chunk, &c, err);
    if (!status) jbk_chunk_decode(&c, collected);
    *n = c.n;
    for (int f = 0; f < JBK_SEEN_FIELDS && !status; f++) {
        status = jbk_view_chunk(a->view, jbk_seen_fields[f], chunk, &c, err);
        if (!status) jbk_chunk_decode(&c, a->values[f]);
    }
    jbk_standing nothing = jbk_history_standing(NULL, 0, INT64_MAX);
    for (uint32_t i = 0; i < *n && !status; i++) {
        if (a->values[JBK_SEEN_STATUS][i] == JBK_ABSENT) continue; /* an empty place */
        int64_t at = jbk_asof_own_time(a, chunk * JBK_CHUNK + i, collected[i]);
        if (at >> 16 > a->until_ms) set_standing(a, i, &nothing);
    }
    return status;
}

static jbk_status take_histories(jbk_asof *a, uint32_t chunk, uint32_t n, jbk_err *err) {
    uint32_t first = chunk * JBK_CHUNK;
    a->histories.n = 0;
    jbk_status status = jbk_view_histories(a->view, first, first + n, &a->histories, err);
    const jbk_recorded *at = a->histories.at;
    for (size_t i = 0; i < a->histories.n && !status;) {
        uint32_t doc = at[i].doc;
        a->history.n = 0;
        for (; i < a->histories.n && at[i].doc == doc; i++)
            jbk_vec_push(&a->history, at[i].seen);
        jbk_standing s = jbk_history_standing(a->history.at, a->history.n, a->until_ms);
        set_standing(a, doc - first, &s);
    }
    return status;
}

jbk_status jbk_asof_chunk(jbk_asof *a, jbk_field_id f, uint32_t chunk, jbk_chunk *out,
                          jbk_err *err) {
    jbk_status status = JBK_OK;
    *out = (jbk_chunk){.has_absent = true};
    if (chunk >= a->nchunks) return JBK_OK;
    jbk_buf *bytes = a->chunks[chunk].bytes;
    if (!bytes[0].len) {
        uint32_t n;
        status = take_records(a, chunk, &n, err);
        if (!status) status = take_histories(a, chunk, n, err);
        for (int i = 0; i < JBK_SEEN_FIELDS && !status; i++)
            jbk_chunk_encode(a->values[i], n, &bytes[i]);
    }
    const jbk_buf *b = &bytes[place_of(f)];
    return status ? status : jbk_chunk_view(b->data, b->len, out, err);
}
