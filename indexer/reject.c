/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reject.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *const jbk_reject_names[JBK_REJ_CODES] = {
    "",         "json_syntax",    "not_object", "empty_record", "bad_date",   "bad_count",
    "bad_type", "too_long",       "unreadable", "unnamed",      "bad_status", "csv_syntax",
    "cells",    "unknown_format", "html",       "warc_syntax",  "cut_short",  "digest",
    "http_body"};

struct jbk_rejects {
    char *path;
    bool append;
    FILE *file;
};

static jbk_status open_file(jbk_rejects *r, jbk_err *err) {
    r->file = fopen(r->path, r->append ? "ae" : "we");
    return r->file ? JBK_OK
                   : jbk_fail_sys(err, errno, "fopen", "cannot write the rejects to %s", r->path);
}

jbk_status jbk_rejects_new(const char *path, bool append, jbk_rejects **out, jbk_err *err) {
    jbk_rejects *r = jbk_calloc(1, sizeof *r);
    r->path = jbk_strndup(path, strlen(path));
    r->append = append;
    *out = r;
    return append ? JBK_OK : open_file(r, err);
}

const char *jbk_rejects_path(const jbk_rejects *r) { return r->path; }

void jbk_rejects_close(jbk_rejects *r) {
    if (!r) return;
    if (r->file) fclose(r->file);
    free(r->path);
    free(r);
}

jbk_status jbk_rejects_sync(jbk_rejects *r, jbk_err *err) {
    if (r->file && (fflush(r->file) || fsync(fileno(r->file))) && errno != EINVAL)
        return jbk_fail_sys(err, errno, "fsync", "cannot write %s", r->path);
    return JBK_OK;
}

/* The bytes as text where they are UTF-8, else as base64, which "encoding" says. */
static void set_bytes(json_t *o, const char *s, size_t len) {
    size_t cut = jbk_utf8_cut(s, len, JBK_REJECT_BYTES);
    if (!jbk_utf8_count_bad(s, cut)) {
        json_object_set_new(o, "bytes", json_stringn(s ? s : "", cut));
        return;
    }
    if (len > JBK_REJECT_BYTES) len = JBK_REJECT_BYTES;
    char *text = jbk_alloc(BASE64_ENCODE_RAW_LENGTH(len));
    base64_encode_raw(text, len, (const uint8_t *)s);
    json_object_set_new(o, "bytes", json_stringn(text, BASE64_ENCODE_RAW_LENGTH(len)));
    json_object_set_new(o, "encoding", json_string("base64"));
    free(text);
}

static json_t *repaired(const char *s) {
    jbk_buf b = {0};
    jbk_utf8_repair(s, strlen(s), &b);
    json_t *v = json_stringn(b.data ? b.data : "", b.len);
    jbk_buf_free(&b);
    return v;
}

jbk_status jbk_rejects_write(jbk_rejects *r, const jbk_reject *reject, const jbk_items *items,
                             jbk_err *err) {
    jbk_status status = r->file ? JBK_OK : open_file(r, err);
    if (status) return status;
    const jbk_item *l = &items->items.at[reject->item];
    const char *s = items->bytes.data + l->start;
    char hex[JBK_SHA256_HEX];
    if (!l->cut) jbk_sha256_hex(s, l->len, hex);
    json_t *o = json_object();
    json_object_set_new(o, "file", json_string(items->sources.at[l->source]->name));
    json_object_set_new(o, l->line ? "line" : "offset",
                        json_integer((json_int_t)(l->line ? l->line : l->offset)));
    json_object_set_new(o, "code", json_string(jbk_reject_names[reject->code]));
    json_object_set_new(o, "reason", repaired(reject->reason));
    set_bytes(o, s, l->len);
    json_object_set_new(o, "length", json_integer((json_int_t)(l->cut ? l->whole_len : l->len)));
    json_object_set_new(o, "sha256", json_string(l->cut ? l->sha256 : hex));
    bool bad = json_dumpf(o, r->file, JSON_COMPACT) || fputc('\n', r->file) == EOF;
    json_decref(o);
    return bad ? jbk_fail_sys(err, errno, "fwrite", "cannot write the rejects to %s", r->path)
               : JBK_OK;
}
