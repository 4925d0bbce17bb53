/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
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

static jbk_status put_bytes(jbk_writer *w, const char *s, size_t len, jbk_err *err) {
    if (w->digest) jbk_sha256_add(w->digest, s, len);
    size_t n = len ? fwrite(s, 1, len, w->file) : 0;
    w->bytes += n;
    return n == len ? JBK_OK : cannot_write(w, err);
}

jbk_status jbk_writer_put(jbk_writer *w, jbk_buf *b, jbk_err *err) {
    jbk_status status = put_bytes(w, b->data, b->len, err);
    b->len = 0;
    return status;
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

jbk_status jbk_writer_read_back(jbk_writer *w, jbk_err *err) {
    char bytes[1 << 16];
    FILE *f = fopen(w->part, "re");
    if (!f) return jbk_fail_sys(err, errno, "fopen", "cannot read %s", w->part);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;) {
        if (w->digest) jbk_sha256_add(w->digest, bytes, n);
        w->bytes += n;
    }
    jbk_status status =
        ferror(f) ? jbk_fail_sys(err, errno, "fread", "cannot read %s", w->part) : JBK_OK;
    fclose(f);
    return status;
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
    jbk_workbook_free(job->workbook);
}

static const jbk_format *const FORMATS[] = {&jbk_format_text, &jbk_format_json, &jbk_format_jsonl,
                                            &jbk_format_csv,  &jbk_format_tsv,  &jbk_format_xlsx,
                                            &jbk_format_ids};
enum { NFORMATS = sizeof FORMATS / sizeof *FORMATS };

const jbk_format *jbk_format_find(const char *name) {
    for (size_t i = 0; i < NFORMATS; i++)
        if (!strcmp(FORMATS[i]->name, name)) return FORMATS[i];
    return NULL;
}

bool jbk_format_is_known(const char *name) { return jbk_format_find(name) != NULL; }

jbk_status jbk_format_by_name(const char **format, const char *path, bool (*has)(const char *),
                              const char *usual, jbk_err *err) {
    static const char *const OTHERS[] = {"xls", "ods", "pdf", "docx", "gz",
                                         "zst", "xz",  "bz2", "zip",  "7z"};
    const char *slash = path ? strrchr(path, '/') : NULL, *name = slash ? slash + 1 : path;
    const char *dot = name ? strrchr(name, '.') : NULL;
    if (*format) return JBK_OK;
    bool cannot = false;
    for (size_t i = 0; dot && i < sizeof OTHERS / sizeof *OTHERS; i++)
        cannot |= !strcasecmp(dot + 1, OTHERS[i]);
    const jbk_format *known = NULL;
    for (size_t i = 0; dot && i < NFORMATS; i++)
        if (!strcasecmp(dot + 1, FORMATS[i]->name)) known = FORMATS[i];
    if (cannot || (known && !has(known->name)))
        return jbk_fail(err, JBK_USAGE, "args",
                        "%s: this command does not write %s; --format says what to write there",
                        path, dot);
    *format = known ? known->name : usual;
    return JBK_OK;
}

void jbk_note_more(uint64_t more, const char *what) {
    if (more)
        fprintf(stderr, "jibek: %llu more %s; -n 0 shows all\n", (unsigned long long)more, what);
}

void jbk_note_excel(const jbk_report_job *job, const char *format) {
    bool xlsx = !strcmp(format, "xlsx");
    if (job->long_cells)
        fprintf(stderr, "jibek: %llu cell%s longer than the %d characters of Excel: %s\n",
                (unsigned long long)job->long_cells, job->long_cells == 1 ? " is" : "s are",
                JBK_EXCEL_CHARACTERS,
                xlsx ? "they go on in the sheet \"long cells\"" : "it will spill or cut them");
    if ((xlsx || job->excel) && job->rows >= JBK_EXCEL_ROWS)
        fprintf(stderr, "jibek: a sheet of Excel has %d rows: %s\n", JBK_EXCEL_ROWS,
                xlsx ? "the others are in the next sheets" : "it will not show the others");
}

bool jbk_colour_wanted(const char *path) {
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
    return !path && isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* --- rows --- */

/* Rows of a sorted list come from all over the volumes, and each would cost a block to unpack.  So
 * many at a time are made in the order of their numbers, where neighbours share a block, and
 * written in the order that was asked for. */
enum { WRITE_AT_ONCE = 1 << 16, HELD_BYTES = 32 << 20, HELD_ROWS = 1 << 16, HELD_FIRST = 1024 };

typedef struct {
    uint32_t doc;
    uint64_t row;
    size_t start, len; /* of what it became, in job->line */
} made_row;

static int by_number(const void *x, const void *y) {
    const made_row *a = x, *b = y;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

static int by_row(const void *x, const void *y) {
    const made_row *a = x, *b = y;
    return a->row < b->row ? -1 : a->row > b->row;
}

static jbk_status make_row(jbk_report_job *job, const jbk_format *format, uint32_t doc,
                           jbk_hit *hit, jbk_err *err) {
    jbk_status status = jbk_hit_load(job->index, doc, hit, err);
    if (!status && job->pick->options.collapse)
        status = jbk_pick_copies(job->index, job->pick, hit->doc, &hit->copies, err);
    return status ? status : format->row(job, hit, err);
}

static jbk_status put_rows(jbk_report_job *job, const jbk_format *format, const jbk_docs *docs,
                           jbk_hit *hit, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < docs->n && !status; i++, job->rows++) {
        status = make_row(job, format, docs->at[i], hit, err);
        if (!status && job->line.len >= WRITE_AT_ONCE)
            status = jbk_writer_put(&job->writer, &job->line, err);
    }
    return status;
}

/* Make `n` rows of job->rows on, and write them. */
static jbk_status put_held(jbk_report_job *job, const jbk_format *format, const uint32_t *docs,
                           made_row *rows, size_t n, jbk_hit *hit, jbk_err *err) {
    uint64_t first = job->rows;
    jbk_status status = jbk_writer_put(&job->writer, &job->line, err);
    for (size_t i = 0; i < n; i++) rows[i] = (made_row){.doc = docs[i], .row = first + i};
    qsort(rows, n, sizeof *rows, by_number);
    for (size_t i = 0; i < n && !status; i++) {
        job->rows = rows[i].row;
        rows[i].start = job->line.len;
        status = make_row(job, format, rows[i].doc, hit, err);
        rows[i].len = job->line.len - rows[i].start;
    }
    qsort(rows, n, sizeof *rows, by_row);
    for (size_t i = 0; i < n && !status; i++)
        status = put_bytes(&job->writer, job->line.data + rows[i].start, rows[i].len, err);
    job->line.len = 0;
    job->rows = first + n;
    return status;
}

static jbk_status put_sorted(jbk_report_job *job, const jbk_format *format, const jbk_docs *docs,
                             jbk_hit *hit, jbk_err *err) {
    made_row *rows = jbk_alloc((docs->n < HELD_ROWS ? docs->n : HELD_ROWS) * sizeof *rows);
    jbk_status status = JBK_OK;
    size_t n = HELD_FIRST;
    for (size_t i = 0; i < docs->n && !status; i += n) {
        uint64_t before = job->writer.bytes;
        if (i) n = HELD_BYTES / (size_t)(before / i + 1);
        n = n < 1 ? 1 : n > HELD_ROWS ? HELD_ROWS : n;
        if (n > docs->n - i) n = docs->n - i;
        status = put_held(job, format, docs->at + i, rows, n, hit, err);
    }
    free(rows);
    return status;
}

static bool ascend(const jbk_docs *docs) {
    for (size_t i = 1; i < docs->n; i++)
        if (docs->at[i] < docs->at[i - 1]) return false;
    return true;
}

jbk_status jbk_report_run(jbk_report_job *job, const jbk_format *format, const jbk_docs *docs,
                          jbk_err *err) {
    jbk_hit hit = {0};
    jbk_status status = format->begin(job, err);
    if (!status)
        status = format->in_order || ascend(docs) ? put_rows(job, format, docs, &hit, err)
                                                  : put_sorted(job, format, docs, &hit, err);
    if (!status) status = format->end(job, err);
    if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    jbk_hit_free(&hit);
    return status;
}
