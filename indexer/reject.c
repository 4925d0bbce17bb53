/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reject.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/utf8.h"

#include <errno.h>
#include <jansson.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const jbk_reject_names[JBK_REJ_CODES] = {
    "",         "json_syntax",    "not_object", "empty_record", "bad_date",   "bad_count",
    "bad_type", "too_long",       "unreadable", "unnamed",      "bad_status", "csv_syntax",
    "cells",    "unknown_format", "html",       "warc_syntax",  "cut_short",  "digest",
    "http_body"};

struct jbk_rejects {
    char *path;
    const char *name; /* in the index: empty for its own */
    uint64_t keep;    /* bytes that the file keeps */
    bool kept;        /* these are all that earlier runs rejected */
    bool known, done; /* the index has a row for it, and the run before came to its end */
    FILE *file;       /* NULL until it is needed */
};

/* The row in the index: length of the file, whether the run came to its end, name. */
enum { ROW_HEAD = 9 };

static jbk_status open_file(jbk_rejects *r, jbk_err *err) {
    struct stat st;
    r->file = fopen(r->path, "ae");
    bool good = r->file && !fstat(fileno(r->file), &st);
    if (good && S_ISREG(st.st_mode) && (uint64_t)st.st_size > r->keep)
        good = !ftruncate(fileno(r->file), (off_t)r->keep);
    return good ? JBK_OK
                : jbk_fail_sys(err, errno, "fopen", "cannot write the rejects to %s", r->path);
}

static void read_row(jbk_rejects *r, bool own, const char *row, size_t len) {
    size_t n = strlen(r->name);
    r->known = row && len == ROW_HEAD + n && !memcmp(row + ROW_HEAD, r->name, n);
    r->done = r->known && row[8];
    r->kept = own || (r->known && !r->done);
    /* Without a row nothing was ever committed; a row of another file knows nothing of this. */
    r->keep = r->kept && r->known ? jbk_load_u64(row) : own && row ? UINT64_MAX : 0;
}

jbk_status jbk_rejects_new(const char *path, bool own, jbk_view *view, jbk_rejects **out,
                           jbk_err *err) {
    const char *row;
    size_t len;
    jbk_rejects *r = jbk_calloc(1, sizeof *r);
    r->path = jbk_strndup(path, strlen(path));
    r->name = own ? "" : r->path;
    *out = r;
    jbk_status status = jbk_view_meta(view, JBK_META_REJECTS, &row, &len, err);
    if (status) return status;
    read_row(r, own, row, len);
    return own && access(path, F_OK) ? JBK_OK : open_file(r, err);
}

bool jbk_rejects_kept(const jbk_rejects *r) { return r->kept; }

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

bool jbk_rejects_changed(const jbk_rejects *r, bool done) {
    return r->file && (!r->known || r->done != done || (uint64_t)ftello(r->file) != r->keep);
}

jbk_status jbk_rejects_put(jbk_rejects *r, bool done, jbk_commit *c, jbk_err *err) {
    jbk_buf row = {0};
    if (!r->file) return JBK_OK;
    off_t length = ftello(r->file);
    jbk_put_u64(&row, length < 0 ? 0 : (uint64_t)length);
    jbk_buf_byte(&row, done);
    jbk_buf_str(&row, r->name);
    jbk_status status = jbk_commit_meta(c, JBK_META_REJECTS, row.data, row.len, err);
    if (!status) {
        r->known = true;
        r->done = done;
        r->keep = jbk_load_u64(row.data);
    }
    jbk_buf_free(&row);
    return status;
}

jbk_status jbk_rejects_save(jbk_rejects *r, bool done, jbk_store *store, jbk_err *err) {
    jbk_commit *c = NULL;
    if (!jbk_rejects_changed(r, done)) return JBK_OK;
    jbk_status status = jbk_commit_begin(store, &c, err);
    if (status) return status;
    jbk_commit_quiet(c);
    status = jbk_rejects_put(r, done, c, err);
    if (!status) return jbk_commit_end(c, err);
    jbk_commit_abort(c);
    return status;
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
