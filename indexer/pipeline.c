/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pipeline.h"

#include "compact.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const jbk_pipeline_options *o;
    pthread_mutex_t lock; /* guards all below; held during reading, settling and adding */
    uint64_t read_seq;
    bool input_ended;
    pthread_cond_t changed;         /* one of these, or what has been built */
    uint64_t settle_next, add_next; /* batches are settled and added in the order they were read */
    JBK_VEC(jbk_batch) built;       /* that wait to be added */
    jbk_settler *settler;
    jbk_group *group;
    jbk_dicts dicts; /* fixed once the first batch is settled */
    jbk_tally staged, *committed;
    jbk_status status; /* the first failure */
    jbk_err err;
} pipeline;

static void await(pipeline *p) { pthread_cond_wait(&p->changed, &p->lock); }

static void fail(pipeline *p, jbk_status status, const jbk_err *err) {
    if (!p->status) {
        p->status = status;
        p->err = *err;
    }
    pthread_cond_broadcast(&p->changed);
}

/* Not while as many wait for a slow one as there are workers. */
static bool read_batch(pipeline *p, jbk_batch *b) {
    while (p->built.n >= p->o->jobs && !p->status) await(p);
    if (p->input_ended || p->status || atomic_load(p->o->stop)) return false;
    if (!jbk_input_next(p->o->input, &b->items)) {
        p->input_ended = true;
        return false;
    }
    b->seq = p->read_seq++;
    return true;
}

static jbk_status settle_batch(pipeline *p, jbk_batch *b, jbk_err *err) {
    jbk_status status = JBK_OK;
    jbk_vec_reserve(&b->settled, b->records.n);
    for (size_t i = 0; i < b->records.n && !status; i++) {
        jbk_settled t;
        status = jbk_settle(p->settler, b->seq, &b->records.at[i], &t, err);
        jbk_vec_push(&b->settled, t);
    }
    bool none_yet = !p->dicts.bytes[0].len && !p->dicts.bytes[1].len;
    if (!status && none_yet && b->seq == 0) {
        jbk_batch_train(b, p->o->jobs, &p->dicts);
        jbk_group_set_dicts(p->group, &p->dicts);
    }
    return status;
}

static void count(jbk_tally *t, const jbk_batch *b) {
    t->read += b->records.n + b->rejects.n;
    t->repaired += b->repaired;
    for (int i = 0; i < JBK_PASSES; i++) t->passed[i] += b->passed[i];
    t->mapped.unread += b->mapped.unread;
    for (size_t i = 0; i < JBK_MAPS_MAX; i++) t->mapped.records[i] += b->mapped.records[i];
    t->outcomes[JBK_REJECTED] += b->rejects.n;
    for (size_t i = 0; i < b->settled.n; i++) t->outcomes[b->settled.at[i].outcome]++;
    for (size_t i = 0; i < b->rejects.n; i++) t->reasons[b->rejects.at[i].code]++;
}

static jbk_status commit(pipeline *p, uint64_t seq, jbk_err *err) {
    jbk_status status = jbk_rejects_sync(p->o->rejects, err);
    /* The last commit is made when all batches are in. */
    jbk_checkpoint point = {p->o->ledger, p->o->rejects, p->input_ended && seq == p->read_seq};
    if (!status) status = jbk_group_commit(p->group, jbk_settler_view(p->settler), &point, err);
    if (!status) status = jbk_compact_tiers(p->o->store, err);
    if (!status) status = jbk_settler_committed(p->settler, seq, err);
    if (status) return status;
    p->staged.commits++;
    *p->committed = p->staged;
    return JBK_OK;
}

static jbk_status add_batch(pipeline *p, jbk_batch *b, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < b->rejects.n && !status; i++) {
        status = jbk_rejects_write(p->o->rejects, &b->rejects.at[i], &b->items, err);
    }
    if (!status) status = jbk_group_add(p->group, b, err);
    if (status) return status;
    jbk_ledger_add(p->o->ledger, b);
    count(&p->staged, b);
    if (p->o->progress) p->o->progress(&p->staged, p->o->progress_arg);
    return jbk_group_bytes(p->group) >= p->o->commit_bytes ? commit(p, b->seq, err) : JBK_OK;
}

/* Add the batches whose turn it is. */
static jbk_status add_built(pipeline *p, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < p->built.n && !status; i++) {
        jbk_batch *b = &p->built.at[i];
        if (b->seq != p->add_next) continue;
        status = add_batch(p, b, err);
        jbk_batch_free(b);
        *b = p->built.at[--p->built.n];
        p->add_next++;
        i = SIZE_MAX; /* from the first on again */
    }
    pthread_cond_broadcast(&p->changed);
    return status;
}

/* One batch from settling to adding; the lock is held on entry and exit.  A batch that is built
 * before its turn to be added is left to the worker whose turn comes before. */
static jbk_status carry(pipeline *p, jbk_batch *b, jbk_builder *builder, jbk_err *err) {
    while (p->settle_next != b->seq && !p->status) await(p);
    if (p->status) return JBK_OK;
    jbk_status status = settle_batch(p, b, err);
    if (status) return status;
    p->settle_next++;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    char name[32];
    snprintf(name, sizeof name, "batch-%llu", (unsigned long long)b->seq);
    char *path = jbk_store_scratch_path(p->o->store, name);
    status = jbk_batch_build(b, builder, &p->dicts, path, err);
    free(path);
    pthread_mutex_lock(&p->lock);
    if (status || p->status) return status;
    jbk_vec_push(&p->built, *b);
    *b = (jbk_batch){0};
    return add_built(p, err);
}

static void *work(void *arg) {
    pipeline *p = arg;
    jbk_err err = {0};
    jbk_object_maker maker = {0};
    jbk_mapper *mapper = jbk_mapper_new(&p->o->parse);
    jbk_builder *builder;
    jbk_status status = jbk_builder_new(&builder, &err);
    jbk_batch b = {0};
    pthread_mutex_lock(&p->lock);
    while (!status && read_batch(p, &b)) {
        pthread_mutex_unlock(&p->lock);
        jbk_batch_parse(&b, &maker, mapper);
        pthread_mutex_lock(&p->lock);
        status = carry(p, &b, builder, &err);
        jbk_batch_free(&b);
    }
    if (status) fail(p, status, &err);
    pthread_mutex_unlock(&p->lock);
    jbk_batch_free(&b);
    jbk_builder_free(builder);
    jbk_object_maker_free(&maker);
    jbk_mapper_free(mapper);
    return NULL;
}

static jbk_status start(pipeline *p, jbk_err *err) {
    jbk_status status = jbk_settler_new(p->o->store, p->o->now, &p->settler, err);
    if (status) return status;
    jbk_view *view = jbk_settler_view(p->settler);
    for (int s = 0; s < JBK_STREAMS; s++) {
        jbk_buf d = jbk_view_dicts(view)->bytes[s];
        jbk_buf_add(&p->dicts.bytes[s], d.data, d.len);
    }
    return jbk_group_new(p->o->store, view, p->o->now, &p->group, err);
}

static jbk_status run_threads(pipeline *p, jbk_err *err) {
    pthread_t *threads = jbk_alloc(p->o->jobs * sizeof *threads);
    unsigned n = 0;
    for (; n < p->o->jobs; n++) {
        int rc = pthread_create(&threads[n], NULL, work, p);
        if (!rc) continue;
        if (n) break; /* fewer will do */
        free(threads);
        return jbk_fail_sys(err, rc, "pthread_create", "cannot start a thread");
    }
    for (unsigned i = 0; i < n; i++) pthread_join(threads[i], NULL);
    free(threads);
    if (p->status) *err = p->err;
    return p->status;
}

static void count_known(jbk_tally *t, const jbk_known *known) {
    t->read = t->outcomes[JBK_UNCHANGED] = known->records;
    for (int code = 0; code < JBK_REJ_CODES; code++) {
        t->read += known->rejects[code];
        t->outcomes[JBK_REJECTED] += known->rejects[code];
        t->reasons[code] += known->rejects[code];
    }
}

jbk_status jbk_pipeline_run(const jbk_pipeline_options *o, jbk_tally *tally, jbk_err *err) {
    pipeline p = {.o = o, .committed = tally};
    count_known(&p.staged, jbk_ledger_known(o->ledger));
    jbk_err unheard;
    if (!err) err = &unheard;
    *tally = (jbk_tally){0};
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.changed, NULL);
    jbk_status status = start(&p, err);
    if (!status) status = run_threads(&p, err);
    if (!status) status = commit(&p, p.read_seq, err);
    tally->whole = !status && p.input_ended;
    jbk_group_free(p.group);
    jbk_settler_free(p.settler);
    for (int s = 0; s < JBK_STREAMS; s++) jbk_buf_free(&p.dicts.bytes[s]);
    for (size_t i = 0; i < p.built.n; i++) jbk_batch_free(&p.built.at[i]);
    jbk_vec_free(&p.built);
    pthread_cond_destroy(&p.changed);
    pthread_mutex_destroy(&p.lock);
    return status;
}
