/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include "base/utf8.h"
#include "maps.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct {
    char *path;
    bool named; /* on the command line; else found in a folder */
} file;

struct jbk_input {
    const jbk_input_format *asked; /* NULL: recognise */
    JBK_VEC(file) files;
    size_t at; /* the one being read */
    jbk_feed *feed;
    const jbk_input_format *format; /* of the member being read; NULL: none is */
    void *state;
    jbk_source source; /* of the member being read */
    jbk_arena arena;   /* of `source` */
    size_t skipped;
    uint64_t bytes; /* of the files before this one */
    jbk_buf notes;
    bool want_text;
};

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

/* SQLite's own files, which are read with the database that they lie beside. */
static bool is_beside_database(const char *path) {
    return jbk_name_ends(path, "-wal") || jbk_name_ends(path, "-shm") ||
           jbk_name_ends(path, "-journal");
}

static jbk_status add_path(jbk_input *in, const char *path, bool named, jbk_err *err) {
    struct stat st;
    if (strcmp(path, "-") != 0) {
        /* Links inside folders are not followed: they may lead in circles. */
        if (named ? stat(path, &st) : lstat(path, &st))
            return jbk_fail_sys(err, errno, "stat", "cannot open %s", path);
        if (S_ISDIR(st.st_mode)) return add_folder(in, path, err);
        if (!named && is_beside_database(path)) return JBK_OK;
        if (!named && !S_ISREG(st.st_mode)) {
            in->skipped++;
            return JBK_OK;
        }
    }
    jbk_vec_push(&in->files, ((file){jbk_strndup(path, strlen(path)), named}));
    return JBK_OK;
}

jbk_status jbk_input_open(char *const *paths, size_t n, const jbk_input_format *format,
                          jbk_input **out, jbk_err *err) {
    *out = NULL;
    jbk_input *in = jbk_calloc(1, sizeof *in);
    in->asked = format;
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
    jbk_buf_free(&in->notes);
    free(in);
}

size_t jbk_input_files(const jbk_input *in) { return in->files.n; }
size_t jbk_input_skipped(const jbk_input *in) { return in->skipped; }
const char *jbk_input_notes(jbk_input *in) { return jbk_buf_cstr(&in->notes); }

uint64_t jbk_input_bytes(const jbk_input *in) {
    return in->bytes + (in->feed ? jbk_feed_bytes(in->feed) : 0);
}

/* Tell of a member that cannot be read, or not on from here. */
static void refuse_member(jbk_input *in, jbk_items *out, jbk_reject_code code, const char *why) {
    jbk_items_begin(out, JBK_ITEM_BAD, 0, jbk_feed_offset(in->feed));
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

/* In a folder there may be anything; what was given by name is missed. */
static void pass_over(jbk_input *in, jbk_items *out, const char *why) {
    if (!in->files.at[in->at].named) {
        in->skipped++;
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
    const char *head = jbk_feed_head(in->feed, &len);
    const jbk_input_format *format = in->asked;
    if (!format) format = jbk_input_format_detect(head, len, in->source.name);
    if (format && len) {
        in->format = format;
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

/* Go to the next member of this file, or to the next file; false when there is none. */
static bool next_member(jbk_input *in, jbk_items *out) {
    while (in->at < in->files.n) {
        if (!in->feed) in->feed = jbk_feed_new(in->files.at[in->at].path);
        if (jbk_feed_next(in->feed)) {
            begin_member(in, out);
            return true;
        }
        in->bytes += jbk_feed_bytes(in->feed);
        jbk_feed_free(in->feed);
        in->feed = NULL;
        in->at++;
    }
    return false;
}

bool jbk_input_next(jbk_input *in, jbk_items *out) {
    jbk_items_clear(out);
    if (in->format) jbk_items_source(out, &in->source);
    while (out->bytes.len < JBK_BATCH_BYTES && out->items.n < JBK_BATCH_ITEMS) {
        if (!in->format) {
            if (!next_member(in, out)) break;
            continue;
        }
        if (in->format->next(in->state, in->feed, out)) continue;
        const char *problem = jbk_feed_problem(in->feed);
        if (problem) refuse_member(in, out, JBK_REJ_UNREADABLE, problem);
        end_member(in);
    }
    return out->items.n > 0;
}
