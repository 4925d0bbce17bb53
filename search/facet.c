/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facet.h"

#include "base/args.h"
#include "base/count.h"
#include "base/intern.h"
#include "filter.h"
#include "hit.h"

#include <stdlib.h>

jbk_status jbk_facet_parse(const char *spec, jbk_facet *out, jbk_err *err) {
    *out = (jbk_facet){.limit = 10, .field = -1};
    const char *colon = strrchr(spec, ':');
    size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
    uint64_t limit = 10;
    if (colon && !jbk_parse_number(colon + 1, UINT32_MAX, &limit))
        return jbk_fail(err, JBK_USAGE, "facet", "--facet %s: a number is due after the colon",
                        spec);
    out->limit = (uint32_t)limit;
    out->field = jbk_field_find(spec, len);
    bool extra = len > 2 && !memcmp(spec, JBK_EXTRA_PREFIX, 2);
    if (out->field < 0 && !extra)
        return jbk_fail(err, JBK_USAGE, "facet", "--facet %s: there is no field '%.*s'", spec,
                        (int)(len < 60 ? len : 60), spec);
    if (out->field == JBK_F_TITLE || out->field == JBK_F_TEXT)
        return jbk_fail(err, JBK_USAGE, "facet", "--facet %s: text has no values to count", spec);
    out->name = extra
                    ? jbk_strndup(spec, len)
                    : jbk_strndup(jbk_fields[out->field].name, strlen(jbk_fields[out->field].name));
    return JBK_OK;
}

void jbk_facet_free(jbk_facet *f) {
    free(f->name);
    jbk_vec_free(&f->values);
    jbk_arena_free(&f->arena);
}

/* --- the values that are shown --- */

/* A value and how often it was met.  What the key is, who counts knows: a code, the number of a
 * string, a packed count. */
typedef struct {
    int64_t key;
    uint64_t n;
} counted;
typedef JBK_VEC(counted) counted_list;

/* The value of a key; good until the next is asked for. */
typedef jbk_status name_key(void *arg, int64_t key, jbk_str *out, jbk_err *err);

/* heap[0 .. n) is a heap, the least at the top, but for the top itself, which may be too great. */
static void sink(uint64_t *heap, size_t n) {
    uint64_t v = heap[0];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1] < heap[child]) child++;
        if (heap[child] >= v) break;
        heap[at] = heap[child];
    }
    heap[at] = v;
}

/* The least count among the `most` greatest. */
static uint64_t least_shown(const counted_list *all, size_t most) {
    uint64_t *heap = jbk_calloc(most, sizeof *heap);
    for (size_t i = 0; i < all->n; i++) {
        if (all->at[i].n <= heap[0]) continue;
        heap[0] = all->at[i].n;
        sink(heap, most);
    }
    uint64_t least = heap[0];
    free(heap);
    return least;
}

static int by_count(const void *x, const void *y) {
    const jbk_facet_value *a = x, *b = y;
    if (a->count != b->count) return a->count > b->count ? -1 : 1;
    size_t n = a->value.len < b->value.len ? a->value.len : b->value.len;
    int order = memcmp(a->value.s, b->value.s, n);
    return order ? order : a->value.len < b->value.len ? -1 : a->value.len > b->value.len;
}

/* Only what is shown gets a name, and what was met as often as the last of it: there names decide.
 */
static jbk_status show(jbk_facet *f, const counted_list *all, name_key *name, void *arg,
                       jbk_err *err) {
    size_t shown = f->limit && f->limit < all->n ? f->limit : all->n;
    uint64_t least = shown < all->n ? least_shown(all, shown) : 0;
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < all->n && !status; i++) {
        jbk_str s;
        f->other += all->at[i].n;
        if (all->at[i].n < least) continue;
        status = name(arg, all->at[i].key, &s, err);
        if (status) break;
        jbk_facet_value v = {{jbk_arena_dup(&f->arena, s.s, s.len), s.len}, all->at[i].n};
        jbk_vec_push(&f->values, v);
    }
    if (status) return status;
    jbk_vec_sort(&f->values, by_count);
    f->values.n = shown;
    f->others = all->n - shown;
    for (size_t i = 0; i < shown; i++) f->other -= f->values.at[i].count;
    return JBK_OK;
}

/* Strings, and how often each was met; its number is its key. */
typedef struct {
    jbk_intern strings;
    counted_list counts;
} string_counts;

static void add_string(string_counts *t, const char *s, size_t len, uint64_t n) {
    uint32_t k = jbk_intern_add(&t->strings, s, len);
    if (k == t->counts.n) jbk_vec_push(&t->counts, ((counted){k, 0}));
    t->counts.at[k].n += n;
}

static jbk_status name_string(void *arg, int64_t key, jbk_str *out, jbk_err *err) {
    (void)err;
    const jbk_interned *s = &((const string_counts *)arg)->strings.keys.at[key];
    *out = (jbk_str){s->s, s->len};
    return JBK_OK;
}

static void free_strings(string_counts *t) {
    jbk_intern_free(&t->strings);
    jbk_vec_free(&t->counts);
}

/* --- by codes --- */

static jbk_status damaged(const jbk_facet *f, jbk_err *err) {
    return jbk_fail(err, JBK_DAMAGED, "facet", "the column of %s is damaged", f->name);
}

/* counts[code] for each code that there is, then one for no code and one for codes that there are
 * not.  `last`: the greatest stored number that is a code. */
static inline void tally(const jbk_chunk *c, const uint32_t *docs, uint32_t n, unsigned width,
                         uint64_t last, uint32_t *counts, uint32_t ncodes) {
    const char *data = c->data;
    uint64_t none = UINT64_MAX >> (64 - 8 * width);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t v = 0; /* little-endian, as the format says */
        memcpy(&v, data + (size_t)(docs[i] % JBK_CHUNK) * width, width);
        uint64_t other = c->has_absent && v == none ? ncodes : ncodes + UINT64_C(1);
        counts[v <= last ? (uint64_t)c->base + c->scale * v : other]++;
    }
}

static void tally_chunk(const jbk_chunk *c, const jbk_chunk_walk *w, uint32_t *counts,
                        uint32_t ncodes) {
    uint32_t n = w->n; /* of them, those in the chunk: documents ascend */
    while (n && w->docs[n - 1] % JBK_CHUNK >= c->n) n--;
    counts[ncodes] += w->n - n;
    bool code = c->base >= 0 && c->base < (int64_t)ncodes;
    if (!c->width) {
        counts[c->has_absent ? ncodes : code ? (uint64_t)c->base : ncodes + UINT64_C(1)] += n;
        return;
    }
    if (!code || !c->scale) {
        counts[ncodes + UINT64_C(1)] += n;
        return;
    }
    uint64_t none = UINT64_MAX >> (64 - 8 * c->width);
    uint64_t last = (ncodes - 1 - (uint64_t)c->base) / c->scale;
    if (last > none - c->has_absent) last = none - c->has_absent;
    switch (c->width) { /* a loop for each */
    case 1:
        tally(c, w->docs, n, 1, last, counts, ncodes);
        break;
    case 2:
        tally(c, w->docs, n, 2, last, counts, ncodes);
        break;
    case 3:
        tally(c, w->docs, n, 3, last, counts, ncodes);
        break;
    default:
        tally(c, w->docs, n, c->width, last, counts, ncodes);
    }
}

/* Where codes are not many more than documents: a counter for each. */
static jbk_status count_all(jbk_index *x, jbk_chunk_walk *w, jbk_facet *f, uint32_t ncodes,
                            counted_list *out, jbk_err *err) {
    uint32_t *counts = jbk_calloc((size_t)ncodes + 2, sizeof *counts);
    jbk_status status = JBK_OK;
    while (!status && jbk_chunk_walk_next(w)) {
        jbk_chunk c;
        status = jbk_index_chunk(x, (jbk_field_id)f->field, w->chunk, &c, err);
        if (!status) tally_chunk(&c, w, counts, ncodes);
    }
    if (!status && counts[ncodes + (size_t)1]) status = damaged(f, err);
    f->missing = counts[ncodes];
    for (uint32_t code = 0; code < ncodes && !status; code++)
        if (counts[code]) jbk_vec_push(out, ((counted){code, counts[code]}));
    free(counts);
    return status;
}

static int ascending(const void *x, const void *y) {
    const int64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* Sorts the values and counts each. */
static void count_sorted(int64_t *values, size_t n, counted_list *out) {
    if (n) qsort(values, n, sizeof *values, ascending);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && values[end] == values[i]; end++) {
        }
        jbk_vec_push(out, ((counted){values[i], end - i}));
    }
}

/* The values that are there are sorted: of counts, and of codes where there are many more than
 * documents. */
static jbk_status count_few(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                            counted_list *out, jbk_err *err) {
    uint64_t n = roaring_bitmap_get_cardinality(set), kept = 0;
    int64_t *values = jbk_alloc(n * sizeof *values);
    jbk_chunk_walk *w = jbk_chunk_walk_new(set);
    jbk_status status = JBK_OK;
    while (!status && jbk_chunk_walk_next(w)) {
        status = jbk_chunk_walk_values(x, w, (jbk_field_id)f->field, values + kept, err);
        uint64_t end = kept + w->n;
        for (uint64_t i = kept; i < end && !status; i++) {
            if (values[i] == JBK_ABSENT)
                f->missing++;
            else
                values[kept++] = values[i];
        }
    }
    jbk_chunk_walk_free(w);
    if (!status) count_sorted(values, kept, out);
    free(values);
    return status;
}

typedef struct {
    jbk_index *x;
    jbk_field_id field;
} code_namer;

static jbk_status name_code(void *arg, int64_t key, jbk_str *out, jbk_err *err) {
    const code_namer *n = arg;
    return jbk_index_value(n->x, n->field, (uint32_t)key, out, err);
}

/* A code of a KEYWORDS field is a set: each of its members counts. */
static jbk_status show_members(jbk_facet *f, const counted_list *codes, code_namer *namer,
                               jbk_err *err) {
    string_counts members = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < codes->n && !status; i++) {
        jbk_str s = {0};
        status = name_code(namer, codes->at[i].key, &s, err);
        for (size_t at = 0; at < s.len && !status;) {
            const char *sep = memchr(s.s + at, JBK_SET_SEP, s.len - at);
            size_t end = sep ? (size_t)(sep - s.s) : s.len;
            add_string(&members, s.s + at, end - at, codes->at[i].n);
            at = end + 1;
        }
    }
    if (!status) status = show(f, &members.counts, name_string, &members, err);
    free_strings(&members);
    return status;
}

static jbk_status facet_codes(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                              jbk_err *err) {
    enum { CODES = 256, CODES_A_DOC = 16 }; /* counters that cost less than sorting does */
    code_namer namer = {x, (jbk_field_id)f->field};
    counted_list codes = {0};
    uint32_t n;
    jbk_status status = jbk_view_values(x->view, namer.field, &n, err);
    if (status) return status;
    if (n <= CODES + CODES_A_DOC * roaring_bitmap_get_cardinality(set)) {
        jbk_chunk_walk *w = jbk_chunk_walk_new(set);
        status = count_all(x, w, f, n, &codes, err);
        jbk_chunk_walk_free(w);
    } else {
        status = count_few(x, set, f, &codes, err);
        if (!status && codes.n && (codes.at[0].key < 0 || codes.at[codes.n - 1].key >= n))
            status = damaged(f, err);
    }
    if (!status)
        status = jbk_fields[f->field].type == JBK_T_KEYWORDS
                     ? show_members(f, &codes, &namer, err)
                     : show(f, &codes, name_code, &namer, err);
    jbk_vec_free(&codes);
    return status;
}

/* --- numbers --- */

static jbk_status name_count(void *arg, int64_t key, jbk_str *out, jbk_err *err) {
    char *text = arg;
    (void)err;
    *out = (jbk_str){text, jbk_count_format(jbk_count_unpack((uint64_t)key), text)};
    return JBK_OK;
}

static jbk_status facet_counts(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                               jbk_err *err) {
    char text[JBK_COUNT_TEXT_MAX];
    counted_list counts = {0};
    jbk_status status = count_few(x, set, f, &counts, err);
    if (!status) status = show(f, &counts, name_count, text, err);
    jbk_vec_free(&counts);
    return status;
}

/* --- by reading every record --- */

static jbk_status facet_texts(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f,
                              jbk_err *err) {
    string_counts values = {0};
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_column column = {.field = f->field, .extra = f->field < 0 ? f->name + 2 : NULL};
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(set);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        status = jbk_hit_load(x, it->current_value, &hit, err);
        if (!status) status = jbk_hit_cell(x, &hit, &column, &cell, err);
        if (status) break;
        if (cell.len)
            add_string(&values, cell.data, cell.len, 1);
        else
            f->missing++;
    }
    roaring_free_uint32_iterator(it);
    if (!status) status = show(f, &values.counts, name_string, &values, err);
    jbk_hit_free(&hit);
    jbk_buf_free(&cell);
    free_strings(&values);
    return status;
}

jbk_status jbk_facet_count(jbk_index *x, const roaring_bitmap_t *set, jbk_facet *f, jbk_err *err) {
    bool codes = f->field >= 0 && jbk_fields[f->field].column == JBK_COL_CODES;
    bool counts = f->field >= 0 && jbk_fields[f->field].column == JBK_COL_NUMBERS &&
                  jbk_fields[f->field].type == JBK_T_COUNT;
    return codes    ? facet_codes(x, set, f, err)
           : counts ? facet_counts(x, set, f, err)
                    : facet_texts(x, set, f, err);
}
