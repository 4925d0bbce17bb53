/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a family's documents have in common is told by the one published first; the names and
 * numbers in it are places, at which the others, aligned with it unit by unit, have theirs.  Places
 * that nearly always hold the same thing are one slot, for then each makes up for what edits have
 * taken from the other; places that hold one thing in all documents are none. */
#include "stories.h"

#include "text/align.h"
#include "text/names.h"

#include <stdlib.h>

enum { GAP_MAX = 8 /* units that may stand for a name we do not know */ };

/* A document as units; those of names and numbers say what they are. */
typedef struct {
    jbk_buf src; /* title and text, end to end */
    size_t title_len;
    jbk_units units;         /* start and end in `src` */
    JBK_VEC(uint32_t) codes; /* beside them: of names; NO_CODE */
} reading;

struct jbk_templater {
    jbk_index *index;
    jbk_names *names;
    jbk_aligner *aligner;
    jbk_folded folded;
    jbk_name_places found;
    reading base, other;
    JBK_VEC(uint32_t) to;     /* the base's units in the other document */
    JBK_VEC(uint32_t) places; /* units of the base that may be slots */
    jbk_intern things;        /* what stands at places: "=CODE" or text */
    JBK_VEC(jbk_str) written; /* beside them: as first met */
    JBK_VEC(uint32_t) held;   /* place after place: 1 + thing of each document, 0 where none */
    JBK_VEC(uint32_t) slot;   /* of each place */
    JBK_VEC(uint32_t) heads;  /* the first place of each slot */
};

static const uint32_t NO_CODE = UINT32_MAX;

jbk_status jbk_templater_new(jbk_index *x, jbk_templater **out, jbk_err *err) {
    jbk_templater *t = jbk_calloc(1, sizeof *t);
    t->index = x;
    t->aligner = jbk_aligner_new();
    t->folded.want_map = true;
    jbk_status status = jbk_names_new(&t->names, err);
    if (status) {
        jbk_templater_free(t);
        t = NULL;
    }
    *out = t;
    return status;
}

static void free_reading(reading *r) {
    jbk_buf_free(&r->src);
    jbk_vec_free(&r->units);
    jbk_vec_free(&r->codes);
}

void jbk_templater_free(jbk_templater *t) {
    if (!t) return;
    jbk_names_free(t->names);
    jbk_aligner_free(t->aligner);
    jbk_folded_free(&t->folded);
    jbk_vec_free(&t->found);
    free_reading(&t->base);
    free_reading(&t->other);
    jbk_vec_free(&t->to);
    jbk_vec_free(&t->places);
    jbk_intern_free(&t->things);
    jbk_vec_free(&t->written);
    jbk_vec_free(&t->held);
    jbk_vec_free(&t->slot);
    jbk_vec_free(&t->heads);
    free(t);
}

void jbk_template_free(jbk_template *t) {
    for (size_t i = 0; i < t->slots.n; i++) jbk_vec_free(&t->slots.at[i].values);
    jbk_vec_free(&t->slots);
    jbk_vec_free(&t->pieces);
    jbk_arena_free(&t->arena);
}

/* --- reading --- */

static jbk_status read_field(jbk_templater *t, jbk_str s, reading *r, jbk_err *err) {
    size_t base = r->src.len, first = r->units.n, next = 0;
    t->found.n = 0;
    jbk_status status = jbk_names_in(t->names, s.s, s.len, &t->folded, &t->found, err);
    if (status) return status;
    jbk_units_add(&r->units, t->folded.utf8.data, t->folded.utf8.len, t->found.at, t->found.n);
    for (size_t i = first; i < r->units.n; i++) {
        jbk_unit *u = &r->units.at[i];
        size_t from, to;
        uint32_t code = NO_CODE;
        while (next < t->found.n && t->found.at[next].start < u->start) next++;
        if (u->symbol == JBK_UNIT_NAME && next < t->found.n) code = t->found.at[next].code;
        jbk_vec_push(&r->codes, code);
        jbk_fold_source(&t->folded, u->start, u->end, &from, &to);
        u->start = (uint32_t)(base + from);
        u->end = (uint32_t)(base + to);
    }
    jbk_buf_add(&r->src, s.s, s.len);
    return JBK_OK;
}

static jbk_status read_doc(jbk_templater *t, uint32_t doc, reading *r, jbk_err *err) {
    jbk_str title, text;
    r->src.len = r->title_len = r->units.n = r->codes.n = 0;
    jbk_status status = jbk_index_text(t->index, doc, &title, &text, err);
    if (!status && title.s) status = read_field(t, title, r, err);
    r->title_len = r->src.len;
    if (!status && text.s) status = read_field(t, text, r, err);
    return status;
}

static jbk_status find_base(jbk_index *x, const uint32_t *docs, size_t n, uint32_t *base,
                            jbk_err *err) {
    int64_t least = INT64_MAX, at;
    jbk_status status = JBK_OK;
    *base = docs[0];
    for (size_t i = 0; i < n && !status; i++) {
        status = jbk_index_number(x, JBK_F_PUBLISHED_AT, docs[i], &at, err);
        if (at == JBK_ABSENT || at >> 16 >= least) continue;
        least = at >> 16;
        *base = docs[i];
    }
    return status;
}

/* --- what stands at the places --- */

static uint32_t thing_of(jbk_templater *t, jbk_arena *arena, const char *s, size_t len,
                         uint32_t code) {
    size_t known = t->things.keys.n;
    const char *name = code == NO_CODE ? NULL : jbk_name_code(code);
    char key[64] = "=";
    if (name) strncat(key, name, sizeof key - 2);
    uint32_t k =
        name ? jbk_intern_add(&t->things, key, strlen(key)) : jbk_intern_add(&t->things, s, len);
    if (t->things.keys.n > known)
        jbk_vec_push(&t->written, ((jbk_str){jbk_arena_dup(arena, s, len), len}));
    return k + 1;
}

/* The unit for the base's unit i, or the few that stand between what its neighbours are. */
static uint32_t stands_at(jbk_templater *t, jbk_arena *arena, size_t i) {
    const reading *o = &t->other;
    uint32_t j = t->to.at[i];
    const jbk_unit *u = o->units.at;
    if (j != JBK_ALIGN_NONE)
        return thing_of(t, arena, o->src.data + u[j].start, u[j].end - u[j].start, o->codes.at[j]);
    if (t->base.units.at[i].symbol != JBK_UNIT_NAME || i + 1 >= t->to.n) return 0;
    uint32_t before = i ? t->to.at[i - 1] : JBK_ALIGN_NONE, after = t->to.at[i + 1];
    uint32_t from = i ? before + 1 : 0;
    if ((i && before == JBK_ALIGN_NONE) || after == JBK_ALIGN_NONE) return 0;
    if (after <= from || after - from > GAP_MAX) return 0;
    size_t start = u[from].start, end = u[after - 1].end;
    if (start < o->title_len && end > o->title_len) return 0;
    for (uint32_t k = from; k < after; k++)
        if (u[k].symbol == JBK_UNIT_NUMBER) return 0;
    return thing_of(t, arena, o->src.data + start, end - start, NO_CODE);
}

static void find_places(jbk_templater *t) {
    t->places.n = 0;
    for (size_t i = 0; i < t->base.units.n && i < JBK_ALIGN_MAX; i++)
        if (t->base.units.at[i].symbol <= JBK_UNIT_NUMBER) jbk_vec_push(&t->places, (uint32_t)i);
}

static jbk_status fill_places(jbk_templater *t, const uint32_t *docs, size_t n, jbk_template *out,
                              jbk_err *err) {
    jbk_status status = JBK_OK;
    t->held.n = 0;
    jbk_vec_reserve(&t->held, t->places.n * n);
    t->held.n = t->places.n * n;
    t->to.n = 0;
    jbk_vec_reserve(&t->to, t->base.units.n);
    t->to.n = t->base.units.n;
    for (size_t d = 0; d < n && !status; d++) {
        status = read_doc(t, docs[d], &t->other, err);
        if (status) break;
        jbk_align_units(t->aligner, &t->base.units, &t->other.units, t->to.at);
        for (size_t p = 0; p < t->places.n; p++)
            t->held.at[p * n + d] = stands_at(t, &out->arena, t->places.at[p]);
    }
    return status;
}

/* --- slots --- */

/* Do two places hold the same in nine of ten documents where both hold something? */
static bool agree(const jbk_templater *t, size_t p, size_t q, size_t n) {
    const uint32_t *a = t->held.at + p * n, *b = t->held.at + q * n;
    size_t both = 0, same = 0;
    if (t->base.units.at[t->places.at[p]].symbol != t->base.units.at[t->places.at[q]].symbol)
        return false;
    for (size_t d = 0; d < n; d++) {
        both += a[d] && b[d];
        same += a[d] && a[d] == b[d];
    }
    return 2 * both >= n && 10 * same >= 9 * both;
}

static void group_places(jbk_templater *t, size_t n) {
    t->slot.n = t->heads.n = 0;
    for (size_t p = 0; p < t->places.n; p++) {
        uint32_t s = 0;
        while (s < t->heads.n && !agree(t, t->heads.at[s], p, n)) s++;
        if (s == t->heads.n) jbk_vec_push(&t->heads, (uint32_t)p);
        jbk_vec_push(&t->slot, s);
    }
}

/* What most places of a slot hold in a document; 0 where none holds anything. */
static uint32_t held_in(const jbk_templater *t, uint32_t slot, size_t d, size_t n) {
    uint32_t best = 0, most = 0;
    for (size_t p = 0; p < t->places.n; p++) {
        uint32_t here = t->held.at[p * n + d], votes = 0;
        if (t->slot.at[p] != slot || !here || here == best) continue;
        for (size_t q = p; q < t->places.n; q++)
            votes += t->slot.at[q] == slot && t->held.at[q * n + d] == here;
        if (votes > most) {
            most = votes;
            best = here;
        }
    }
    return best;
}

static int by_docs(const void *x, const void *y) {
    const jbk_slot_value *a = x, *b = y;
    if (a->docs != b->docs) return a->docs > b->docs ? -1 : 1;
    size_t n = a->text.len < b->text.len ? a->text.len : b->text.len;
    int order = memcmp(a->text.s, b->text.s, n);
    return order ? order : a->text.len < b->text.len ? -1 : a->text.len > b->text.len;
}

static jbk_str code_of(const jbk_templater *t, jbk_arena *arena, uint32_t thing) {
    jbk_interned key = t->things.keys.at[thing];
    if (!key.len || key.s[0] != '=') return (jbk_str){0};
    return (jbk_str){jbk_arena_dup(arena, key.s + 1, key.len - 1), key.len - 1};
}

/* The values of a slot; false where one thing stands in nine of ten. */
static bool fill_slot(jbk_templater *t, uint32_t slot, size_t n, jbk_template *out, jbk_slot *s) {
    uint32_t *counts = jbk_calloc(t->things.keys.n + 1, sizeof *counts), most = 0;
    uint32_t unit = t->places.at[t->heads.at[slot]];
    s->number = t->base.units.at[unit].symbol == JBK_UNIT_NUMBER;
    for (size_t d = 0; d < n; d++) counts[held_in(t, slot, d, n)]++;
    s->missing = counts[0];
    for (uint32_t k = 1; k <= t->things.keys.n; k++) {
        if (counts[k] > most) most = counts[k];
        if (counts[k])
            jbk_vec_push(&s->values, ((jbk_slot_value){code_of(t, &out->arena, k - 1),
                                                       t->written.at[k - 1], counts[k]}));
    }
    jbk_vec_sort(&s->values, by_docs);
    free(counts);
    return 10 * (uint64_t)most <= 9 * (n - s->missing);
}

/* --- the whole --- */

static void add_piece(jbk_template *out, const reading *r, size_t from, size_t to, uint32_t slot) {
    /* Title and text are pieces of their own. */
    if (from < r->title_len && to > r->title_len) {
        add_piece(out, r, from, r->title_len, slot);
        from = r->title_len;
    }
    if (from >= to) return;
    jbk_template_piece p = {.slot = slot, .title = from < r->title_len};
    p.text = (jbk_str){jbk_arena_dup(&out->arena, r->src.data + from, to - from), to - from};
    jbk_vec_push(&out->pieces, p);
}

static void cut(jbk_templater *t, const uint32_t *numbers, jbk_template *out) {
    size_t at = 0;
    for (size_t p = 0; p < t->places.n; p++) {
        const jbk_unit *u = &t->base.units.at[t->places.at[p]];
        uint32_t slot = numbers[t->slot.at[p]];
        if (!slot) continue;
        add_piece(out, &t->base, at, u->start, 0);
        add_piece(out, &t->base, u->start, u->end, slot);
        at = u->end;
    }
    add_piece(out, &t->base, at, t->base.src.len, 0);
}

jbk_status jbk_template_make(jbk_templater *t, const uint32_t *docs, size_t n, jbk_template *out,
                             jbk_err *err) {
    *out = (jbk_template){0};
    jbk_intern_free(&t->things);
    t->written.n = 0;
    jbk_status status = find_base(t->index, docs, n, &out->doc, err);
    if (!status) status = read_doc(t, out->doc, &t->base, err);
    if (!status) {
        find_places(t);
        status = fill_places(t, docs, n, out, err);
    }
    if (status) {
        jbk_template_free(out);
        return status;
    }
    group_places(t, n);
    uint32_t *numbers = jbk_calloc(t->heads.n + 1, sizeof *numbers);
    for (uint32_t s = 0; s < t->heads.n; s++) {
        jbk_slot slot = {0};
        if (fill_slot(t, s, n, out, &slot)) {
            jbk_vec_push(&out->slots, slot);
            numbers[s] = (uint32_t)out->slots.n;
        } else {
            jbk_vec_free(&slot.values);
        }
    }
    cut(t, numbers, out);
    free(numbers);
    return JBK_OK;
}
