/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include "base/hash.h"
#include "store/store.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct jbk_input {
    JBK_VEC(char *) files;
    size_t skipped;
    uint32_t file; /* the one being read */
    struct archive *archive;
    const char *block; /* what libarchive gave last, and what is left of it */
    size_t left;
    uint64_t offset, line, bytes;
    /* A line too long to keep. */
    jbk_sha256 *digest;
    uint64_t long_len;
};

static bool looks_like_lines(const char *name) {
    static const char *const ENDINGS[] = {".jsonl",    ".ndjson",    ".jsonl.gz",  ".jsonl.zst",
                                          ".jsonl.xz", ".jsonl.bz2", ".ndjson.gz", ".ndjson.zst"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        size_t n = strlen(ENDINGS[i]);
        if (len > n && !strcmp(name + len - n, ENDINGS[i])) return true;
    }
    return false;
}

static jbk_status add_path(jbk_input *in, const char *path, bool named, jbk_err *err);

static jbk_status add_folder(jbk_input *in, const char *path, jbk_err *err) {
    struct dirent **names;
    if (jbk_store_is_index(path)) return JBK_OK; /* it holds rejects, and is no input */
    int n = scandir(path, &names, NULL, alphasort);
    if (n < 0) return jbk_fail_sys(err, errno, "scandir", "cannot read the folder %s", path);
    jbk_status status = JBK_OK;
    for (int i = 0; i < n; i++) {
        if (!status && names[i]->d_name[0] != '.') {
            char *child = jbk_printf("%s/%s", path, names[i]->d_name);
            status = add_path(in, child, false, err);
            free(child);
        }
        free(names[i]);
    }
    free(names);
    return status;
}

static jbk_status add_path(jbk_input *in, const char *path, bool named, jbk_err *err) {
    struct stat st;
    if (strcmp(path, "-") != 0) {
        /* Links inside folders are not followed: they may lead in circles. */
        if (named ? stat(path, &st) : lstat(path, &st))
            return jbk_fail_sys(err, errno, "stat", "cannot open %s", path);
        if (S_ISDIR(st.st_mode)) return add_folder(in, path, err);
        if (!named && (!S_ISREG(st.st_mode) || !looks_like_lines(path))) {
            in->skipped++;
            return JBK_OK;
        }
    }
    jbk_vec_push(&in->files, jbk_strndup(path, strlen(path)));
    return JBK_OK;
}

jbk_status jbk_input_open(char *const *paths, size_t n, jbk_input **out, jbk_err *err) {
    *out = NULL;
    jbk_input *in = jbk_calloc(1, sizeof *in);
    for (size_t i = 0; i < n; i++) {
        jbk_status status = add_path(in, paths[i], true, err);
        if (status) {
            jbk_input_close(in);
            return status;
        }
    }
    *out = in;
    return JBK_OK;
}

void jbk_input_close(jbk_input *in) {
    if (!in) return;
    for (size_t i = 0; i < in->files.n; i++) free(in->files.at[i]);
    jbk_vec_free(&in->files);
    archive_read_free(in->archive);
    free(in);
}

size_t jbk_input_files(const jbk_input *in) { return in->files.n; }
const char *jbk_input_name(const jbk_input *in, uint32_t file) { return in->files.at[file]; }
size_t jbk_input_skipped(const jbk_input *in) { return in->skipped; }
uint64_t jbk_input_bytes(const jbk_input *in) { return in->bytes; }

static void end_file(jbk_input *in) {
    archive_read_free(in->archive);
    in->archive = NULL;
    in->file++;
    in->left = 0;
    in->offset = in->line = 0;
}

static void add_problem(jbk_input *in, jbk_lines *out) {
    const char *why = archive_error_string(in->archive);
    jbk_line l = {.start = out->bytes.len,
                  .number = in->line + 1,
                  .offset = in->offset,
                  .file = in->file,
                  .problem = jbk_arena_dup(&out->arena, why ? why : "unreadable",
                                           strlen(why ? why : "unreadable"))};
    jbk_vec_push(&out->lines, l);
}

/* Open the next file; false when there is none.  One that cannot be opened is a reject. */
static bool next_file(jbk_input *in, jbk_lines *out) {
    while (in->file < in->files.n) {
        const char *path = in->files.at[in->file];
        struct archive_entry *entry;
        in->archive = archive_read_new();
        archive_read_support_filter_all(in->archive);
        archive_read_support_format_raw(in->archive);
        archive_read_support_format_empty(in->archive);
        int rc = archive_read_open_filename(in->archive, strcmp(path, "-") ? path : NULL, 1 << 18);
        if (!rc) rc = archive_read_next_header(in->archive, &entry);
        if (!rc) return true;
        if (rc != ARCHIVE_EOF) add_problem(in, out);
        end_file(in);
    }
    return false;
}

/* More bytes of this file into in->block; false at its end. */
static bool next_block(jbk_input *in, jbk_lines *out) {
    const void *block;
    size_t len;
    la_int64_t at;
    int rc = archive_read_data_block(in->archive, &block, &len, &at);
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN) {
        in->block = block;
        in->left = len;
        in->bytes += len;
        return true;
    }
    if (rc != ARCHIVE_EOF) add_problem(in, out);
    return false;
}

static bool is_blank(const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r') return false;
    return true;
}

/* The line that grows at the end of out->bytes is whole, or the file ends. */
static void end_line(jbk_input *in, jbk_lines *out, size_t start, uint64_t offset) {
    jbk_line l = {.start = start,
                  .len = out->bytes.len - start,
                  .number = ++in->line,
                  .offset = offset,
                  .file = in->file};
    if (in->digest) {
        char hex[JBK_SHA256_HEX];
        jbk_sha256_end(in->digest, hex);
        in->digest = NULL;
        l.cut = true;
        l.whole_len = in->long_len;
        l.sha256 = jbk_arena_dup(&out->arena, hex, sizeof hex - 1);
    } else if (is_blank(out->bytes.data + start, l.len)) {
        out->bytes.len = start;
        return;
    }
    jbk_vec_push(&out->lines, l);
}

/* Add part of a line; past the limit only its digest goes on. */
static void add_part(jbk_input *in, jbk_lines *out, size_t start, const char *s, size_t len) {
    if (!in->digest && out->bytes.len - start + len > JBK_LINE_MAX) {
        in->digest = jbk_sha256_new();
        in->long_len = out->bytes.len - start;
        jbk_sha256_add(in->digest, out->bytes.data + start, out->bytes.len - start);
        size_t keep = out->bytes.len - start;
        if (keep > JBK_REJECT_BYTES) keep = JBK_REJECT_BYTES;
        out->bytes.len = start + keep;
    }
    if (in->digest) {
        jbk_sha256_add(in->digest, s, len);
        in->long_len += len;
    } else {
        jbk_buf_add(&out->bytes, s, len);
    }
}

bool jbk_input_next(jbk_input *in, jbk_lines *out) {
    out->bytes.len = 0;
    out->lines.n = 0;
    jbk_arena_free(&out->arena);
    while (out->bytes.len < JBK_BATCH_BYTES && out->lines.n < JBK_BATCH_LINES) {
        if (!in->archive && !next_file(in, out)) break;
        size_t start = out->bytes.len;
        uint64_t offset = in->offset;
        bool whole = false, more = true;
        while (!whole && (in->left || (more = next_block(in, out)))) {
            const char *nl = memchr(in->block, '\n', in->left);
            size_t n = nl ? (size_t)(nl - in->block) : in->left;
            add_part(in, out, start, in->block, n);
            whole = nl != NULL;
            n += whole;
            in->block += n;
            in->left -= n;
            in->offset += n;
        }
        if (whole || out->bytes.len > start || in->digest) end_line(in, out, start, offset);
        if (!more) end_file(in);
    }
    return out->lines.n > 0;
}

void jbk_lines_free(jbk_lines *l) {
    jbk_buf_free(&l->bytes);
    jbk_vec_free(&l->lines);
    jbk_arena_free(&l->arena);
}
