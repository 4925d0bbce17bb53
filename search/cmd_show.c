/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record whole: its fields, versions, copies, observations. */
#include "base/args.h"
#include "base/count.h"
#include "base/safe.h"
#include "base/status.h"
#include "base/time.h"
#include "called.h"
#include "filter.h"
#include "hit.h"
#include "search/commands.h"

#include <stdio.h>
#include <stdlib.h>

enum { O_INDEX, O_AS_OF };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, "as-of", "DATE", "status, counts and history as known at the end of that day"},
    {0, NULL, NULL, NULL},
};

static void put_field(jbk_buf *out, const char *name, const char *s, size_t len) {
    jbk_buf_printf(out, "%-13s ", name);
    jbk_safe_add(out, s, len);
    jbk_buf_byte(out, '\n');
}

/* Text keeps its lines, each made safe and set in. */
static void put_text(jbk_buf *out, jbk_str text) {
    for (size_t i = 0; i < text.len;) {
        const char *nl = memchr(text.s + i, '\n', text.len - i);
        size_t n = nl ? (size_t)(nl - text.s) - i : text.len - i;
        jbk_buf_str(out, "    ");
        jbk_safe_add(out, text.s + i, n);
        jbk_buf_byte(out, '\n');
        i += n + 1;
    }
}

static jbk_status put_record(jbk_index *x, uint32_t doc, jbk_buf *out, jbk_err *err) {
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_status status = jbk_hit_load(x, doc, &hit, err);
    for (int f = 0; f < JBK_FIELDS && !status; f++) {
        jbk_column c = {.field = f};
        if (f == JBK_F_TEXT) continue;
        status = jbk_hit_cell(x, &hit, &c, &cell, err);
        if (!status && cell.len) put_field(out, jbk_fields[f].name, cell.data, cell.len);
    }
    for (size_t i = 0; i < hit.record.extras.n && !status; i++) {
        cell.len = 0;
        jbk_buf_str(&cell, JBK_EXTRA_PREFIX);
        jbk_safe_add(&cell, hit.record.extras.at[i].name.s, hit.record.extras.at[i].name.len);
        jbk_str v = hit.record.extras.at[i].value;
        put_field(out, jbk_buf_cstr(&cell), v.s, v.len);
    }
    if (!status && hit.record.digest.s)
        put_field(out, "digest", hit.record.digest.s, hit.record.digest.len);
    if (!status) put_text(out, hit.record.field[JBK_F_TEXT]);
    jbk_buf_free(&cell);
    jbk_hit_free(&hit);
    return status;
}

/* --- copies --- */

static void put_copy(const jbk_record *r, jbk_buf *out) {
    jbk_str platform = r->field[JBK_F_PLATFORM], name = jbk_record_name(r);
    jbk_buf_str(out, "    ");
    jbk_safe_add(out, platform.s, platform.len);
    jbk_buf_byte(out, ' ');
    jbk_safe_add(out, name.s, name.len);
    jbk_buf_byte(out, '\n');
}

/* Of a copy the others are its original, and those of it. */
static jbk_status put_copies(jbk_index *x, uint32_t doc, jbk_buf *out, jbk_err *err) {
    int64_t original;
    jbk_status status = jbk_index_number(x, JBK_F_COPY_OF, doc, &original, err);
    if (status) return status;
    uint32_t root = original == JBK_ABSENT ? doc : (uint32_t)original;
    jbk_docs copies = {0};
    if (root != doc && roaring_bitmap_contains(x->living, root)) jbk_vec_push(&copies, root);
    jbk_chunk_walk *w = jbk_chunk_walk_new(x->living);
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, JBK_F_COPY_OF, w->chunk, &c, err);
        for (uint32_t i = 0; i < w->n && !status; i++)
            if (jbk_chunk_get(&c, w->docs[i] % JBK_CHUNK) == (int64_t)root && w->docs[i] != doc)
                jbk_vec_push(&copies, w->docs[i]);
    }
    jbk_chunk_walk_free(w);
    if (copies.n) jbk_buf_printf(out, "\ncopies of the same title and text: %zu\n", copies.n);
    for (size_t i = 0; i < copies.n && !status; i++) {
        jbk_record r = {0};
        status = jbk_index_record(x, copies.at[i], &r, err);
        if (!status) put_copy(&r, out);
        jbk_record_free(&r);
    }
    jbk_vec_free(&copies);
    return status;
}

/* --- observations --- */

/* Those of one moment by all that was written of their time, then by who said it. */
static int by_time(const void *x, const void *y) {
    const jbk_observation *a = x, *b = y;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    if (a->status != b->status) return a->status < b->status ? -1 : 1;
    size_t n = a->seen_by.len < b->seen_by.len ? a->seen_by.len : b->seen_by.len;
    int order = n ? memcmp(a->seen_by.s, b->seen_by.s, n) : 0;
    return order ? order : a->seen_by.len < b->seen_by.len ? -1 : a->seen_by.len > b->seen_by.len;
}

static void put_observation(const jbk_observation *o, jbk_buf *out) {
    char text[JBK_TIME_TEXT_MAX];
    jbk_time t = jbk_time_unpack(o->at);
    jbk_time_format(&t, text);
    jbk_buf_printf(out, "    %s%s", text, o->at_assumed ? " (when indexed)" : "");
    if (o->status >= 0 && o->status < JBK_STATUSES)
        jbk_buf_printf(out, "  %s", jbk_status_names[o->status]);
    for (int i = 0; i < 4; i++) {
        if (o->counts[i] == JBK_ABSENT) continue;
        char count[JBK_COUNT_TEXT_MAX];
        jbk_count_format(jbk_count_unpack((uint64_t)o->counts[i]), count);
        jbk_buf_printf(out, "  %s %s", jbk_fields[jbk_count_fields[i]].name, count);
    }
    if (o->message.len) {
        jbk_buf_str(out, "  \"");
        jbk_safe_add(out, o->message.s, o->message.len);
        jbk_buf_byte(out, '"');
    }
    if (o->seen_by.len) {
        jbk_buf_str(out, "  seen by ");
        jbk_safe_add(out, o->seen_by.s, o->seen_by.len);
    }
    jbk_buf_byte(out, '\n');
}

static jbk_status put_history(jbk_index *x, uint32_t doc, jbk_buf *out, jbk_err *err) {
    jbk_observations all = {0};
    jbk_record r = {0};
    jbk_status status = jbk_view_observations(x->view, doc, &all, err);
    if (!status && !all.n) {
        status = jbk_index_record(x, doc, &r, err);
        jbk_observation own = jbk_record_observation(&r);
        if (!status && jbk_observation_says(&own)) jbk_vec_push(&all, own);
    }
    size_t kept = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.at[i].at >> 16 <= jbk_index_until(x)) all.at[kept++] = all.at[i];
    all.n = kept;
    if (!status && all.n) {
        qsort(all.at, all.n, sizeof *all.at, by_time);
        jbk_buf_printf(out, "\nobservations: %zu\n", all.n);
        for (size_t i = 0; i < all.n; i++) put_observation(&all.at[i], out);
    }
    jbk_vec_free(&all);
    jbk_record_free(&r);
    return status;
}

/* --- the command --- */

static jbk_status put_version(jbk_index *x, uint32_t doc, bool living, jbk_buf *out, jbk_err *err) {
    if (out->len) jbk_buf_str(out, "\n");
    if (!living) jbk_buf_str(out, "--- an earlier version ---\n");
    jbk_status status = put_record(x, doc, out, err);
    if (!status && living) status = put_copies(x, doc, out, err);
    if (!status && living) status = put_history(x, doc, out, err);
    return status;
}

/* Every record the name fits, then the earlier versions, the last stored first. */
static jbk_status show(jbk_index *x, const char *name, jbk_err *err) {
    jbk_docs docs = {0};
    jbk_buf out = {0};
    jbk_status status = jbk_called_find(x, name, strlen(name), true, &docs, err);
    if (!status && !docs.n)
        status = jbk_fail(err, JBK_NOT_FOUND, "show", "no record has the id or url %s", name);
    for (int living = 1; living >= 0; living--)
        for (size_t i = docs.n; i-- && !status;)
            if (roaring_bitmap_contains(x->living, docs.at[i]) == (living == 1))
                status = put_version(x, docs.at[i], living, &out, err);
    if (!status && out.len && fwrite(out.data, 1, out.len, stdout) < out.len)
        status = jbk_fail(err, JBK_INTERRUPTED, "write", "broken pipe");
    jbk_buf_free(&out);
    jbk_vec_free(&docs);
    return status;
}

typedef struct {
    const char *index, *as_of, *name;
    int64_t until_ms;
} options;

static jbk_status parse_args(int argc, char **argv, options *o, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_args_begin(&a, &jbk_command_show, argc, argv);
    *help = false;
    for (int option; (option = jbk_args_next(&a, err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return JBK_USAGE;
        *help |= option == JBK_ARGS_HELP;
        if (option == O_INDEX) o->index = a.value;
        if (option != O_AS_OF) continue;
        o->as_of = a.value;
        jbk_status status = jbk_asof_parse(a.value, &o->until_ms, err);
        if (status) return status;
    }
    if (*help) return JBK_OK;
    jbk_status status = jbk_args_need_index(o->index, err);
    if (!status && a.nrest != 1) status = jbk_fail(err, JBK_USAGE, "args", "one id or url is due");
    o->name = a.rest[0];
    return status;
}

static int show_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_index *x = NULL;
    options o = {.index = getenv("JIBEK_INDEX")};
    bool help;
    jbk_status status = parse_args(argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_show);
    } else if (!status) {
        status = jbk_index_open(o.index, &x, &err);
        if (!status && o.as_of) status = jbk_index_as_of(x, o.until_ms, &err);
        if (!status) status = show(x, o.name, &err);
        jbk_index_close(x);
    }
    if (status == JBK_INTERRUPTED) return 0;
    return status ? jbk_report(&err) : 0;
}

const jbk_command jbk_command_show = {"show",  "ID|URL", "print a record whole",
                                      OPTIONS, NULL,     show_main};
