/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/commands.h"

#include "base/hash.h"
#include "base/safe.h"
#include "base/time.h"
#include "dry_run.h"
#include "pipeline.h"
#include "progress.h"
#include "salvage_run.h"
#include "stories.h"
#include "summary.h"
#include "text/fold.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    O_INDEX,
    O_FORMAT,
    O_MAP,
    O_JOBS,
    O_MEMORY,
    O_ZONE,
    O_PLATFORM,
    O_REJECTS,
    O_SUMMARY,
    O_DRY,
    O_AGAIN,
    O_SALVAGE
};

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder, made if missing (default $JIBEK_INDEX)"},
    {0, "format", "FORMAT", "auto, jsonl, json, csv, tsv, html, warc, text or sqlite"},
    {0, "map", "MAP", "what names mean: auto (the default), list, a name or a file"},
    {'j', "jobs", "N", "threads (default: the processors there are)"},
    {0, "memory", "SIZE", "memory to plan with, e.g. 512M (the default), at least 64M"},
    {0, "zone", "Z", "zone of times written without one, e.g. +06:00 (default UTC)"},
    {0, "platform", "NAME", "platform of records that name none"},
    {0, "rejects", "FILE", "where rejected input goes (default INDEX/rejects.jsonl)"},
    {0, "summary", "FILE", "write the summary as JSON"},
    {0, "dry-run", NULL, "show what the first records would become, and write nothing"},
    {0, "again", NULL, "also read files that were indexed before and have not changed"},
    {0, "salvage", "OLD", "instead of INPUT: make a new index of what a damaged one still holds"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "INPUT is a file, a folder of files, or - for standard input.  Packed files (.gz, .zst, .xz,\n"
    ".bz2) and archives (.zip, .tar) are opened.  Each file's format is recognised by what it\n"
    "begins with; --format names that of all.  --map list shows the mappings that are built in.\n"
    "Times without a zone mean +08:00 on Chinese platforms.  Indexing the same records again adds\n"
    "nothing; new files add to the index.";

typedef struct {
    const char *index, *rejects, *summary, *map, *salvage;
    bool dry_run;
    uint64_t jobs, memory;
    bool again;
    const jbk_input_format *format; /* NULL: auto */
    jbk_parse_options parse;
} options;

static atomic_bool stop;

static void on_signal(int sig) {
    atomic_store(&stop, true);
    signal(sig, SIG_DFL); /* a second Ctrl-C does not wait */
}

static jbk_status wrong(jbk_err *err, const char *option, const char *value) {
    return jbk_fail(err, JBK_USAGE, "args", "--%s cannot be '%s' (see: jibek index --help)", option,
                    value);
}

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    switch (option) {
    case O_INDEX:
        o->index = value;
        break;
    case O_FORMAT:
        o->format = jbk_input_format_find(value);
        if (!o->format && strcmp(value, "auto") != 0) return wrong(err, "format", value);
        break;
    case O_MAP:
        o->map = value;
        break;
    case O_DRY:
        o->dry_run = true;
        break;
    case O_JOBS:
        if (!jbk_parse_number(value, 256, &o->jobs) || !o->jobs) return wrong(err, "jobs", value);
        break;
    case O_MEMORY:
        /* Tests set the variable, for small batches and many commits. */
        if (!jbk_parse_size(value, &o->memory) ||
            o->memory < (getenv("JIBEK_LITTLE_MEMORY") ? 1u << 20 : 64u << 20))
            return wrong(err, "memory", value);
        break;
    case O_ZONE:
        if (!jbk_zone_parse(value, strlen(value), &o->parse.zone_min))
            return wrong(err, "zone", value);
        break;
    case O_PLATFORM:
        o->parse.platform = *value ? value : NULL;
        break;
    case O_REJECTS:
        o->rejects = value;
        break;
    case O_AGAIN:
        o->again = true;
        break;
    case O_SALVAGE:
        o->salvage = value;
        break;
    default:
        o->summary = value;
    }
    return JBK_OK;
}

/* Small batches where memory is short or workers are many; larger ones than those for 256 MiB a
 * worker bring nothing.  A worker holds about nine times what a record is long. */
static jbk_batch_size batch_size(const options *o) {
    uint64_t most = 256u << 20, share = o->memory / o->jobs;
    size_t m = (size_t)(share < most ? share : most);
    size_t item = (size_t)(o->memory / 32 < JBK_ITEM_MAX ? o->memory / 32 : JBK_ITEM_MAX);
    return (jbk_batch_size){m / 64, m / 13000, item, (unsigned)o->jobs};
}

/* What decides, besides its bytes, what is read from a file. */
static uint64_t digest_how(const options *o) {
    jbk_buf b = {0};
    size_t item_max = batch_size(o).item_max;
    jbk_buf_str(&b, o->format ? o->format->name : "");
    jbk_buf_byte(&b, '\n');
    jbk_buf_str(&b, o->parse.platform ? o->parse.platform : "");
    jbk_buf_byte(&b, '\n');
    jbk_buf_add(&b, &o->parse.zone_min, sizeof o->parse.zone_min);
    jbk_buf_add(&b, &item_max, sizeof item_max);
    uint64_t digest = jbk_hash_seed(b.data, b.len, jbk_maps_digest(o->parse.maps));
    jbk_buf_free(&b);
    return digest;
}

/* What earlier runs left: rejects to go on with, input to leave out. */
static jbk_status begin_run(const options *o, jbk_input *input, jbk_store *store,
                            jbk_rejects **rejects, jbk_ledger **ledger, jbk_err *err) {
    char *own = jbk_printf("%s/rejects.jsonl", o->index);
    jbk_view *view;
    jbk_status status = jbk_view_open(store, &view, err);
    if (!status)
        status = jbk_rejects_new(o->rejects ? o->rejects : own, !o->rejects, view, rejects, err);
    if (!status) {
        jbk_ledger_options how = {.how = digest_how(o),
                                  .again = o->again,
                                  .rejects = o->rejects ? o->rejects : "",
                                  .keeps_rejects = jbk_rejects_kept(*rejects)};
        status = jbk_ledger_new(input, view, &how, ledger, err);
    }
    jbk_view_close(view);
    free(own);
    return status;
}

static void say_skipped(jbk_input *input) {
    size_t n, links;
    const char *names = jbk_input_skipped(input, &n, &links);
    if (n) {
        jbk_buf safe = {0};
        jbk_safe_add(&safe, names, strlen(names));
        fprintf(stderr,
                "%zu files in the folders are in no format that is known and were left out: %s\n",
                n, jbk_buf_cstr(&safe));
        jbk_buf_free(&safe);
    }
    if (links)
        fprintf(stderr, "%zu links in the folders lead to folders or nowhere and were left out\n",
                links);
}

static jbk_status run_index(const options *o, jbk_input *input, jbk_store *store, jbk_tally *tally,
                            jbk_err *err) {
    jbk_rejects *rejects = NULL;
    jbk_ledger *ledger = NULL;
    jbk_status status = begin_run(o, input, store, &rejects, &ledger, err);
    jbk_input_set_batch(input, batch_size(o));
    jbk_progress progress;
    jbk_progress_begin(&progress, input);
    jbk_pipeline_options p = {.store = store,
                              .input = input,
                              .rejects = rejects,
                              .ledger = ledger,
                              .parse = o->parse,
                              .jobs = (unsigned)o->jobs,
                              .commit_bytes = (size_t)o->memory / 3,
                              .now = jbk_packed_now(),
                              .stop = &stop,
                              .progress = jbk_progress_show,
                              .progress_arg = &progress};
    if (!status) status = jbk_pipeline_run(&p, tally, err);
    if (!status) status = jbk_stories_join(store, (unsigned)o->jobs, (size_t)o->memory / 8, err);
    double seconds = jbk_clock_seconds() - progress.began;
    jbk_progress_end(&progress);
    if (!status) {
        say_skipped(input);
        if (jbk_ledger_known(ledger)->records)
            fprintf(stderr, "%llu records were known from runs before and not read again\n",
                    (unsigned long long)jbk_ledger_known(ledger)->records);
        fputs(jbk_input_notes(input), stderr);
        jbk_summary_say(tally, o->parse.maps, input, seconds, jbk_rejects_path(rejects));
        if (o->summary)
            status = jbk_summary_write(o->summary, tally, o->parse.maps, input, seconds, err);
    }
    if (!status && !tally->whole)
        status = jbk_fail(err, JBK_INTERRUPTED, "index",
                          "interrupted; what was read is committed. Give the same command again to "
                          "go on");
    jbk_rejects_close(rejects);
    jbk_ledger_free(ledger);
    return status;
}

/* A folder that became an index would not be read again, and what comes into it never. */
static jbk_status keep_apart(const char *index, const jbk_args *a, jbk_err *err) {
    struct stat of_index, of_input;
    if (jbk_store_is_index(index) || stat(index, &of_index)) return JBK_OK;
    for (int i = 0; i < a->nrest; i++)
        if (!stat(a->rest[i], &of_input) && of_input.st_dev == of_index.st_dev &&
            of_input.st_ino == of_index.st_ino)
            return jbk_fail(err, JBK_USAGE, "index",
                            "%s is the input; give the index a folder of its own", a->rest[i]);
    return JBK_OK;
}

static jbk_status parse_args(int argc, char **argv, options *o, jbk_args *a, bool *help,
                             jbk_err *err) {
    jbk_status status = jbk_args_all(a, &jbk_command_index, argc, argv, set_option, o, help, err);
    if (status || *help || !strcmp(o->map, "list")) return status;
    status = o->dry_run ? JBK_OK : jbk_args_need_index(o->index, err);
    if (status) return status;
    if (o->salvage && a->nrest)
        return jbk_fail(err, JBK_USAGE, "args", "--salvage takes no input besides the old index");
    if (!a->nrest && !o->salvage)
        return jbk_fail(err, JBK_USAGE, "args", "no input given (see: jibek index --help)");
    return o->dry_run ? JBK_OK : keep_apart(o->index, a, err);
}

static int dry_run(const options *o, jbk_input *input) {
    size_t rejected;
    jbk_dry_run(input, &o->parse, &rejected);
    fputs(jbk_input_notes(input), stderr);
    return rejected ? 1 : 0;
}

static jbk_status write_index(const options *o, jbk_input *input, jbk_tally *tally, jbk_err *err) {
    jbk_store *store = NULL;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    jbk_status status = jbk_store_open(o->index, JBK_OPEN_WRITE, jbk_fold_digest(), &store, err);
    if (!status) status = run_index(o, input, store, tally, err);
    jbk_store_close(store);
    return status;
}

static int index_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_args a;
    bool help;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    options o = {.index = getenv("JIBEK_INDEX"),
                 .jobs = processors > 0 ? (uint64_t)processors : 1,
                 .memory = 512u << 20,
                 .map = "auto"};
    jbk_status status = parse_args(argc, argv, &o, &a, &help, &err);
    if (status) return jbk_report(&err);
    if (help) {
        jbk_print_help(&jbk_command_index);
        return 0;
    }
    if (o.salvage) return jbk_salvage_run(o.index, o.salvage, o.summary);
    jbk_input *input = NULL;
    jbk_maps maps;
    jbk_tally tally = {0};
    jbk_reasons *reasons = jbk_reasons_new();
    status = jbk_maps_open(o.map, &maps, &err);
    o.parse.maps = &maps;
    o.parse.reasons = reasons;
    if (!strcmp(o.map, "list")) {
        jbk_maps_list(&maps);
        jbk_maps_close(&maps);
        jbk_reasons_free(reasons);
        return 0;
    }
    if (!status) status = jbk_input_open(a.rest, (size_t)a.nrest, o.format, &input, &err);
    if (!status && !jbk_input_files(input))
        status = jbk_fail(&err, JBK_IO, "index", "there are no files in what was given");
    if (!status && !strcmp(o.map, "auto")) jbk_input_want_text(input);
    int dry = !status && o.dry_run ? dry_run(&o, input) : 0;
    if (!status && !o.dry_run) status = write_index(&o, input, &tally, &err);
    jbk_input_close(input);
    jbk_maps_close(&maps);
    jbk_reasons_free(reasons);
    if (status) return jbk_report(&err);
    return dry || tally.outcomes[JBK_REJECTED] ? 1 : 0;
}

const jbk_command jbk_command_index = {"index", "INPUT...", "read scraped records into an index",
                                       OPTIONS, MORE,       index_main};
