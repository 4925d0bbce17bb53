/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kk_stem.h"

#include "kk_grammar.h"

#include "base/mem.h"

#include <stdlib.h>

/* A root, or a form of one that no rule gives. */
typedef struct {
    kk_word letters;
    char key[2 * KK_WORD_MAX]; /* of the form */
    uint8_t key_len, kind;
    const char *stem; /* the root itself */
} root;

struct kk_stemmer {
    kk_grammar grammar;
    kk_set vowels, b, p, g, k;
    kk_set cutting; /* у and и, before which a verb loses its last ы or і */
    root *roots;    /* sorted by key */
    size_t nroots;
};

/* --- roots --- */

static int compare_keys(const char *a, size_t alen, const char *b, size_t blen) {
    int order = memcmp(a, b, alen < blen ? alen : blen);
    return order ? order : alen < blen ? -1 : alen > blen;
}

static int by_key(const void *x, const void *y) {
    const root *a = x, *b = y;
    return compare_keys(a->key, a->key_len, b->key, b->key_len);
}

/* A stem's key ends as its root does before a consonant, and tells front vowels from back ones. */
static size_t stem_key(const kk_word *w, size_t n, char *out) {
    size_t len = kk_key(w, n, out);
    if (len && out[len - 1] == 'b') out[len - 1] = 'p';
    if (len && out[len - 1] == 'g') out[len - 1] = 'k';
    if (kk_is_front(w, n)) out[len++] = '\'';
    return len;
}

static void load_root(const kk_root_entry *e, root *r) {
    if (!kk_read(e->form, strlen(e->form), false, &r->letters))
        abort(); /* the generator let it through */
    r->kind = e->kind;
    r->key_len = (uint8_t)kk_key(&r->letters, r->letters.n, r->key);
    r->stem = e->root ? e->root : e->form;
}

static bool may_be(const kk_set *word, const root *r) {
    for (size_t i = 0; i < r->letters.n; i++)
        if (!(word[i] & r->letters.at[i])) return false;
    return true;
}

/* A root of this kind that the first n letters of the word can be; NULL if there is none. */
static const root *find_root(const kk_stemmer *s, const kk_word *w, size_t n, unsigned kind) {
    char key[2 * KK_WORD_MAX];
    size_t len = kk_key(w, n, key), low = 0, high = s->nroots;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (compare_keys(s->roots[mid].key, s->roots[mid].key_len, key, len) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < s->nroots; low++) {
        const root *r = &s->roots[low];
        if (compare_keys(r->key, r->key_len, key, len)) return NULL;
        if ((r->kind & kind) && r->letters.n == n && may_be(w->at, r)) return r;
    }
    return NULL;
}

/* --- the ways to take endings away --- */

typedef struct {
    const kk_stemmer *s;
    kk_word w;
    const root *root; /* of the best way, or NULL */
    size_t n;         /* letters that remain */
    int score;
} search;

/* The endings taken away so far. */
typedef struct {
    int cost;
    bool doubtful;
} way;

/* Before a vowel п, к, қ of the stem became б, г, ғ. */
static const root *find_unvoiced(const search *f, size_t n, unsigned kind) {
    kk_word w = f->w;
    kk_set *end = &w.at[n - 1];
    if (*end & f->s->b)
        *end = f->s->p;
    else if (*end & f->s->g)
        *end = f->s->k;
    else
        return NULL;
    return find_root(f->s, &w, n, kind);
}

static void consider(search *f, size_t n, unsigned kind, way so_far) {
    bool inflected = n < f->w.n;
    if (inflected && kind == KK_VERB_ROOT && (f->w.at[n] & f->s->cutting)) kind |= KK_VERB_CUT;
    const root *r = find_root(f->s, &f->w, n, kind);
    if (!r && inflected && f->w.at[n] & f->s->vowels) r = find_unvoiced(f, n, kind);
    if (!r && inflected && (n < 3 || so_far.doubtful)) return;
    int score = (r ? 1000 + 10 * (int)n : 500 - 10 * (int)n) - so_far.cost;
    if (score <= f->score) return;
    f->score = score;
    f->root = r;
    f->n = n;
}

static bool has_vowel(const search *f, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (f->w.at[i] & f->s->vowels) return true;
    return false;
}

static bool ends_with(const search *f, size_t n, const kk_form *form) {
    if (n < form->n + 2u) return false;
    size_t at = n - form->n;
    for (size_t i = form->n; i-- > 0;)
        if (!(f->w.at[at + i] & form->at[i])) return false;
    if (!(f->w.at[at - 1] & form->after)) return false;
    kk_harmony h = kk_harmony_of(&f->s->grammar, f->w.at, at);
    return !form->harmony || !h || form->harmony == h;
}

static void take_endings(search *f, size_t n, kk_state state, way so_far) {
    const kk_grammar *g = &f->s->grammar;
    if (n < f->w.n && has_vowel(f, n)) {
        if (kk_state_is_noun(state)) consider(f, n, KK_NOUN, so_far);
        if (kk_state_is_verb(state)) consider(f, n, KK_VERB_ROOT, so_far);
    }
    for (unsigned i = g->first_step[state]; i < g->first_step[state + 1]; i++) {
        unsigned slot = g->steps[i].slot;
        way further = {so_far.cost + kk_slot_cost(slot),
                       so_far.doubtful || kk_slot_is_doubtful(slot)};
        for (unsigned k = g->first[slot]; k < g->first[slot + 1]; k++)
            if (ends_with(f, n, &g->forms[k]))
                take_endings(f, n - g->forms[k].n, g->steps[i].to, further);
    }
}

static void find_stem(search *f) {
    f->score = 0;
    consider(f, f->w.n, KK_NOUN | KK_VERB_ROOT | KK_WHOLE, (way){0});
    take_endings(f, f->w.n, KK_ANY, (way){0});
}

/* --- the stemmer --- */

kk_stemmer *kk_stemmer_new(void) {
    kk_stemmer *s = jbk_calloc(1, sizeof *s);
    kk_grammar_init(&s->grammar);
    s->vowels = kk_letters("аәеиоөуұүыіэюя");
    s->cutting = kk_letters("уи");
    s->b = kk_letters("б");
    s->p = kk_letters("п");
    s->g = kk_letters("гғ");
    s->k = kk_letters("кқ");
    s->nroots = kk_nroot_entries;
    s->roots = jbk_calloc(s->nroots, sizeof *s->roots);
    for (size_t i = 0; i < s->nroots; i++) load_root(&kk_root_entries[i], &s->roots[i]);
    if (s->nroots) qsort(s->roots, s->nroots, sizeof *s->roots, by_key);
    return s;
}

void kk_stemmer_free(kk_stemmer *s) {
    if (!s) return;
    free(s->roots);
    free(s);
}

void kk_stem(const kk_stemmer *s, const char *word, size_t len, kk_stemmed *out) {
    search best = {.s = s}, loose = {.s = s};
    out->len = 0;
    if (!kk_read(word, len, false, &best.w)) return;
    find_stem(&best);
    if (!best.root && !best.w.certain && kk_read(word, len, true, &loose.w)) {
        find_stem(&loose);
        if (loose.root) best = loose;
    }
    out->known = best.root != NULL;
    if (best.root) {
        out->len = strlen(best.root->stem);
        memcpy(out->key, best.root->stem, out->len);
    } else {
        out->len = stem_key(&best.w, best.n, out->key);
    }
}
