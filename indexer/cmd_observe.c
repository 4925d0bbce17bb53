/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/commands.h"

#include "base/time.h"
#include "observe_read.h"
#include "observer.h"
#include "progress.h"
#include "summary.h"
#include "text/fold.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { O_INDEX, O_MAP, O_CONFIRM, O_REASONS, O_MEMORY, O_ZONE, O_PLATFORM, O_REJECTS, O_SUMMARY };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, "map", "PROFILE", "auto (the default), a profile, or list"},
    {0, "confirm", "N", "failed checks in a row that make a post gone (default 1)"},
    {0, "reasons", "FILE", "what more messages mean, like data/reasons.tsv"},
    {0, "memory", "SIZE", "memory to plan with, e.g. 512M (the default), at least 64M"},
    {0, "zone", "Z", "zone of times written without one, e.g. +06:00 (default UTC)"},
    {0, "platform", "NAME", "platform of rows that name none"},
    {0, "rejects", "FILE", "where rejected rows go (default INDEX/rejects.jsonl)"},
    {0, "summary", "FILE", "write the summary as JSON"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "FILE is CSV or TSV with a heading, or JSON lines: platform, id, url, observed_at, status,\n"
    "http_status, views, likes, comments, reposts, message, seen_by; whatever names a record\n"
    "(platform and id, a url, which may be of several, or the digest in place of an id) and says\n"
    "something of it.  Where there is no status, the message or the HTTP status tells.  What is\n"
    "observed is added, never overwritten, and no text is indexed again.  Observations of records\n"
    "that nobody has indexed yet wait for them.  The same file again changes nothing.  Of a WARC\n"
    "file each response and revisit is one: of its url, live, or gone where the status is 404.";

typedef struct {
    const char *index, *rejects, *summary;
    uint64_t memory;
    bool list;
    jbk_sighting_options row;
    jbk_reasons *reasons;
} options;

typedef struct {
    jbk_observer_tally done;
    uint64_t read, silent; /* silent: rows that say nothing */
    uint64_t rejected, reasons[JBK_REJ_CODES];
} tally;

static jbk_status wrong(jbk_err *err, const char *option, const char *value) {
    return jbk_fail(err, JBK_USAGE, "args", "--%s cannot be '%s' (see: jibek observe --help)",
                    option, value);
}

static jbk_status set_map(options *o, const char *value, jbk_err *err) {
    o->list = !strcmp(value, "list");
    o->row.profile = NULL;
    if (o->list || !strcmp(value, "auto")) return JBK_OK;
    for (size_t i = 0; jbk_sighting_profiles[i]; i++)
        if (!strcmp(jbk_sighting_profiles[i], value)) o->row.profile = jbk_sighting_profiles[i];
    return o->row.profile ? JBK_OK : wrong(err, "map", value);
}

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    uint64_t n;
    switch (option) {
    case O_INDEX:
        o->index = value;
        break;
    case O_MAP:
        return set_map(o, value, err);
    case O_CONFIRM:
        if (!jbk_parse_number(value, 255, &n) || !n) return wrong(err, "confirm", value);
        o->row.confirm = (uint8_t)n;
        break;
    case O_REASONS:
        return jbk_reasons_add_file(o->reasons, value, err);
    case O_MEMORY:
        if (!jbk_parse_size(value, &o->memory) || o->memory < (64u << 20))
            return wrong(err, "memory", value);
        break;
    case O_ZONE:
        if (!jbk_zone_parse(value, strlen(value), &o->row.zone_min))
            return wrong(err, "zone", value);
        break;
    case O_PLATFORM:
        o->row.platform = *value ? value : NULL;
        break;
    case O_REJECTS:
        o->rejects = value;
        break;
    default:
        o->summary = value;
    }
    return JBK_OK;
}

/* --- the summary --- */

static jbk_status write_summary(const char *path, const tally *t, uint64_t bytes, double seconds,
                                jbk_err *err) {
    json_t *o = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:o}", "read", (json_int_t)t->read, "observed",
        (json_int_t)t->done.observed, "unchanged", (json_int_t)(t->done.unchanged + t->silent),
        "pending", (json_int_t)t->done.pending, "rejected", (json_int_t)t->rejected, "bytes",
        (json_int_t)bytes, "seconds", seconds, "reasons", jbk_summary_reasons(t->reasons));
    return jbk_summary_save(path, o, err);
}

static void say_summary(const tally *t, double seconds, const char *rejects) {
    fprintf(stderr,
            "%llu read: %llu observed, %llu unchanged, %llu pending, %llu rejected (%.1f s)\n",
            (unsigned long long)t->read, (unsigned long long)t->done.observed,
            (unsigned long long)(t->done.unchanged + t->silent),
            (unsigned long long)t->done.pending, (unsigned long long)t->rejected, seconds);
    if (t->rejected) jbk_summary_say_reasons(t->reasons, rejects);
}

/* --- */

typedef struct {
    jbk_store *store;
    jbk_observe_reader *reader;
    jbk_rejects *rejects;
    size_t batch_bytes;
    tally *tally;
    jbk_sightings batch;
    jbk_arena arena;
} run;

static jbk_status flush(run *r, bool done, jbk_err *err) {
    jbk_status status = jbk_rejects_sync(r->rejects, err);
    if (!status && r->batch.n) status = jbk_observe(r->store, &r->batch, &r->tally->done, err);
    if (!status) status = jbk_rejects_save(r->rejects, done, r->store, err);
    r->batch.n = 0;
    jbk_arena_free(&r->arena);
    return status;
}

static jbk_status read_all(run *r, jbk_err *err) {
    jbk_reject reject;
    const jbk_items *items;
    jbk_status status = JBK_OK;
    for (;;) {
        size_t before = r->batch.n;
        if (!jbk_observe_next(r->reader, &r->arena, &r->batch, &reject, &items)) break;
        size_t came = r->batch.n - before;
        r->tally->read += came ? came : 1;
        if (reject.code) {
            r->tally->rejected++;
            r->tally->reasons[reject.code]++;
            status = jbk_rejects_write(r->rejects, &reject, items, err);
        } else if (!came) {
            r->tally->silent++;
        }
        /* What a sighting takes here and while its batch is settled. */
        size_t held = r->arena.total + r->batch.n * (sizeof *r->batch.at + 64);
        if (!status && held >= r->batch_bytes) status = flush(r, false, err);
        if (status) return status;
    }
    return flush(r, true, err);
}

static jbk_status observe(const options *o, jbk_input *in, tally *t, jbk_err *err) {
    double started = jbk_clock_seconds();
    run r = {.tally = t, .batch_bytes = (size_t)o->memory / 4};
    char *own = jbk_printf("%s/rejects.jsonl", o->index);
    jbk_view *view = NULL;
    /* Observing never makes an index. */
    jbk_status status = jbk_store_open(o->index, JBK_OPEN_READ, jbk_fold_digest(), &r.store, err);
    jbk_store_close(r.store);
    r.store = NULL;
    if (!status)
        status = jbk_store_open(o->index, JBK_OPEN_WRITE, jbk_fold_digest(), &r.store, err);
    if (!status) status = jbk_view_open(r.store, &view, err);
    if (!status)
        status = jbk_rejects_new(o->rejects ? o->rejects : own, !o->rejects, view, &r.rejects, err);
    jbk_view_close(view);
    if (!status) {
        r.reader = jbk_observe_reader_new(in, &o->row);
        status = read_all(&r, err);
    }
    double seconds = jbk_clock_seconds() - started;
    if (!status) say_summary(t, seconds, jbk_rejects_path(r.rejects));
    if (!status && o->summary)
        status = write_summary(o->summary, t, jbk_input_bytes(in), seconds, err);
    jbk_observe_reader_free(r.reader);
    jbk_rejects_close(r.rejects);
    jbk_store_close(r.store);
    jbk_vec_free(&r.batch);
    jbk_arena_free(&r.arena);
    free(own);
    return status;
}

static jbk_status parse_args(int argc, char **argv, options *o, jbk_args *a, bool *help,
                             jbk_err *err) {
    jbk_status status = jbk_args_all(a, &jbk_command_observe, argc, argv, set_option, o, help, err);
    if (status || *help || o->list) return status;
    status = jbk_args_need_index(o->index, err);
    if (!status && !a->nrest)
        status = jbk_fail(err, JBK_USAGE, "args", "no file given (see: jibek observe --help)");
    return status;
}

static int observe_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_args a;
    bool help;
    tally t = {0};
    jbk_input *in = NULL;
    options o = {.index = getenv("JIBEK_INDEX"),
                 .memory = 512u << 20,
                 .reasons = jbk_reasons_new(),
                 .row = {.confirm = 1, .now = jbk_packed_now()}};
    o.row.reasons = o.reasons;
    jbk_status status = parse_args(argc, argv, &o, &a, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_observe);
    } else if (!status && o.list) {
        for (size_t i = 0; jbk_sighting_profiles[i]; i++) puts(jbk_sighting_profiles[i]);
    } else if (!status) {
        status = jbk_input_open(a.rest, (size_t)a.nrest, NULL, &in, &err);
        if (!status) status = observe(&o, in, &t, &err);
    }
    jbk_input_close(in);
    jbk_reasons_free(o.reasons);
    if (status) return jbk_report(&err);
    return t.rejected ? 1 : 0;
}

const jbk_command jbk_command_observe = {
    "observe", "FILE...", "add what was seen of records later: counts, and what is gone",
    OPTIONS,   MORE,      observe_main};
