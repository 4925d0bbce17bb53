/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of bits against the table of all pairs. */
#include "support.h"
#include "text/align.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 3000, MOST = 300 };

/* Symbols of which some are often there; y is sometimes made of x. */
static void make_row(jbk_symbols *out, const jbk_symbols *of) {
    size_t n = random_below(4) ? random_below(MOST) : random_below(4), kinds = 1 + random_below(60);
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        bool taken = of && i < of->n && random_below(4);
        jbk_vec_push(out, taken ? of->at[i] : (uint32_t)(random_below(kinds) * 0x01000193u));
    }
}

/* table[i * (ny + 1) + j]: the longest of x's first i and y's first j. */
static size_t longest(const jbk_symbols *x, const jbk_symbols *y) {
    size_t wide = y->n + 1;
    size_t *table = jbk_calloc((x->n + 1) * wide, sizeof *table);
    for (size_t i = 1; i <= x->n; i++) {
        for (size_t j = 1; j <= y->n; j++) {
            size_t up = table[(i - 1) * wide + j], left = table[i * wide + j - 1];
            table[i * wide + j] = up > left ? up : left;
            if (x->at[i - 1] == y->at[j - 1])
                table[i * wide + j] = table[(i - 1) * wide + j - 1] + 1;
        }
    }
    size_t most = table[x->n * wide + y->n];
    free(table);
    return most;
}

static void make_units(const jbk_symbols *row, jbk_units *out) {
    out->n = 0;
    for (size_t i = 0; i < row->n; i++) jbk_vec_push(out, ((jbk_unit){.symbol = row->at[i]}));
}

/* Pairs of equal units, ascending in both rows, as many as there can be. */
static void check_pairs(jbk_aligner *a, const jbk_symbols *x, const jbk_symbols *y, size_t most) {
    jbk_units of_x = {0}, of_y = {0};
    uint32_t *to = jbk_alloc((x->n + 1) * sizeof *to);
    size_t pairs = 0, next = 0;
    make_units(x, &of_x);
    make_units(y, &of_y);
    jbk_align_units(a, &of_x, &of_y, to);
    for (size_t i = 0; i < x->n; i++) {
        if (to[i] == JBK_ALIGN_NONE) continue;
        ck_must(to[i] >= next && to[i] < y->n, "unit %zu stands for %u", i, to[i]);
        ck_must(x->at[i] == y->at[to[i]], "unit %zu is another than %u", i, to[i]);
        next = to[i] + 1;
        pairs++;
    }
    ck_must(pairs == most, "%zu pairs of %zu", pairs, most);
    free(to);
    jbk_vec_free(&of_x);
    jbk_vec_free(&of_y);
}

START_TEST(as_the_table_says) {
    static const double LEAST[] = {0, 0.25, 0.5, 0.9, 1};
    jbk_symbols x = {0}, y = {0};
    jbk_aligner *a = jbk_aligner_new();
    random_begin(1);
    for (int round = 0; round < ROUNDS; round++) {
        make_row(&x, NULL);
        jbk_align_against(a, x.at, x.n);
        for (int others = 0; others < 3; others++) {
            make_row(&y, random_below(3) ? &x : NULL);
            size_t most = longest(&x, &y);
            double share = x.n && y.n ? 2.0 * (double)most / (double)(x.n + y.n) : 0;
            double least = random_pick(LEAST), got = jbk_align_share(a, y.at, y.n, least);
            double want = share < least ? 0 : share;
            ck_must(fabs(got - want) < 1e-12, "%g, not %g, at least %g", got, want, least);
            if (others == 2) check_pairs(a, &x, &y, most);
        }
    }
    jbk_aligner_free(a);
    jbk_vec_free(&x);
    jbk_vec_free(&y);
}
END_TEST

/* Units in common in whatever order. */
static size_t in_common(const jbk_symbols *x, const jbk_symbols *y) {
    bool *taken = jbk_calloc(y->n + 1, sizeof *taken);
    size_t common = 0;
    for (size_t i = 0; i < x->n; i++) {
        size_t j = 0;
        while (j < y->n && (taken[j] || y->at[j] != x->at[i])) j++;
        if (j == y->n) continue;
        taken[j] = true;
        common++;
    }
    free(taken);
    return common;
}

START_TEST(kinds_bound_what_is_common) {
    jbk_symbols row[2] = {0};
    size_t bounds = 0, exact = 0, all = 0;
    random_begin(2);
    for (int round = 0; round < 300; round++) {
        jbk_kinds kinds[2];
        /* Now few symbols, each more often than a kind is counted, now as many as a text has. */
        size_t some = random_below(2) ? 1 + random_below(4) : 2000;
        for (int r = 0; r < 2; r++) {
            row[r].n = 0;
            for (size_t n = random_below(2000); n; n--)
                jbk_vec_push(&row[r], 0x4E00 + (uint32_t)random_below(some));
            jbk_kinds_count(row[r].at, row[r].n, &kinds[r]);
        }
        size_t common = in_common(&row[0], &row[1]), bound = jbk_kinds_common(&kinds[0], &kinds[1]);
        ck_must(bound >= common && bound <= row[0].n && bound <= row[1].n,
                "%zu of %zu and %zu units are common, not %zu", common, row[0].n, row[1].n, bound);
        bounds += bound;
        exact += common;
        all += row[0].n < row[1].n ? row[0].n : row[1].n;
    }
    ck_must(bounds - exact < (all - exact) / 2, "bounds of %zu for %zu of %zu", bounds, exact, all);
    for (int r = 0; r < 2; r++) jbk_vec_free(&row[r]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("align");
    TCase *tcase = tcase_create("align");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, as_the_table_says);
    tcase_add_test(tcase, kinds_bound_what_is_common);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
