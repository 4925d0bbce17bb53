/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The old index is read as `check` reads it: nothing in it is trusted, and what is damaged is told
 * of and passed over.  Records go the way of new ones, in the order of their documents, those of
 * one run of `index` together, so that versions, copies and times come out as they were. */
#include "salvage.h"

#include "base/codec.h"
#include "batch.h"
#include "compact.h"
#include "doclist.h"
#include "group.h"
#include "observer.h"
#include "store/verify.h"
#include "text/fold.h"

#include <roaring/roaring.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH_DOCS = 5000, BATCH_BYTES = 8 << 20, GROUP_BYTES = 64 << 20 };

/* A records file that opens, and where its documents stood. */
typedef struct {
    jbk_volume *volume;
    char *path;
    uint32_t base, docs;
    bool placed; /* base is known: a row says so */
    bool own;    /* opened here, and so closed here */
} source;

/* A run of `index`, being made again. */
typedef struct {
    int64_t at;
    jbk_settler *settler;
    jbk_group *group;
    uint64_t seq;
} run;

typedef struct {
    const char *dir;
    jbk_store *from, *to;
    jbk_view *view; /* NULL where meta.mdb is of no use */
    jbk_meta_state meta;
    jbk_reader *reader;
    JBK_VEC(source) sources;
    roaring_bitmap_t *forgotten;
    bool torn; /* the list of segments is not whole */
    jbk_builder *builder;
    jbk_dicts dicts;
    bool trained;
    run run;
    jbk_batch batch;
    void (*tell)(void *arg, const char *line);
    void *arg;
    jbk_salvage_tally *tally;
} salvage;

static void say(salvage *s, char *line) {
    s->tell(s->arg, line);
    free(line);
}

/* --- opening --- */

static void hear_meta(void *arg, const char *what, uint32_t first, uint32_t n) {
    (void)first, (void)n;
    salvage *s = arg;
    say(s, jbk_printf("meta.mdb: %s", what));
}

static void hear_rows(void *arg, const char *what, uint32_t first, uint32_t n) {
    salvage *s = arg;
    s->torn = true;
    hear_meta(arg, what, first, n);
}

static void hear_trouble(void *arg, const jbk_segment_info *segment, const jbk_err *why) {
    salvage *s = arg;
    s->tally->lost += segment->docs;
    say(s, jbk_printf("documents %u to %u are lost: %s", segment->base,
                      segment->base + segment->docs - 1, why->msg));
}

static bool open_meta(salvage *s) {
    jbk_err why = {0};
    jbk_status status = jbk_meta_verify(s->dir, (jbk_damage_ear){hear_meta, s}, &s->meta, &why);
    bool usable = !status && s->meta.usable && s->meta.table[JBK_TABLE_META] &&
                  s->meta.table[JBK_TABLE_SEGMENTS];
    if (usable) {
        jbk_view_ear ear = {{hear_rows, s}, hear_trouble, s};
        status = jbk_store_open(s->dir, JBK_OPEN_TORN, jbk_fold_digest(), &s->from, &why);
        if (!status) status = jbk_view_open_torn(s->from, &ear, &s->view, &why);
    }
    if (status) say(s, jbk_printf("%s", why.msg));
    return usable && !status;
}

static bool is_named(const salvage *s, uint32_t number) {
    const jbk_segment_info *seg = NULL;
    size_t n = s->view ? jbk_view_segments(s->view, &seg) : 0;
    for (size_t i = 0; i < n; i++)
        if (seg[i].number == number) return true;
    return false;
}

/* Files that no row names may be those whose rows are lost. What a crash left is among them; it
 * came from the same input. */
static void add_loose(salvage *s) {
    jbk_file_numbers numbers = {0};
    jbk_store_files(s->dir, "records", &numbers);
    for (size_t i = 0; i < numbers.n; i++) {
        jbk_err why;
        source one = {.own = true};
        if (is_named(s, numbers.at[i])) continue;
        one.path = jbk_printf("%s/%06u.records", s->dir, numbers.at[i]);
        if (jbk_volume_open(one.path, &one.volume, &why)) {
            say(s, jbk_printf("its documents are lost: %s", why.msg));
            free(one.path);
            continue;
        }
        one.docs = jbk_volume_docs(one.volume);
        jbk_vec_push(&s->sources, one);
    }
    jbk_vec_free(&numbers);
}

static void add_named(salvage *s) {
    const jbk_segment_info *seg;
    size_t n = jbk_view_segments(s->view, &seg);
    for (size_t i = 0; i < n; i++) {
        if (!seg[i].volume) continue;
        source one = {.volume = seg[i].volume,
                      .path = jbk_strndup(seg[i].records_path, strlen(seg[i].records_path)),
                      .base = seg[i].base,
                      .docs = seg[i].docs,
                      .placed = true};
        jbk_vec_push(&s->sources, one);
    }
}

static jbk_status open_old(salvage *s, jbk_err *err) {
    static const jbk_dicts none;
    s->tally->no_meta = !open_meta(s);
    if (s->view) {
        add_named(s);
        jbk_err why;
        if (jbk_doclist_load(s->view, JBK_META_FORGOTTEN, &s->forgotten, &why)) {
            say(s, jbk_printf("what was forgotten is not known, and comes again: %s", why.msg));
            s->forgotten = NULL;
        }
    }
    if (!s->view || s->torn) add_loose(s);
    if (!s->view && !s->sources.n)
        return jbk_fail(err, JBK_IO, "salvage", "%s holds nothing that can be read", s->dir);
    return jbk_reader_new(s->view ? jbk_view_dicts(s->view) : &none, &s->reader, err);
}

/* --- the new index --- */

static jbk_status commit(salvage *s, jbk_err *err) {
    run *r = &s->run;
    jbk_status status = jbk_group_commit(r->group, jbk_settler_view(r->settler), NULL, err);
    if (!status) status = jbk_compact_tiers(s->to, err);
    return status ? status : jbk_settler_committed(r->settler, r->seq, err);
}

static jbk_status begin_run(salvage *s, int64_t at, jbk_err *err) {
    s->run = (run){.at = at};
    jbk_status status = jbk_settler_new(s->to, at, &s->run.settler, err);
    return status ? status
                  : jbk_group_new(s->to, jbk_settler_view(s->run.settler), at, &s->run.group, err);
}

static void free_run(salvage *s) {
    jbk_group_free(s->run.group);
    jbk_settler_free(s->run.settler);
    s->run = (run){0};
}

static jbk_status settle(salvage *s, jbk_batch *b, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < b->records.n && !status; i++) {
        jbk_settled t = {0};
        status = jbk_settle(s->run.settler, b->seq, &b->records.at[i], &t, err);
        jbk_vec_push(&b->settled, t);
        s->tally->documents += !status && t.stored;
    }
    if (status || s->trained) return status;
    jbk_batch_train(b, 1, &s->dicts);
    jbk_group_set_dicts(s->run.group, &s->dicts);
    s->trained = true;
    return JBK_OK;
}

/* The batch at hand into the index. */
static jbk_status put_batch(salvage *s, jbk_err *err) {
    jbk_batch *b = &s->batch;
    if (!b->records.n) return JBK_OK;
    char name[40];
    b->seq = s->run.seq++;
    snprintf(name, sizeof name, "salvage-%llu", (unsigned long long)s->tally->read);
    char *path = jbk_store_scratch_path(s->to, name);
    jbk_status status = settle(s, b, err);
    if (!status) status = jbk_batch_build(b, s->builder, &s->dicts, path, err);
    if (!status) status = jbk_group_add(s->run.group, b, err);
    if (!status && jbk_group_bytes(s->run.group) >= GROUP_BYTES) status = commit(s, err);
    free(path);
    jbk_batch_free(b);
    s->batch = (jbk_batch){0};
    return status;
}

static jbk_status end_run(salvage *s, jbk_err *err) {
    if (!s->run.settler) return JBK_OK;
    jbk_status status = put_batch(s, err);
    if (!status) status = commit(s, err);
    free_run(s);
    return status;
}

/* --- records --- */

static jbk_status read_record(salvage *s, const source *from, uint32_t local, jbk_record *r,
                              jbk_err *err) {
    const char *item;
    size_t len;
    jbk_record_clear(r);
    jbk_status status =
        jbk_volume_item(from->volume, s->reader, JBK_STREAM_TEXT, local, &item, &len, err);
    if (!status) status = jbk_record_get_text(item, len, r, err);
    if (!status)
        status =
            jbk_volume_item(from->volume, s->reader, JBK_STREAM_RECORD, local, &item, &len, err);
    return status ? status : jbk_record_get_rest(item, len, r, err);
}

/* A purge leaves places without a record: nothing is known of them, not even a name. */
static bool is_empty_place(const jbk_record *r) { return !jbk_record_name(r).s; }

static jbk_status take_record(salvage *s, jbk_record *r, jbk_err *err) {
    jbk_status status = JBK_OK;
    if (!s->run.settler || s->run.at != r->indexed_at) {
        status = end_run(s, err);
        if (!status) status = begin_run(s, r->indexed_at, err);
    }
    if (status) {
        jbk_record_free(r);
        return status;
    }
    jbk_record_keep(&s->batch.arena, r);
    jbk_vec_push(&s->batch.records, *r);
    s->tally->read++;
    bool full = s->batch.records.n >= BATCH_DOCS || s->batch.arena.total >= BATCH_BYTES;
    return full ? put_batch(s, err) : JBK_OK;
}

static void say_lost(salvage *s, const source *from, uint32_t first, uint32_t n,
                     const jbk_err *why) {
    s->tally->lost += n;
    if (from->placed)
        say(s, jbk_printf("documents %u to %u are lost: %s: %s", from->base + first,
                          from->base + first + n - 1, from->path, why->msg));
    else
        say(s, jbk_printf("%u documents are lost: %s: %s", n, from->path, why->msg));
}

static jbk_status take_source(salvage *s, const source *from, jbk_err *err) {
    jbk_status status = JBK_OK;
    jbk_err why = {0}, now;
    uint32_t first = 0, lost = 0; /* documents in a row that cannot be read */
    for (uint32_t local = 0; local < from->docs && !status; local++) {
        if (from->placed && s->forgotten &&
            roaring_bitmap_contains(s->forgotten, from->base + local)) {
            s->tally->forgotten++;
            continue;
        }
        jbk_record r = {0};
        if (read_record(s, from, local, &r, &now)) {
            jbk_record_free(&r);
            if (!lost++) first = local, why = now;
            continue;
        }
        if (lost) say_lost(s, from, first, lost, &why);
        lost = 0;
        if (is_empty_place(&r))
            jbk_record_free(&r);
        else
            status = take_record(s, &r, err);
    }
    if (lost) say_lost(s, from, first, lost, &why);
    return status;
}

/* --- what was seen of them --- */

typedef struct {
    salvage *s;
    jbk_sightings list;
    jbk_arena arena;
    jbk_observer_tally done;
    jbk_status status;
    jbk_err *err;
} seen;

static void flush_seen(seen *x) {
    if (!x->status && x->list.n) x->status = jbk_observe(x->s->to, &x->list, &x->done, x->err);
    jbk_vec_free(&x->list);
    jbk_arena_free(&x->arena);
    x->arena = (jbk_arena){0};
}

static void add_seen(seen *x, const char *name, size_t len, jbk_observation o) {
    jbk_observation_keep(&o, &x->arena);
    jbk_sighting one = {{jbk_arena_dup(&x->arena, name, len), len}, o};
    jbk_vec_push(&x->list, one);
}

static const source *source_of(const salvage *s, uint32_t doc) {
    for (size_t i = 0; i < s->sources.n; i++) {
        const source *one = &s->sources.at[i];
        if (one->placed && doc >= one->base && doc - one->base < one->docs) return one;
    }
    return NULL;
}

/* A history says the number of its document: the name is that of the record there. */
static bool hear_history(void *arg, const jbk_row *row) {
    seen *x = arg;
    salvage *s = x->s;
    jbk_recorded_list list = {0};
    uint32_t block = row->key_len >= 4 ? jbk_load_be32(row->key) : 0;
    if (!row->good || !jbk_history_read_part(block, row->value, row->len, &list))
        s->tally->lost_histories++;
    jbk_record r = {0};
    jbk_buf name = {0}, url = {0};
    uint32_t of = UINT32_MAX;
    bool known = false;
    for (size_t i = 0; i < list.n; i++) {
        uint32_t doc = list.at[i].doc;
        if (doc != of) {
            const source *from = source_of(s, doc);
            known = from && !read_record(s, from, doc - from->base, &r, NULL);
            if (known) jbk_record_identity(&r, &name);
            of = doc;
        }
        if (s->forgotten && roaring_bitmap_contains(s->forgotten, doc)) continue;
        if (!known) {
            s->tally->lost_histories++;
            continue;
        }
        jbk_str u = r.field[JBK_F_URL];
        url.len = 0;
        if (list.at[i].seen.by_url && u.s) {
            jbk_buf_byte(&url, 'u');
            jbk_buf_add(&url, u.s, u.len);
        }
        const jbk_buf *by = url.len ? &url : &name;
        add_seen(x, by->data, by->len, list.at[i].seen);
        s->tally->observations++;
    }
    jbk_buf_free(&name);
    jbk_buf_free(&url);
    jbk_record_free(&r);
    jbk_vec_free(&list);
    if (x->list.n >= BATCH_DOCS) flush_seen(x);
    return !x->status;
}

static bool hear_pending(void *arg, const jbk_row *row) {
    seen *x = arg;
    jbk_recorded_list list = {0};
    jbk_str name;
    if (!row->good || !jbk_pending_read_row(row->value, row->len, &name, &list))
        x->s->tally->lost_histories++;
    for (size_t i = 0; i < list.n; i++) {
        add_seen(x, name.s, name.len, list.at[i].seen);
        x->s->tally->pending++;
    }
    jbk_vec_free(&list);
    if (x->list.n >= BATCH_DOCS) flush_seen(x);
    return !x->status;
}

static jbk_status take_seen(salvage *s, jbk_err *err) {
    static const jbk_table_id tables[] = {JBK_TABLE_OBSERVATIONS, JBK_TABLE_PENDING};
    seen x = {.s = s, .err = err};
    for (size_t i = 0; i < 2; i++) {
        if (!s->meta.table[tables[i]]) {
            say(s, jbk_printf("the table of %s is lost", jbk_table_names[tables[i]]));
            s->tally->lost_histories++;
            continue;
        }
        if (!x.status)
            x.status =
                jbk_view_each_row(s->view, tables[i], i ? hear_pending : hear_history, &x, err);
    }
    flush_seen(&x);
    return x.status;
}

/* --- all --- */

static void end(salvage *s) {
    free_run(s);
    jbk_batch_free(&s->batch);
    for (size_t i = 0; i < s->sources.n; i++) {
        if (s->sources.at[i].own) jbk_volume_close(s->sources.at[i].volume);
        free(s->sources.at[i].path);
    }
    jbk_vec_free(&s->sources);
    if (s->forgotten) roaring_bitmap_free(s->forgotten);
    for (int d = 0; d < JBK_STREAMS; d++) jbk_buf_free(&s->dicts.bytes[d]);
    jbk_builder_free(s->builder);
    jbk_reader_free(s->reader);
    jbk_view_close(s->view);
    jbk_store_close(s->from);
}

jbk_status jbk_salvage(const char *from, jbk_store *to, void (*tell)(void *arg, const char *line),
                       void *arg, jbk_salvage_tally *tally, jbk_err *err) {
    salvage s = {.dir = from, .to = to, .tell = tell, .arg = arg, .tally = tally};
    *tally = (jbk_salvage_tally){0};
    jbk_status status = open_old(&s, err);
    if (!status) status = jbk_builder_new(&s.builder, err);
    for (size_t i = 0; i < s.sources.n && !status; i++)
        status = take_source(&s, &s.sources.at[i], err);
    if (!status) status = end_run(&s, err);
    if (!status && s.view) status = take_seen(&s, err);
    end(&s);
    return status;
}
