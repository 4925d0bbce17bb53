/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of segments, each for itself. */
#include "checker.h"

#include "shim/postings.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    jbk_check *c;
    const char *where;
    uint32_t base;
    bool silent; /* nothing was told */
} file_ear;

static void hear_file(void *arg, const char *what, uint32_t first, uint32_t n) {
    file_ear *e = arg;
    e->silent = false;
    jbk_check_find_range(e->c, JBK_NOT_FITTING, e->where, what, e->base + first, n);
}

/* "pages 3-4, 9 of 120 do not match their checksums (words)". */
static void find_pages(jbk_check *c, const char *where, jbk_volume *v, const jbk_page_runs *bad,
                       uint64_t pages) {
    enum { SHOWN = 10 };
    jbk_buf what = {0};
    const char *part = NULL;
    jbk_buf_str(&what, "pages ");
    for (size_t i = 0; i < bad->n && i < SHOWN; i++) {
        jbk_page_run run = bad->at[i];
        jbk_buf_printf(&what, "%s%llu", i ? ", " : "", (unsigned long long)run.first);
        if (run.n > 1) jbk_buf_printf(&what, "-%llu", (unsigned long long)(run.first + run.n - 1));
        const char *now = jbk_volume_part(v, run.first);
        if (now != part) jbk_buf_printf(&what, " (%s)", part = now);
    }
    if (bad->n > SHOWN) jbk_buf_str(&what, ", ...");
    jbk_buf_printf(&what, " of %llu do not match their checksums", (unsigned long long)pages);
    jbk_check_find(c, JBK_NOT_AS_WRITTEN, where, jbk_buf_cstr(&what), JBK_NO_ONE);
    jbk_buf_free(&what);
}

static bool check_volume(jbk_check *c, const char *where, jbk_volume *v, uint32_t base,
                         jbk_page_runs *bad) {
    uint64_t pages;
    file_ear e = {c, where, base, true};
    jbk_volume_verify_pages(v, bad, &pages);
    if (bad->n) find_pages(c, where, v, bad, pages);
    jbk_volume_verify(v, (jbk_damage_ear){hear_file, &e});
    return e.silent && !bad->n;
}

static bool check_postings(jbk_check *c, const jbk_segment_info *seg) {
    char *where = jbk_check_file(seg, "postings");
    uint64_t sum;
    uint32_t docs;
    jbk_err err;
    jbk_postings *p = NULL;
    jbk_status status = jbk_file_sum(seg->postings_path, &sum, &err);
    bool good = !status && sum == seg->postings.whole;
    if (!status && !good)
        jbk_check_find_range(c, JBK_NOT_AS_WRITTEN, where, "does not match its checksum", seg->base,
                             seg->docs);
    /* Xapian is not asked to read what nobody wrote. */
    if (good) status = jbk_postings_open(seg->postings_path, NULL, &p, &err);
    if (good && !status) status = jbk_postings_docs(p, &docs, &err);
    if (good && !status && docs != seg->docs) {
        jbk_check_find(c, JBK_NOT_FITTING, where, "holds more or fewer documents than the segment",
                       JBK_NO_ONE);
        good = false;
    }
    if (status) jbk_check_find_err(c, where, &err, seg->base, seg->docs);
    jbk_postings_close(p);
    free(where);
    return good && !status;
}

void jbk_check_segments(jbk_check *c) {
    for (size_t i = 0; i < c->nsegments; i++) {
        const jbk_segment_info *seg = &c->segments[i];
        char *where = jbk_check_file(seg, "records");
        jbk_check_progress(c, where, i, c->nsegments);
        c->state[i].sound =
            seg->volume && check_volume(c, where, seg->volume, seg->base, &c->state[i].bad);
        c->state[i].postings = check_postings(c, seg);
        c->sound = c->sound && c->state[i].sound;
        free(where);
    }
}

void jbk_check_loose_files(jbk_check *c) {
    jbk_file_numbers numbers = {0};
    jbk_store_files(c->dir, "records", &numbers);
    for (size_t i = 0; i < numbers.n; i++) {
        char *where = jbk_printf("%06u.records", numbers.at[i]);
        char *path = jbk_printf("%s/%s", c->dir, where);
        jbk_volume *v;
        jbk_err err;
        jbk_page_runs bad = {0};
        if (jbk_volume_open(path, &v, &err))
            jbk_check_find_err(c, where, &err, 0, 0);
        else
            (void)check_volume(c, where, v, 0, &bad);
        jbk_vec_free(&bad);
        jbk_volume_close(v);
        free(path);
        free(where);
    }
    jbk_vec_free(&numbers);
}

/* --- leftovers --- */

static bool is_named(const jbk_check *c, uint32_t number) {
    for (size_t i = 0; i < c->nsegments; i++)
        if (c->segments[i].number == number) return true;
    return false;
}

/* Has anybody written since this generation was opened, or writes now?  Then the files may be
 * theirs. */
static bool is_stale(jbk_check *c) {
    if (jbk_store_is_written(c->dir)) return true;
    jbk_view *now;
    if (jbk_view_open(c->store, &now, NULL)) return true;
    bool stale = jbk_view_generation(now) != jbk_view_generation(c->view);
    jbk_view_close(now);
    return stale;
}

/* What a crash left is no damage: the next writer sweeps it. */
void jbk_check_leftovers(jbk_check *c) {
    static const char *const ENDING[] = {"records", "postings"};
    jbk_file_numbers numbers[2] = {{0}, {0}};
    for (int e = 0; e < 2; e++) jbk_store_files(c->dir, ENDING[e], &numbers[e]);
    bool stale = is_stale(c);
    for (int e = 0; e < 2; e++) {
        for (size_t i = 0; i < numbers[e].n && !stale; i++)
            if (!is_named(c, numbers[e].at[i]))
                printf("note: %06u.%s belongs to no segment; the next 'jibek index' removes it\n",
                       numbers[e].at[i], ENDING[e]);
        jbk_vec_free(&numbers[e]);
    }
}
