/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kk_stem.h"

#include "kk_grammar.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { SPELLING_MAX = 2 * KK_WORD_MAX };

/* A word in its script-neutral spelling (kk_spell). */
typedef struct {
    size_t n;
    char at[SPELLING_MAX];
    kk_set letters[SPELLING_MAX];
} spelling;

/* A root, or a form of one that no rule gives. */
typedef struct {
    const char *at; /* its spelling */
    const kk_set *letters;
    size_t n;
    uint8_t kind;
    kk_harmony harmony;
    const char *stem; /* the root itself */
} root;

struct kk_stemmer {
    kk_grammar grammar;
    kk_set voiced[3], unvoiced[3], voicing; /* б and п; all of them */
    kk_set t, s, sh, j, ng;
    kk_set narrow_i; /* ы and і */
    kk_set hissing;  /* с and ш */
    root *roots;     /* sorted by spelling */
    size_t nroots;
    jbk_arena spellings;
};

static bool is_vowel(char k) { return strchr("aeiou", k) != NULL; }

/* --- roots --- */

static int compare(const char *a, size_t alen, const char *b, size_t blen) {
    int order = memcmp(a, b, alen < blen ? alen : blen);
    return order ? order : alen < blen ? -1 : alen > blen;
}

static int by_spelling(const void *x, const void *y) {
    const root *a = x, *b = y;
    int order = compare(a->at, a->n, b->at, b->n);
    return order ? order : strcmp(a->stem, b->stem);
}

static void load_root(kk_stemmer *s, const kk_root_entry *e, root *r) {
    kk_word w;
    char at[SPELLING_MAX];
    kk_set letters[SPELLING_MAX];
    if (!kk_read(e->form, strlen(e->form), false, &w)) abort(); /* the generator let it through */
    r->kind = e->kind;
    r->n = kk_spell(&w, at, letters);
    r->letters = memcpy(jbk_arena_alloc(&s->spellings, r->n * sizeof *letters), letters,
                        r->n * sizeof *letters);
    r->at = jbk_arena_dup(&s->spellings, at, r->n);
    r->harmony = kk_harmony_of(&s->grammar, w.at, w.n);
    r->stem = e->root ? e->root : e->form;
}

/* The first root of this spelling, or behind where it would be. */
static size_t first_root(const kk_stemmer *s, const char *at, size_t n) {
    size_t low = 0, high = s->nroots;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (compare(s->roots[mid].at, s->roots[mid].n, at, n) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool is_spelled(const kk_stemmer *s, size_t i, const char *at, size_t n) {
    return i < s->nroots && !compare(s->roots[i].at, s->roots[i].n, at, n);
}

/* --- the ways to take endings away --- */

/* A way that leaves a root. */
typedef struct {
    const root *r;
    size_t n; /* letters that remain */
    int score;
    int loose;                    /* letters that are read otherwise than they stand */
    kk_set endings[SPELLING_MAX]; /* what the letters from n on are read as */
} outcome;
enum { OUTCOMES_MAX = 32 };

typedef struct {
    const kk_stemmer *s;
    spelling w;
    kk_set exact[SPELLING_MAX];   /* letters as they stand */
    kk_set endings[SPELLING_MAX]; /* what those of the endings taken away are read as */
    outcome roots[OUTCOMES_MAX];
    size_t nroots;
    bool rests;  /* look for what remains where no root does */
    size_t rest; /* letters of it */
    int rest_score;
} search;

/* The endings taken away so far. */
typedef struct {
    int cost, loose;
    char next; /* first letter of the one taken away last; 0: none */
    bool doubtful;
    kk_harmony harmony; /* of the one taken away last that has any */
} way;

enum { MUCH = 5000, LETTER = 10, REST_MIN = 4 };

static void add_outcome(search *f, const root *r, size_t n, int score, int loose) {
    size_t i = 0;
    while (i < f->nroots && (f->roots[i].r != r || f->roots[i].n != n)) i++;
    if (i == OUTCOMES_MAX) return;
    outcome *o = &f->roots[i];
    if (i == f->nroots)
        f->nroots++;
    else if (o->loose < loose || (o->loose == loose && o->score >= score))
        return;
    o->r = r;
    o->n = n;
    o->score = score;
    o->loose = loose;
    memcpy(o->endings + n, f->endings + n, (f->w.n - n) * sizeof *f->endings);
}

/* The last letter of what remains, which may be another than stands there. */
typedef struct {
    char at;
    kk_set letters, exact;
} last_letter;

/* Do the letters allow the root?  Adds to *loose how many it reads otherwise than they stand. */
static bool allow(const search *f, const root *r, last_letter last, int *loose) {
    size_t n = r->n;
    for (size_t i = 0; i < n; i++) {
        kk_set set = i + 1 < n ? f->w.letters[i] : last.letters;
        kk_set exact = i + 1 < n ? f->exact[i] : last.exact;
        if (!(set & r->letters[i])) return false;
        *loose += !(exact & r->letters[i]);
    }
    return true;
}

/* The roots that the first n letters can be. */
static void add_roots(search *f, size_t n, last_letter last, unsigned kind, way so_far) {
    char before = f->w.at[n - 1];
    f->w.at[n - 1] = last.at;
    for (size_t i = first_root(f->s, f->w.at, n); is_spelled(f->s, i, f->w.at, n); i++) {
        const root *r = &f->s->roots[i];
        int loose = so_far.loose;
        bool harmonic = !so_far.harmony || !r->harmony || so_far.harmony == r->harmony;
        if (r->kind & kind && harmonic && allow(f, r, last, &loose))
            add_outcome(f, r, n, LETTER * (int)n - so_far.cost, loose);
    }
    f->w.at[n - 1] = before;
}

/* Before a vowel п, к, қ of the stem became б, г, ғ. */
static char unvoiced(char k) { return k == 'b' ? 'p' : k == 'g' ? 'k' : 0; }

static kk_set unvoiced_letters(const kk_stemmer *s, kk_set letters) {
    kk_set out = 0;
    for (int i = 0; i < 3; i++)
        if (letters & s->voiced[i]) out |= s->unvoiced[i];
    return out;
}

/* Where no root remains, as little as may be remains. */
static void consider_rest(search *f, size_t n, way so_far) {
    int score = MUCH - LETTER * (int)n - so_far.cost;
    if (so_far.next && (n < REST_MIN || so_far.doubtful)) return;
    if (score <= f->rest_score) return;
    f->rest_score = score;
    f->rest = n;
}

static void consider(search *f, size_t n, unsigned kind, way so_far) {
    last_letter last = {f->w.at[n - 1], f->w.letters[n - 1], f->exact[n - 1]};
    bool cuts = so_far.next == 'u' || so_far.next == 'i';
    if (f->rests) {
        consider_rest(f, n, so_far);
        return;
    }
    if (kind == KK_VERB_ROOT && cuts) kind |= KK_VERB_CUT;
    add_roots(f, n, last, kind, so_far);
    if (!so_far.next || !is_vowel(so_far.next) || !unvoiced(last.at)) return;
    last = (last_letter){unvoiced(last.at), unvoiced_letters(f->s, last.letters),
                         unvoiced_letters(f->s, last.exact)};
    add_roots(f, n, last, kind, so_far);
}

static bool has_vowel(const search *f, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (is_vowel(f->w.at[i])) return true;
    return false;
}

static void take_endings(search *f, size_t n, kk_state state, way so_far);

/* Does the form follow the first n letters? */
static bool follows(const search *f, size_t n, const kk_form *form) {
    kk_set end = f->w.letters[n - 1];
    /* The second of two joined letters is ы or і, or с or ш. */
    if (end & KK_JOINED) end |= f->w.at[n - 1] == 'i' ? f->s->narrow_i : f->s->hissing;
    if (n < 2 || !(end & form->after)) return false;
    kk_harmony h = kk_harmony_of(&f->s->grammar, f->w.letters, n);
    return !form->harmony || !h || form->harmony == h;
}

/* What the spelling makes one letter of may be the last of the stem and the first of the ending:
 * үй|ім, айт|са, айт|шы. */
static void take_joined(search *f, size_t at, const kk_form *form, kk_state to, way further) {
    char was = f->w.at[at];
    kk_set letters = f->w.letters[at], exact = f->exact[at];
    bool i = was == 'i', after_vowel = at && is_vowel(f->w.at[at - 1]);
    bool fits = i ? form->key == 'i' && after_vowel
                  : (was == 's' && form->key == 's') || (was == 'C' && form->key == 'S');
    if (!(letters & KK_JOINED) || !fits) return;
    if (!i) f->w.at[at] = 't';
    f->w.letters[at] = f->exact[at] = i ? f->s->j : f->s->t;
    if (follows(f, at + 1, form)) take_endings(f, at + 1, to, further);
    f->w.at[at] = was;
    f->w.letters[at] = letters;
    f->exact[at] = exact;
}

static void take_form(search *f, size_t n, const kk_form *form, kk_state to, way further) {
    if (n < form->n + 1u) return;
    size_t at = n - form->n;
    for (size_t i = 1; i < form->n; i++) {
        if (!(f->w.letters[at + i] & form->at[i])) return;
        further.loose += !(f->exact[at + i] & form->at[i]);
        f->endings[at + i] = form->at[i];
    }
    /* In the script-neutral spelling -ң is the н of many a stem. */
    if (f->rests && form->n == 1 && form->at[0] == f->s->ng) return;
    if (form->harmony && further.harmony && form->harmony != further.harmony) return;
    if (form->harmony) further.harmony = form->harmony;
    further.next = form->key;
    take_joined(f, at, form, to, further);
    if (!(f->w.letters[at] & form->at[0])) return;
    further.loose += !(f->exact[at] & form->at[0]);
    f->endings[at] = form->at[0];
    if (follows(f, at, form)) take_endings(f, at, to, further);
}

static void take_endings(search *f, size_t n, kk_state state, way so_far) {
    const kk_grammar *g = &f->s->grammar;
    if (so_far.next && has_vowel(f, n)) {
        if (kk_state_is_noun(state)) consider(f, n, KK_NOUN, so_far);
        if (kk_state_is_verb(state)) consider(f, n, KK_VERB_ROOT, so_far);
    }
    for (unsigned i = g->first_step[state]; i < g->first_step[state + 1]; i++) {
        unsigned slot = g->steps[i].slot;
        way further = so_far;
        further.cost += kk_slot_cost(slot);
        further.doubtful |= kk_slot_is_doubtful(slot);
        for (unsigned k = g->first[slot]; k < g->first[slot + 1]; k++) {
            const kk_form *form = &g->forms[k];
            if (f->w.letters[n - 1] & (form->at[form->n - 1] | KK_JOINED))
                take_form(f, n, form, g->steps[i].to, further);
        }
    }
}

/* --- which of them --- */

static void add_stem(kk_stemmed *out, const char *stem) {
    for (size_t i = 0; i < out->n; i++)
        if (strlen(stem) == out->at[i].len && !memcmp(out->at[i].key, stem, out->at[i].len)) return;
    if (out->n == KK_STEMS_MAX) return;
    out->at[out->n].len = strlen(stem);
    memcpy(out->at[out->n].key, stem, out->at[out->n].len);
    out->n++;
}

static int by_score(const void *x, const void *y) {
    const outcome *a = *(const outcome *const *)x, *b = *(const outcome *const *)y;
    if (a->score != b->score) return a->score < b->score ? 1 : -1;
    if (a->loose != b->loose) return a->loose < b->loose ? -1 : 1;
    return a->r < b->r ? -1 : a->r > b->r;
}

/* What the way reads letter i as; 0 where that is not to be compared: an ending may have voiced the
 * last letter of a root. */
static kk_set read_as(const search *f, const outcome *o, size_t i) {
    if (i >= o->n) return o->endings[i] & KK_JOINED ? 0 : o->endings[i];
    bool voices = i + 1 == o->n && o->r->letters[i] & f->s->voicing;
    return voices || o->r->letters[i] & KK_JOINED ? 0 : o->r->letters[i];
}

/* Can one word be both? */
static bool agree(const search *f, const outcome *a, const outcome *b) {
    if (a->n == b->n && !(a->r->letters[a->n - 1] & b->r->letters[b->n - 1])) return false;
    for (size_t i = 0; i < f->w.n; i++) {
        kk_set x = read_as(f, a, i), y = read_as(f, b, i);
        if (x && y && !(x & y)) return false;
    }
    return true;
}

/* Is nothing left for o beside the longer one?  They are one reading; or that is the whole word,
 * and fewer letters of it are read otherwise than they stand. */
static bool is_better(const search *f, const outcome *longer, const outcome *o) {
    if (longer->n == f->w.n && o->n < f->w.n && longer->loose < o->loose) return true;
    return longer->loose <= o->loose && agree(f, longer, o);
}

/* Of the roots that one reading of the letters allows the longest; of several readings that of
 * each, but none that reads letters otherwise than they stand where a root as long does not. */
static void choose(search *f, kk_stemmed *out) {
    const outcome *all[OUTCOMES_MAX], *kept[OUTCOMES_MAX];
    size_t n = 0;
    bool exact = false;
    for (size_t i = 0; i < f->nroots; i++) all[i] = &f->roots[i];
    if (f->nroots) qsort(all, f->nroots, sizeof *all, by_score);
    for (size_t i = 0; i < f->nroots; i++) {
        const outcome *o = all[i];
        bool worse = exact && o->loose;
        for (size_t k = 0; k < n && !worse; k++) worse = is_better(f, kept[k], o);
        if (worse) continue;
        exact |= !o->loose && !(o->r->kind & KK_SELDOM);
        kept[n++] = o;
    }
    for (size_t i = 0; i < n; i++) add_stem(out, kept[i]->r->stem);
    out->known = out->n != 0;
}

/* Forget which letters the script shows: what is left is the same in every script.  й stands behind
 * vowels, ұ and ү do not. */
static void forget_letters(search *f) {
    const kk_grammar *g = &f->s->grammar;
    for (size_t i = 0; i < f->w.n; i++) {
        bool after_vowel = i && is_vowel(f->w.at[i - 1]);
        kk_set set = kk_letters_of_key(f->w.at[i]);
        if (f->w.at[i] == 'i' && !after_vowel) set &= ~f->s->j;
        if (f->w.at[i] == 'u' && after_vowel) set &= ~(g->back | g->front);
        f->w.letters[i] = f->exact[i] = set;
    }
}

static void take_all(search *f) {
    consider(f, f->w.n, KK_NOUN | KK_VERB_ROOT | KK_WHOLE, (way){0});
    take_endings(f, f->w.n, KK_ANY, (way){0});
}

static void add_rest(search *f, kk_stemmed *out) {
    f->rests = true;
    forget_letters(f);
    take_all(f);
    size_t n = kk_key_of_spelling(f->w.at, f->rest, out->at[0].key);
    char *last = &out->at[0].key[n - 1];
    if (unvoiced(*last)) *last = unvoiced(*last);
    out->at[0].len = n;
    out->n = 1;
}

/* --- the stemmer --- */

kk_stemmer *kk_stemmer_new(void) {
    kk_stemmer *s = jbk_calloc(1, sizeof *s);
    kk_grammar_init(&s->grammar);
    s->t = kk_letters("т");
    s->j = kk_letters("й");
    s->narrow_i = kk_letters("ыі");
    s->hissing = kk_letters("сш");
    s->ng = kk_letters("ң");
    s->s = kk_letters("с");
    s->sh = kk_letters("ш");
    static const char *const VOICING[3][2] = {{"б", "п"}, {"г", "к"}, {"ғ", "қ"}};
    for (int i = 0; i < 3; i++) {
        s->voiced[i] = kk_letters(VOICING[i][0]);
        s->unvoiced[i] = kk_letters(VOICING[i][1]);
    }
    s->voicing = kk_letters("бпгкғқ");
    s->nroots = kk_nroot_entries;
    s->roots = jbk_calloc(s->nroots, sizeof *s->roots);
    for (size_t i = 0; i < s->nroots; i++) load_root(s, &kk_root_entries[i], &s->roots[i]);
    if (s->nroots) qsort(s->roots, s->nroots, sizeof *s->roots, by_spelling);
    return s;
}

void kk_stemmer_free(kk_stemmer *s) {
    if (!s) return;
    free(s->roots);
    jbk_arena_free(&s->spellings);
    free(s);
}

/* Writers of plain Latin letters leave the mark of ş out, too: look for roots where some of the
 * first few s are ш. */
enum { LOST_MAX = 3 };

static void choose_with_lost_marks(search *f, kk_stemmed *out) {
    size_t lost[LOST_MAX], n = 0;
    for (size_t i = 0; i < f->w.n && n < LOST_MAX; i++)
        if (f->w.letters[i] & f->s->s && !(f->w.letters[i] & KK_JOINED)) lost[n++] = i;
    const spelling was = f->w;
    for (unsigned marked = 1; marked < 1u << n && !out->n; marked++) {
        for (size_t k = 0; k < n; k++) {
            if (!(marked & 1u << k)) continue;
            f->w.at[lost[k]] = 'S';
            f->w.letters[lost[k]] = f->exact[lost[k]] = f->s->sh;
        }
        take_all(f);
        size_t kept = 0;
        for (size_t i = 0; i < f->nroots; i++)
            if (f->roots[i].n >= REST_MIN) f->roots[kept++] = f->roots[i];
        f->nroots = kept;
        choose(f, out);
        f->nroots = 0;
        f->w = was;
        for (size_t k = 0; k < n; k++) f->exact[lost[k]] = was.letters[lost[k]];
    }
}

static bool is_plain_latin(const kk_word *w, const char *word, size_t len) {
    bool plain = w->script == JBK_SCRIPT_LATN;
    for (size_t i = 0; i < len; i++) plain &= jbk_utf8_ascii(word[i]) && word[i] != '\'';
    return plain;
}

void kk_stem(const kk_stemmer *s, const char *word, size_t len, kk_stemmed *out) {
    search f; /* large, and not all of it is used */
    kk_word loose, exact;
    char at[SPELLING_MAX];
    out->n = 0;
    out->known = false;
    if (!kk_read(word, len, true, &loose) || !kk_read(word, len, false, &exact)) return;
    f.w.n = kk_spell(&loose, f.w.at, f.w.letters);
    if (!f.w.n || kk_spell(&exact, at, f.exact) != f.w.n) return;
    f.s = s;
    f.nroots = f.rest = 0;
    f.rest_score = 0;
    f.rests = false;
    take_all(&f);
    choose(&f, out);
    if (!out->n && is_plain_latin(&loose, word, len)) choose_with_lost_marks(&f, out);
    if (!out->n) add_rest(&f, out);
}
