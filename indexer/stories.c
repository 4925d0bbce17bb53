/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document joins the family whose first document has half of its text, in order.  Candidates are
 * documents that share hashes of their sketches; the text decides.  Comparing with the first
 * document alone keeps families from growing into each other member by member.
 *
 * Documents join one after the other, for each may change the families of the next.  What takes
 * time is comparing, and whom a document will be compared with can be guessed: while the documents
 * of a pack join, other threads compare those of the next one with their candidates, as the
 * families are before the pack. */
#include "stories.h"

#include "base/codec.h"
#include "doclist.h"
#include "story_candidates.h"
#include "story_compare.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SLICE = 1 << 16, PACK = 256, BITE = 4, WORKERS = 8 };

/* What a thread needs. */
typedef struct {
    struct joiner *joiner;
    pthread_t thread;
    jbk_seeker *seeker;
    jbk_comparer *comparer;
} worker;

/* A comparison made ahead. */
typedef struct {
    uint32_t other; /* NONE: none */
    double share;
} guess;

typedef struct {
    uint32_t first, end; /* documents */
    guess guesses[PACK][JBK_STORY_TRIED];
} pack;

typedef struct joiner {
    jbk_store *store;
    jbk_view *view;
    roaring_bitmap_t *forgotten;
    uint32_t docs, joined; /* those before `joined` are in their families */
    uint32_t *story;       /* of each document the first of its family, or NONE */
    jbk_families families; /* the same for others to read */
    uint32_t *before;      /* `story`, before the pack that joins */
    size_t nbefore;        /* patches that it has */
    jbk_families guessed;  /* the same for others to read */
    int64_t *chunk;
    jbk_story_lists lists;
    jbk_texts *texts;
    size_t memory; /* for texts */
    pack packs[2];
    pack *joins, *ahead;     /* which join, and which are compared meanwhile; NULL: none */
    atomic_uint next;        /* document ahead that no thread has taken */
    worker workers[WORKERS]; /* the first one's thread is the caller's */
    unsigned nworkers;
    JBK_VEC(jbk_patch) patches;
} joiner;

static const uint32_t NONE = JBK_NO_FAMILY;

static bool has_lists(const joiner *j, uint32_t doc) {
    uint32_t i = doc - j->lists.first;
    bool lists = j->lists.starts.at[i] < j->lists.starts.at[i + 1];
    return lists && !jbk_is_forgotten(&j->families, doc);
}

/* --- ahead --- */

/* Where comparing fails there is no guess, and who asks for it will see. */
static void guess_one(joiner *j, worker *w, uint32_t doc) {
    guess *g = j->ahead->guesses[doc - j->ahead->first];
    jbk_candidate c[JBK_STORY_TRIED];
    for (size_t i = 0; i < JBK_STORY_TRIED; i++) g[i].other = NONE;
    size_t n = has_lists(j, doc) ? jbk_seek(w->seeker, &j->lists, &j->guessed, doc, c) : 0;
    for (size_t i = 0; i < n; i++)
        if (!jbk_compare(w->comparer, doc, c[i].other, &g[i].share, NULL)) g[i].other = c[i].other;
}

/* Some documents at a time, while there are any. */
static void *guess_some(void *arg) {
    worker *w = arg;
    joiner *j = w->joiner;
    for (;;) {
        uint32_t doc = atomic_fetch_add(&j->next, BITE), end = doc + BITE;
        if (doc >= j->ahead->end) return NULL;
        for (; doc < end && doc < j->ahead->end; doc++) guess_one(j, w, doc);
    }
}

/* Of a document that joins and another: what was found ahead, or by comparing now. */
static jbk_status share(joiner *j, uint32_t doc, uint32_t other, double *out, jbk_err *err) {
    const guess *g = j->joins->guesses[doc - j->joins->first];
    for (size_t i = 0; i < JBK_STORY_TRIED; i++) {
        if (g[i].other != other) continue;
        *out = g[i].share;
        return JBK_OK;
    }
    return jbk_compare(j->workers[0].comparer, doc, other, out, err);
}

/* --- joining --- */

static void set_story(joiner *j, uint32_t doc, uint32_t first) {
    if (j->story[doc] == first) return;
    j->story[doc] = first;
    jbk_patch p = {JBK_F_STORY, doc, (int64_t)first << 1};
    jbk_vec_push(&j->patches, p);
}

/* Two families turn out to be one: it goes by the earlier of their first documents. */
static void merge(joiner *j, uint32_t a, uint32_t b) {
    uint32_t first = a < b ? a : b, other = a < b ? b : a;
    for (uint32_t doc = other; doc < j->docs; doc++)
        if (j->story[doc] == other) set_story(j, doc, first);
}

static jbk_status join(joiner *j, uint32_t doc, jbk_err *err) {
    jbk_candidate c[JBK_STORY_TRIED];
    size_t n = jbk_seek(j->workers[0].seeker, &j->lists, &j->families, doc, c);
    uint32_t family = NONE, with = NONE; /* the family, and the document that speaks for it */
    double best = 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < n && !status; i++) {
        double here, each = 0;
        uint32_t other = c[i].other;
        status = share(j, doc, other, &here, err);
        if (status || here == 0) continue;
        if (family != NONE) status = jbk_compare(j->workers[0].comparer, with, other, &each, err);
        if (each > 0) {
            set_story(j, with, family);
            set_story(j, other, c[i].family);
            merge(j, family, c[i].family);
            family = jbk_family_of(&j->families, with);
        } else if (here > best) {
            family = c[i].family;
            with = other;
            best = here;
        }
    }
    if (status || family == NONE) return status;
    set_story(j, with, family);
    set_story(j, doc, family);
    return JBK_OK;
}

static jbk_status join_pack(joiner *j, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (uint32_t doc = j->joins->first; doc < j->joins->end && !status; doc++)
        if (has_lists(j, doc)) status = join(j, doc, err);
    return status;
}

/* A pack joins while others compare the next one; where it has joined this thread helps them.  A
 * thread that cannot be had is done without. */
static jbk_status step(joiner *j, jbk_err *err) {
    unsigned n = 1;
    if (j->ahead) atomic_store(&j->next, j->ahead->first);
    while (j->ahead && n < j->nworkers &&
           !pthread_create(&j->workers[n].thread, NULL, guess_some, &j->workers[n]))
        n++;
    jbk_status status = j->joins ? join_pack(j, err) : JBK_OK;
    if (j->ahead && !status) guess_some(&j->workers[0]);
    for (unsigned i = 1; i < n; i++) pthread_join(j->workers[i].thread, NULL);
    for (; j->nbefore < j->patches.n; j->nbefore++) {
        uint32_t doc = j->patches.at[j->nbefore].doc;
        j->before[doc] = j->story[doc];
    }
    jbk_texts_trim(j->texts, j->memory);
    return status;
}

/* The next pack from *first on, which moves on; NULL where nothing is left.  Short texts have no
 * sketches, so that of many documents none has anything to be compared with. */
static pack *take_pack(joiner *j, uint32_t *first, uint32_t end) {
    pack *p = j->joins == &j->packs[0] ? &j->packs[1] : &j->packs[0];
    while (*first < end && !has_lists(j, *first)) ++*first;
    if (*first == end) return NULL;
    p->first = *first;
    p->end = *first = end - *first < PACK ? end : *first + PACK;
    return p;
}

static jbk_status join_slice(joiner *j, uint32_t first, uint32_t end, jbk_err *err) {
    jbk_status status = jbk_story_lists_make(&j->lists, j->view, first, end, err);
    j->joins = NULL;
    do {
        if (status) break;
        j->ahead = take_pack(j, &first, end);
        status = step(j, err);
        j->joins = j->ahead;
    } while (j->joins);
    return status;
}

/* --- the column --- */

static jbk_status load_stories(joiner *j, jbk_err *err) {
    jbk_status status = JBK_OK;
    j->story = jbk_alloc((size_t)j->docs * sizeof *j->story);
    j->before = jbk_alloc((size_t)j->docs * sizeof *j->before);
    j->chunk = jbk_alloc(JBK_CHUNK * sizeof *j->chunk);
    for (uint32_t first = 0; first < j->docs && !status; first += JBK_CHUNK) {
        jbk_chunk c;
        status = jbk_view_chunk(j->view, JBK_F_STORY, first / JBK_CHUNK, &c, err);
        if (status) break;
        jbk_chunk_decode(&c, j->chunk);
        for (uint32_t i = 0; i < JBK_CHUNK && first + i < j->docs; i++) {
            int64_t v = j->chunk[i];
            if (v != JBK_ABSENT && (v < 0 || v >> 1 >= (int64_t)j->docs))
                return jbk_fail(err, JBK_DAMAGED, "story", "the column of story is damaged");
            j->story[first + i] = v == JBK_ABSENT ? NONE : (uint32_t)(v >> 1);
        }
    }
    if (!status) memcpy(j->before, j->story, (size_t)j->docs * sizeof *j->before);
    return status;
}

static int by_doc(const void *x, const void *y) {
    const jbk_patch *a = x, *b = y;
    return a->doc < b->doc ? -1 : a->doc > b->doc;
}

/* What changed, each document once, as it is now. */
static jbk_status commit(joiner *j, jbk_err *err) {
    jbk_commit *c = NULL;
    uint64_t joined = j->docs;
    size_t n = 0;
    jbk_vec_sort(&j->patches, by_doc);
    for (size_t i = 0; i < j->patches.n; i++) {
        jbk_patch p = j->patches.at[i];
        if (n && j->patches.at[n - 1].doc == p.doc) continue;
        p.value = (int64_t)j->story[p.doc] << 1;
        j->patches.at[n++] = p;
    }
    jbk_status status = jbk_commit_begin(j->store, &c, err);
    if (status) return status;
    if (!n) jbk_commit_quiet(c);
    if (n) status = jbk_commit_patches(c, j->patches.at, n, err);
    if (!status) status = jbk_commit_meta(c, JBK_META_STORIES, &joined, sizeof joined, err);
    if (status) {
        jbk_commit_abort(c);
        return status;
    }
    return jbk_commit_end(c, err);
}

static jbk_status open_all(joiner *j, jbk_err *err) {
    const char *bytes;
    size_t len;
    jbk_status status = jbk_view_open(j->store, &j->view, err);
    if (!status) status = jbk_view_meta(j->view, JBK_META_STORIES, &bytes, &len, err);
    if (status) return status;
    j->docs = jbk_view_docs(j->view);
    j->joined = bytes && len == 8 ? (uint32_t)jbk_load_u64(bytes) : 0;
    if (j->joined >= j->docs) return JBK_OK;
    status = jbk_doclist_load(j->view, JBK_META_FORGOTTEN, &j->forgotten, err);
    j->texts = jbk_texts_new(j->view);
    for (unsigned i = 0; i < j->nworkers && !status; i++) {
        j->workers[i].joiner = j;
        j->workers[i].seeker = jbk_seeker_new();
        status = jbk_comparer_new(j->texts, &j->workers[i].comparer, err);
    }
    if (!status) status = load_stories(j, err);
    bool any = j->forgotten && !roaring_bitmap_is_empty(j->forgotten);
    j->families = (jbk_families){j->story, any ? j->forgotten : NULL};
    j->guessed = (jbk_families){j->before, j->families.forgotten};
    return status;
}

static void close_all(joiner *j) {
    for (unsigned i = 0; i < j->nworkers; i++) {
        jbk_seeker_free(j->workers[i].seeker);
        jbk_comparer_free(j->workers[i].comparer);
    }
    jbk_texts_free(j->texts);
    jbk_story_lists_free(&j->lists);
    jbk_vec_free(&j->patches);
    free(j->story);
    free(j->before);
    free(j->chunk);
    if (j->forgotten) roaring_bitmap_free(j->forgotten);
    jbk_view_close(j->view);
    free(j);
}

jbk_status jbk_stories_join(jbk_store *store, unsigned jobs, size_t memory, jbk_err *err) {
    joiner *j = jbk_calloc(1, sizeof *j);
    j->store = store;
    j->memory = memory;
    j->nworkers = jobs < 1 ? 1 : jobs < WORKERS ? jobs : WORKERS;
    jbk_status status = open_all(j, err);
    bool work = !status && j->joined < j->docs;
    for (uint32_t first = j->joined; work && first < j->docs && !status; first += SLICE) {
        uint32_t end = j->docs - first < SLICE ? j->docs : first + SLICE;
        status = join_slice(j, first, end, err);
    }
    if (work && !status) status = commit(j, err);
    close_all(j);
    return status;
}
