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
    kk_set vowels, voiced[3], unvoiced[3];
    kk_set narrow_i; /* ы and і */
    kk_set cutting;  /* у and и, before which a verb loses its last ы or і */
    root *roots;     /* sorted by key */
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

/* A stem's key ends as its root does before a consonant. */
static size_t stem_key(const kk_word *w, size_t n, char *out) {
    size_t len = kk_key(w, n, out);
    if (len && out[len - 1] == 'b') out[len - 1] = 'p';
    if (len && out[len - 1] == 'g') out[len - 1] = 'k';
    return len;
}

static void load_root(const kk_root_entry *e, root *r) {
    if (!kk_read(e->form, strlen(e->form), false, &r->letters))
        abort(); /* the generator let it through */
    r->kind = e->kind;
    r->key_len = (uint8_t)kk_key(&r->letters, r->letters.n, r->key);
    r->stem = e->root ? e->root : e->form;
}

/* How many letters of the word the root reads otherwise than most would; -1 if it cannot be.
 * Most would read a letter as it stands, but і where и is as possible. */
static int deviation(const kk_stemmer *s, const kk_set *word, const root *r) {
    int n = 0;
    for (size_t i = 0; i < r->letters.n; i++) {
        kk_set likely = word[i] & s->narrow_i ? word[i] & s->narrow_i : word[i] & -word[i];
        if (!(word[i] & r->letters.at[i])) return -1;
        n += !(likely & r->letters.at[i]);
    }
    return n;
}

/* The likeliest root of this kind that the first n letters of the word can be, before an ending
 * of this harmony; NULL if there is none. */
static const root *find_root(const kk_stemmer *s, const kk_word *w, size_t n, unsigned kind,
                             kk_harmony before, int *deviates) {
    char key[2 * KK_WORD_MAX];
    size_t len = kk_key(w, n, key), low = 0, high = s->nroots;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (compare_keys(s->roots[mid].key, s->roots[mid].key_len, key, len) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    const root *best = NULL;
    for (; low < s->nroots; low++) {
        const root *r = &s->roots[low];
        if (compare_keys(r->key, r->key_len, key, len)) break;
        if (!(r->kind & kind) || r->letters.n != n) continue;
        kk_harmony own = kk_harmony_of(&s->grammar, r->letters.at, n);
        int d = deviation(s, w->at, r);
        if (d < 0 || (before && own && before != own) || (best && d >= *deviates)) continue;
        best = r;
        *deviates = d;
    }
    return best;
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
    kk_harmony harmony; /* of the one taken away last */
} way;

/* Before a vowel п, к, қ of the stem became б, г, ғ. */
static const root *find_unvoiced(const search *f, size_t n, unsigned kind, kk_harmony before,
                                 int *deviates) {
    kk_word w = f->w;
    kk_set end = w.at[n - 1], unvoiced = 0;
    for (int i = 0; i < 3; i++)
        if (end & f->s->voiced[i]) unvoiced |= f->s->unvoiced[i];
    w.at[n - 1] = unvoiced;
    return unvoiced ? find_root(f->s, &w, n, kind, before, deviates) : NULL;
}

enum { ROOT = 1000, NO_ROOT = 500, LETTER = 10, DEVIATION = 11 };

static void consider(search *f, size_t n, unsigned kind, way so_far) {
    bool inflected = n < f->w.n;
    int deviates = 0;
    if (inflected && kind == KK_VERB_ROOT && (f->w.at[n] & f->s->cutting)) kind |= KK_VERB_CUT;
    const root *r = find_root(f->s, &f->w, n, kind, so_far.harmony, &deviates);
    if (!r && inflected && f->w.at[n] & f->s->vowels)
        r = find_unvoiced(f, n, kind, so_far.harmony, &deviates);
    if (!r && inflected && (n < 3 || so_far.doubtful)) return;
    int letters = LETTER * (int)n;
    int score = (r ? ROOT + letters : NO_ROOT - letters) - so_far.cost - DEVIATION * deviates;
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
                       so_far.doubtful || kk_slot_is_doubtful(slot), KK_NO_HARMONY};
        for (unsigned k = g->first[slot]; k < g->first[slot + 1]; k++) {
            if (!ends_with(f, n, &g->forms[k])) continue;
            further.harmony = g->forms[k].harmony;
            take_endings(f, n - g->forms[k].n, g->steps[i].to, further);
        }
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
    s->narrow_i = kk_letters("ыі");
    static const char *const VOICING[3][2] = {{"б", "п"}, {"г", "к"}, {"ғ", "қ"}};
    for (int i = 0; i < 3; i++) {
        s->voiced[i] = kk_letters(VOICING[i][0]);
        s->unvoiced[i] = kk_letters(VOICING[i][1]);
    }
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

/* Without a root a stem that only letters the keyboard lacked leave is believed where much of
 * the word is endings. */
static bool is_better(const search *loose, const search *exact) {
    if (loose->root || exact->root) return loose->score > exact->score;
    return loose->n < exact->n && loose->n >= 4 && loose->n + 3 <= loose->w.n;
}

void kk_stem(const kk_stemmer *s, const char *word, size_t len, kk_stemmed *out) {
    search best = {.s = s}, loose = {.s = s};
    out->len = 0;
    if (!kk_read(word, len, false, &best.w)) return;
    find_stem(&best);
    if (!best.w.certain && kk_read(word, len, true, &loose.w)) {
        find_stem(&loose);
        if (is_better(&loose, &best)) best = loose;
    }
    out->known = best.root != NULL;
    if (best.root) {
        out->len = strlen(best.root->stem);
        memcpy(out->key, best.root->stem, out->len);
    } else {
        out->len = stem_key(&best.w, best.n, out->key);
    }
}
