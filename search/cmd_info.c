/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/args.h"
#include "index.h"
#include "search/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, NULL, NULL, NULL},
};

static uint64_t size_of(char *path) {
    struct stat st;
    uint64_t size = stat(path, &st) ? 0 : (uint64_t)st.st_size;
    free(path);
    return size;
}

static double mib(uint64_t bytes) { return (double)bytes / 1048576.0; }

/* Observations of living records, and those that wait for theirs. */
static jbk_status count_observations(jbk_index *x, uint64_t *n, uint64_t *pending, jbk_err *err) {
    jbk_recorded_list list = {0};
    jbk_status status = JBK_OK;
    *n = 0;
    for (uint64_t first = 0; first < x->docs && !status; first += JBK_CHUNK) {
        list.n = 0;
        status =
            jbk_view_histories(x->view, (uint32_t)first, (uint32_t)(first + JBK_CHUNK), &list, err);
        for (size_t i = 0; i < list.n; i++)
            *n += roaring_bitmap_contains(x->living, list.at[i].doc);
    }
    jbk_vec_free(&list);
    return status ? status : jbk_view_pending_count(x->view, pending, err);
}

static jbk_status print_info(jbk_index *x, jbk_err *err) {
    uint64_t packed[JBK_STREAMS] = {0}, raw[JBK_STREAMS] = {0}, postings = 0, records = 0,
             words = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < x->nsegments && !status; i++) {
        const jbk_segment_info *seg = &x->segments[i];
        for (int s = 0; s < JBK_STREAMS && !status; s++) {
            uint64_t p, r;
            status = jbk_volume_sizes(seg->volume, (jbk_stream)s, &p, &r, err);
            packed[s] += p;
            raw[s] += r;
        }
        postings += size_of(jbk_store_postings_path(x->store, seg->number));
        records += size_of(jbk_store_records_path(x->store, seg->number));
        words += jbk_volume_words(seg->volume);
    }
    uint64_t observations, pending;
    jbk_readers readers;
    if (!status) status = count_observations(x, &observations, &pending, err);
    if (!status) status = jbk_view_readers(x->view, &readers, err);
    if (status) return status;
    uint64_t meta = size_of(jbk_store_meta_path(x->store));
    uint64_t living = roaring_bitmap_get_cardinality(x->living);
    printf("documents     %llu\n", (unsigned long long)living);
    uint64_t forgotten = roaring_bitmap_get_cardinality(x->forgotten);
    printf("old versions  %llu\n", (unsigned long long)(x->docs - living - forgotten));
    if (forgotten) printf("forgotten     %llu\n", (unsigned long long)forgotten);
    printf("observations  %llu\n", (unsigned long long)observations);
    if (pending) printf("pending       %llu\n", (unsigned long long)pending);
    printf("words         %llu\n", (unsigned long long)words);
    printf("segments      %zu\n", x->nsegments);
    printf("generation    %llu\n", (unsigned long long)jbk_view_generation(x->view));
    printf("format        %d\n", JBK_FORMAT_VERSION);
    printf("size          %.1f MiB: postings %.1f, records %.1f, meta %.1f\n",
           mib(postings + records + meta), mib(postings), mib(records), mib(meta));
    printf("free in meta  %.1f MiB\n", mib(readers.free_bytes));
    printf("readers       %u", readers.readers);
    if (readers.behind)
        printf("; process %ld is %llu commits behind, and meta.mdb grows until it ends",
               readers.oldest_pid, (unsigned long long)readers.behind);
    printf("\n");
    printf("text          %.1f MiB stored in %.1f\n", mib(raw[0]), mib(packed[0]));
    printf("other fields  %.1f MiB stored in %.1f\n", mib(raw[1]), mib(packed[1]));
    return JBK_OK;
}

static int info_main(int argc, char **argv) {
    jbk_err err = {0};
    jbk_index *x = NULL;
    const char *dir;
    bool help;
    jbk_status status =
        jbk_args_plain(&jbk_command_info, argc, argv, NULL, &dir, NULL, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_info);
    } else if (!status) {
        status = jbk_index_open(dir, &x, &err);
        if (!status) status = print_info(x, &err);
        jbk_index_close(x);
    }
    return status ? jbk_report(&err) : 0;
}

const jbk_command jbk_command_info = {"info",  "",   "sizes and numbers of an index",
                                      OPTIONS, NULL, info_main};
