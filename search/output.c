/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

jbk_status jbk_writer_open(jbk_writer *w, const char *path, bool digest, jbk_err *err) {
    *w = (jbk_writer){.file = stdout};
    if (path && strcmp(path, "-") != 0) {
        w->path = jbk_strndup(path, strlen(path));
        struct stat st;
        bool device = !stat(path, &st) && !S_ISREG(st.st_mode); /* not to be renamed over */
        if (!device) w->part = jbk_printf("%s.part", path);
        w->file = fopen(device ? path : w->part, "we");
        if (!w->file) {
            jbk_status status = jbk_fail_sys(err, errno, "fopen", "cannot write %s", path);
            jbk_writer_abandon(w);
            return status;
        }
    }
    if (digest) w->digest = jbk_sha256_new();
    return JBK_OK;
}

static jbk_status cannot_write(const jbk_writer *w, jbk_err *err) {
    if (errno == EPIPE && !w->path) return jbk_fail(err, JBK_INTERRUPTED, "write", "broken pipe");
    return jbk_fail_sys(err, errno, "write", "cannot write %s", w->path ? w->path : "the output");
}

jbk_status jbk_writer_put(jbk_writer *w, jbk_buf *b, jbk_err *err) {
    if (w->digest) jbk_sha256_add(w->digest, b->data, b->len);
    size_t n = b->len ? fwrite(b->data, 1, b->len, w->file) : 0;
    w->bytes += n;
    bool good = n == b->len;
    b->len = 0;
    return good ? JBK_OK : cannot_write(w, err);
}

jbk_status jbk_writer_close(jbk_writer *w, char hex[JBK_SHA256_HEX], jbk_err *err) {
    jbk_status status = fflush(w->file) ? cannot_write(w, err) : JBK_OK;
    if (w->path && !status) {
        if (fsync(fileno(w->file)) && errno != EINVAL && errno != EROFS)
            status = cannot_write(w, err);
        if (!status && w->part && rename(w->part, w->path)) status = cannot_write(w, err);
    }
    if (w->digest) jbk_sha256_end(w->digest, hex);
    w->digest = NULL;
    if (status) {
        jbk_writer_abandon(w);
        return status;
    }
    if (w->path) fclose(w->file);
    free(w->path);
    free(w->part);
    *w = (jbk_writer){0};
    return JBK_OK;
}

void jbk_writer_abandon(jbk_writer *w) {
    if (w->file && w->path) fclose(w->file);
    if (w->part) unlink(w->part);
    free(w->digest);
    free(w->path);
    free(w->part);
    *w = (jbk_writer){0};
}

jbk_status jbk_writer_end(jbk_writer *w, jbk_status status, char hex[JBK_SHA256_HEX],
                          jbk_err *err) {
    if (!status) return jbk_writer_close(w, hex, err);
    jbk_writer_abandon(w);
    return status;
}

void jbk_report_job_free(jbk_report_job *job) {
    jbk_vec_free(&job->strings);
    jbk_vec_free(&job->columns);
    jbk_buf_free(&job->line);
    jbk_buf_free(&job->cell);
}

const jbk_format *jbk_format_find(const char *name) {
    static const jbk_format *const ALL[] = {&jbk_format_text, &jbk_format_json, &jbk_format_jsonl,
                                            &jbk_format_csv,  &jbk_format_tsv,  &jbk_format_ids};
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (!strcmp(ALL[i]->name, name)) return ALL[i];
    return NULL;
}

bool jbk_colour_wanted(const char *path) {
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return !path && isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

enum { WRITE_AT_ONCE = 1 << 16 };

jbk_status jbk_report_run(jbk_report_job *job, const jbk_format *format, const jbk_docs *docs,
                          jbk_err *err) {
    jbk_hit hit = {0};
    jbk_status status = format->begin(job, err);
    for (size_t i = 0; i < docs->n && !status; i++) {
        status = jbk_hit_load(job->index, docs->at[i], &hit, err);
        if (!status && job->pick->options.collapse)
            status = jbk_pick_copies(job->index, job->pick, hit.doc, &hit.copies, err);
        if (!status) status = format->row(job, &hit, err);
        if (!status && job->line.len >= WRITE_AT_ONCE)
            status = jbk_writer_put(&job->writer, &job->line, err);
        job->rows++;
    }
    if (!status) status = format->end(job, err);
    if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    jbk_hit_free(&hit);
    return status;
}
