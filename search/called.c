/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "called.h"

static bool holds(const jbk_docs *docs, size_t n, uint32_t doc) {
    for (size_t i = 0; i < n; i++)
        if (docs->at[i] == doc) return true;
    return false;
}

/* Of the documents those of the platform. */
static jbk_status keep_platform(jbk_index *x, const char *platform, size_t len, jbk_docs *docs,
                                jbk_err *err) {
    size_t kept = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < docs->n && !status; i++) {
        jbk_record r = {0};
        status = jbk_index_record(x, docs->at[i], &r, err);
        jbk_str p = r.field[JBK_F_PLATFORM];
        if (!status && p.len == len && len && !memcmp(p.s, platform, len))
            docs->at[kept++] = docs->at[i];
        jbk_record_free(&r);
    }
    docs->n = kept;
    return status;
}

jbk_status jbk_called_find(jbk_index *x, const char *name, size_t len, bool all, jbk_docs *docs,
                           jbk_err *err) {
    const char *colon = memchr(name, ':', len);
    docs->n = 0;
    jbk_status status = jbk_index_find(x, JBK_F_ID, name, len, all, docs, err);
    size_t kept = docs->n;
    if (!status) status = jbk_index_find(x, JBK_F_URL, name, len, all, docs, err);
    for (size_t i = kept; i < docs->n && !status; i++)
        if (!holds(docs, kept, docs->at[i])) docs->at[kept++] = docs->at[i];
    docs->n = kept;
    /* Either may have a colon in it. */
    while (!status && !docs->n && colon) {
        size_t platform = (size_t)(colon - name), rest = len - platform - 1;
        status = jbk_index_find(x, JBK_F_ID, colon + 1, rest, all, docs, err);
        if (!status) status = keep_platform(x, name, platform, docs, err);
        colon = memchr(colon + 1, ':', rest);
    }
    return status;
}
