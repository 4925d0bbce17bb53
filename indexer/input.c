/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include "base/safe.h"
#include "base/utf8.h"
#include "maps.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct {
    char *path;
    bool named;         /* on the command line; else found in a folder */
    uint64_t leave_out; /* items */
    uint64_t size;      /* bytes, 0 where it is no regular file */
} file;

struct jbk_input {
    const jbk_input_format *asked; /* NULL: recognise */
    JBK_VEC(file) files;
    size_t at;       /* the one being read */
    uint64_t cut;    /* items of it so far */
    bool appendable; /* it is plain, of one member, of such a format */
    bool met;        /* there is something in it */
    jbk_feed *feed;
    const jbk_input_format *format; /* of the member being read; NULL: none is */
    void *state;
    jbk_source source; /* of the member being read */
    jbk_arena arena;   /* of `source` */
    jbk_batch_size batch;
    size_t skipped, links;
    jbk_buf skipped_names;
    uint64_t bytes;    /* of the files before this one, unpacked */
    uint64_t position; /* and as they are */
    uint64_t bad;      /* and places in them that could not be converted */
    JBK_VEC(jbk_input_encoding) encodings;
    jbk_buf notes;
    bool want_text;
};

static jbk_status add_path(jbk_input *in, const char *path, bool named, jbk_err *err);

/* Leave out what is no input; the first names are told. */
static void skip(jbk_input *in, const char *name) {
    enum { NAMES = 4 };
    if (in->skipped++ < NAMES)
        jbk_buf_printf(&in->skipped_names, "%s%s", in->skipped > 1 ? ", " : "", name);
    else if (in->skipped == NAMES + 1)
        jbk_buf_str(&in->skipped_names, ", ...");
}

static void say_index(const char *path) {
    jbk_buf safe = {0};
    jbk_safe_add(&safe, path, strlen(path));
    fprintf(stderr, "jibek: %s is an index; files in it are not read\n", jbk_buf_cstr(&safe));
    jbk_buf_free(&safe);
}

static jbk_status add_folder(jbk_input *in, const char *path, jbk_err *err) {
    struct dirent **names;
    if (jbk_store_is_index(path)) { /* it holds rejects, and is no input */
        say_index(path);
        return JBK_OK;
    }
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

/* SQLite's own files, which are read with the database that they lie beside. */
static bool is_beside_database(const char *path) {
    return jbk_name_ends(path, "-wal") || jbk_name_ends(path, "-shm") ||
           jbk_name_ends(path, "-journal");
}

/* Links inside folders that lead to folders are not followed: they may go in circles. */
static bool is_lost_link(const char *path, struct stat *st) {
    return S_ISLNK(st->st_mode) && (stat(path, st) || !S_ISREG(st->st_mode));
}

static jbk_status add_path(jbk_input *in, const char *path, bool named, jbk_err *err) {
    struct stat st = {0};
    if (strcmp(path, "-") != 0) {
        if (named ? stat(path, &st) : lstat(path, &st))
            return jbk_fail_sys(err, errno, "stat", "cannot open %s", path);
        if (is_lost_link(path, &st)) {
            in->links++;
            return JBK_OK;
        }
        if (S_ISDIR(st.st_mode)) return add_folder(in, path, err);
        if (!named && is_beside_database(path)) return JBK_OK;
        if (!named && !S_ISREG(st.st_mode)) {
            skip(in, path);
            return JBK_OK;
        }
    }
    jbk_vec_push(&in->files, ((file){.path = jbk_strndup(path, strlen(path)),
                                     .named = named,
                                     .size = (uint64_t)st.st_size}));
    return JBK_OK;
}

jbk_status jbk_input_open(char *const *paths, size_t n, const jbk_input_format *format,
                          jbk_input **out, jbk_err *err) {
    *out = NULL;
    jbk_input *in = jbk_calloc(1, sizeof *in);
    in->asked = format;
    in->batch = (jbk_batch_size){4 << 20, 20000, JBK_ITEM_MAX, 0};
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

void jbk_input_want_text(jbk_input *in) { in->want_text = !in->asked; }

static void end_member(jbk_input *in) {
    if (in->format) in->format->close(in->state);
    in->format = NULL;
    jbk_arena_free(&in->arena);
}

void jbk_input_close(jbk_input *in) {
    if (!in) return;
    end_member(in);
    jbk_feed_free(in->feed);
    for (size_t i = 0; i < in->files.n; i++) free(in->files.at[i].path);
    jbk_vec_free(&in->files);
    jbk_vec_free(&in->encodings);
    jbk_buf_free(&in->notes);
    jbk_buf_free(&in->skipped_names);
    free(in);
}

void jbk_input_set_batch(jbk_input *in, jbk_batch_size size) { in->batch = size; }

size_t jbk_input_files(const jbk_input *in) { return in->files.n; }
const char *jbk_input_path(const jbk_input *in, size_t i) { return in->files.at[i].path; }

void jbk_input_leave_out(jbk_input *in, size_t i, uint64_t items) {
    in->files.at[i].leave_out = items;
}

const char *jbk_input_skipped(jbk_input *in, size_t *n, size_t *links) {
    *n = in->skipped;
    *links = in->links;
    return jbk_buf_cstr(&in->skipped_names);
}

const char *jbk_input_notes(jbk_input *in) { return jbk_buf_cstr(&in->notes); }

uint64_t jbk_input_bytes(const jbk_input *in) {
    return in->bytes + (in->feed ? jbk_feed_bytes(in->feed) : 0);
}

uint64_t jbk_input_position(const jbk_input *in) {
    return in->position + (in->feed ? jbk_feed_position(in->feed) : 0);
}

uint64_t jbk_input_size(const jbk_input *in) {
    uint64_t size = 0;
    for (size_t i = 0; i < in->files.n; i++)
        if (in->files.at[i].leave_out != JBK_ALL_ITEMS) size += in->files.at[i].size;
    return size;
}

/* Tell of a member that cannot be read, or not on from here: what is left of it is the reject. */
static void refuse_member(jbk_input *in, jbk_items *out, jbk_reject_code code, const char *why) {
    size_t len;
    jbk_items_begin(out, JBK_ITEM_BAD, 0, jbk_feed_offset(in->feed));
    for (const char *s; (s = jbk_feed_peek(in->feed, &len)); jbk_feed_take(in->feed, len))
        jbk_items_add(out, s, len);
    jbk_items_refuse(out, code, why);
}

static void begin_source(jbk_input *in) {
    const char *name = jbk_feed_name(in->feed);
    jbk_buf b = {0};
    jbk_utf8_repair(name, strlen(name), &b);
    in->source = (jbk_source){.name = jbk_arena_dup(&in->arena, b.data, b.len),
                              .file = (uint32_t)in->at,
                              .notes = &in->notes,
                              .want_text = in->want_text};
    jbk_buf_free(&b);
}

static void mark(jbk_input *in, jbk_items *out, bool whole) {
    jbk_mark m = {(uint32_t)in->at, in->cut, whole, in->appendable};
    if (whole || in->cut) jbk_vec_push(&out->marks, m);
}

/* Items from number `from` of the batch on are new; those to be left out go again. */
static void count_items(jbk_input *in, jbk_items *out, size_t from) {
    uint64_t had = in->cut, leave_out = in->files.at[in->at].leave_out;
    size_t n = out->items.n - from;
    in->cut += n;
    size_t gone = had >= leave_out ? 0 : leave_out - had < n ? (size_t)(leave_out - had) : n;
    if (!gone) return;
    if (gone == n) out->bytes.len = out->items.at[from].start;
    memmove(out->items.at + from, out->items.at + from + gone, (n - gone) * sizeof *out->items.at);
    out->items.n -= gone;
}

uint64_t jbk_input_bad(const jbk_input *in) {
    return in->bad + (in->feed ? jbk_feed_bad(in->feed) : 0);
}

const jbk_input_encoding *jbk_input_encodings(const jbk_input *in, size_t *n) {
    *n = in->encodings.n;
    return in->encodings.at;
}

static void count_encoding(jbk_input *in, const jbk_encoding *e) {
    const char *name = jbk_encoding_name(e);
    for (size_t i = 0; i < in->encodings.n; i++) {
        if (strcmp(in->encodings.at[i].name, name) != 0) continue;
        in->encodings.at[i].members++;
        return;
    }
    jbk_vec_push(&in->encodings, ((jbk_input_encoding){name, 1}));
}

static const jbk_input_format *detect_in(const jbk_encoding *e, const char *head, size_t len,
                                         const char *name) {
    jbk_buf b = {0};
    (void)jbk_encoding_convert(e, head, len, &b);
    const jbk_input_format *format = jbk_input_format_detect(b.data, b.len, name);
    jbk_buf_free(&b);
    return format;
}

/* The format of the member, whose head is made UTF-8 where the format wants that.  A table or
 * JSON is taken for UTF-8 with faults unless something else is far more likely. */
static const jbk_input_format *find_format(jbk_input *in) {
    size_t all;
    const char *head = jbk_feed_head(in->feed, &all), *name = in->source.name;
    size_t len = all < JBK_ENCODING_SAMPLE ? all : JBK_ENCODING_SAMPLE; /* tells a format */
    const jbk_input_format *format =
        in->asked ? in->asked : jbk_input_format_detect(head, len, name);
    if (format && format->raw) return format;
    size_t mark;
    bool nuls = memchr(head, '\0', len) && !jbk_encoding_bom(head, len, &mark);
    bool free_text = format && !strcmp(format->name, "text");
    const jbk_encoding *e = nuls ? jbk_encoding_wide(head, len) : NULL;
    if (!e && !format && nuls) return NULL;
    if (!e)
        e = jbk_encoding_detect(head, all, all >= JBK_FEED_HEAD,
                                free_text ? NULL : jbk_utf8_encoding);
    if (e == jbk_utf8_encoding) return format;
    if (!in->asked) format = detect_in(e, head, len, name);
    if (!format) return NULL;
    jbk_feed_decode(in->feed, e);
    count_encoding(in, e);
    return format;
}

/* In a folder there may be anything; what was given by name is missed. */
static void pass_over(jbk_input *in, jbk_items *out, const char *why) {
    if (!in->files.at[in->at].named) {
        skip(in, in->source.name);
        return;
    }
    jbk_items_source(out, &in->source);
    refuse_member(in, out, JBK_REJ_UNKNOWN_FORMAT, why);
}

static bool has_text(const jbk_source *source) {
    bool found = !source->want_text || !source->columns;
    for (size_t i = 0; i < source->ncolumns && !found; i++)
        found = jbk_maps_know_text(source->columns[i], strlen(source->columns[i]));
    return found;
}

/* Find out how to read the member that has come.  Without a format it is passed over. */
static void begin_member(jbk_input *in, jbk_items *out) {
    begin_source(in);
    size_t len;
    (void)jbk_feed_head(in->feed, &len);
    const jbk_input_format *format = len ? find_format(in) : NULL;
    if (format) {
        in->format = format;
        in->appendable = jbk_input_format_appendable(format) && jbk_feed_plain_path(in->feed);
        in->state = format->open(in->feed, &in->source, &in->arena);
        if (has_text(&in->source)) {
            jbk_items_source(out, &in->source);
            return;
        }
        pass_over(in, out,
                  "no column is known as a title or text; --format or --map makes records "
                  "of it, and jibek observe reads observations");
        end_member(in);
        return;
    }
    const char *problem = jbk_feed_problem(in->feed);
    if (problem) {
        jbk_items_source(out, &in->source);
        refuse_member(in, out, JBK_REJ_UNREADABLE, problem);
    } else if (len) { /* an empty file holds nothing, and nothing is lost */
        pass_over(in, out, "its format is not recognised; --format can name it");
    }
    jbk_arena_free(&in->arena);
}

/* An empty file holds nothing, and nothing is lost; but where JSON is due, it is no value. */
static bool json_is_due(const jbk_input *in) {
    return in->asked && !strcmp(in->asked->name, "json");
}

static void miss_json(jbk_input *in, jbk_items *out) {
    begin_source(in);
    jbk_items_source(out, &in->source);
    jbk_items_begin(out, JBK_ITEM_BAD, 1, 0);
    jbk_items_refuse(out, JBK_REJ_JSON_SYNTAX, "no JSON value (column 1)");
    jbk_arena_free(&in->arena);
}

/* Go to the next member of this file, or to the next file; false when there is none. */
static bool next_member(jbk_input *in, jbk_items *out) {
    for (; in->at < in->files.n; in->at++) {
        if (in->files.at[in->at].leave_out == JBK_ALL_ITEMS) continue;
        if (!in->feed) in->feed = jbk_feed_new(in->files.at[in->at].path);
        if (jbk_feed_next(in->feed)) {
            in->met = true;
            begin_member(in, out);
            return true;
        }
        if (!in->met && json_is_due(in)) {
            in->met = true;
            miss_json(in, out);
            return true;
        }
        in->met = false;
        in->bytes += jbk_feed_bytes(in->feed);
        in->position += in->files.at[in->at].size;
        in->bad += jbk_feed_bad(in->feed);
        jbk_feed_free(in->feed);
        in->feed = NULL;
        mark(in, out, true);
        in->cut = 0;
        in->appendable = false;
    }
    return false;
}

/* The part of a full batch that the next one is: half of what is left for a worker. */
static double part_of_batch(const jbk_input *in) {
    static const double SMALLEST = 0.125;
    uint64_t size = jbk_input_size(in), at = jbk_input_position(in);
    if (!in->batch.workers || !at || at > size) return 1;
    double left = (double)(size - at) / (double)at * (double)jbk_input_bytes(in);
    double part = left / (2.0 * in->batch.workers * (double)in->batch.bytes);
    return part > 1 ? 1 : part < SMALLEST ? SMALLEST : part;
}

bool jbk_input_next(jbk_input *in, jbk_items *out) {
    double part = part_of_batch(in);
    size_t bytes = (size_t)(part * (double)in->batch.bytes) + 1,
           items = (size_t)(part * (double)in->batch.items) + 1;
    jbk_items_clear(out);
    out->item_max = in->batch.item_max;
    if (in->format) jbk_items_source(out, &in->source);
    while (out->bytes.len < bytes && out->items.n < items) {
        size_t from = out->items.n;
        if (!in->format) {
            if (!next_member(in, out)) break;
        } else if (!in->format->next(in->state, in->feed, out)) {
            const char *problem = jbk_feed_problem(in->feed);
            if (problem) refuse_member(in, out, JBK_REJ_UNREADABLE, problem);
            end_member(in);
        }
        if (out->items.n > from) count_items(in, out, from);
    }
    if (in->feed) mark(in, out, false);
    return out->items.n > 0 || out->others > 0 || out->marks.n > 0;
}
