/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "queries.h"

#include "eval.h"
#include "expand.h"
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Values that are kept, over all queries and facets. */
enum { VALUES_MAX = 20000000 };

void jbk_queries_free(jbk_queries *q) {
    for (size_t i = 0; i < q->rows.n; i++) {
        jbk_answered *a = &q->rows.at[i];
        for (size_t f = 0; a->facets && f < q->nfacets; f++) jbk_vec_free(&a->facets[f].values);
        free(a->facets);
        free(a->wrong);
    }
    for (size_t f = 0; q->values && f < q->nfacets; f++) jbk_intern_free(&q->values[f]);
    free(q->values);
    jbk_vec_free(&q->rows);
    jbk_arena_free(&q->arena);
}

/* --- lines --- */

static void add_line(jbk_queries *q, const char *s, size_t len, uint64_t line) {
    while (len && strchr("\r\n", s[len - 1])) len--;
    if (line == 1 && len >= 3 && !memcmp(s, "\xEF\xBB\xBF", 3)) {
        s += 3;
        len -= 3;
    }
    if (!len) return;
    char *kept = jbk_arena_dup(&q->arena, s, len);
    const char *tab = memchr(kept, '\t', len);
    jbk_answered a = {.line = line, .name = {kept, len}, .query = {kept, len}};
    if (tab) {
        a.name.len = (size_t)(tab - kept);
        a.query = (jbk_str){tab + 1, len - a.name.len - 1};
    }
    jbk_vec_push(&q->rows, a);
}

static jbk_status read_lines(jbk_queries *q, const char *path, jbk_err *err) {
    bool standard = !strcmp(path, "-");
    FILE *f = standard ? stdin : fopen(path, "re");
    if (!f) return jbk_fail_sys(err, errno, "fopen", "cannot read %s", path);
    char *s = NULL;
    size_t cap = 0;
    uint64_t line = 0;
    for (ssize_t n; (n = getline(&s, &cap, f)) > 0;) add_line(q, s, (size_t)n, ++line);
    jbk_status status =
        ferror(f) ? jbk_fail_sys(err, errno, "read", "cannot read %s", path) : JBK_OK;
    free(s);
    if (!standard) fclose(f);
    return status;
}

/* --- answers --- */

static jbk_status count_facets(jbk_index *x, jbk_queries *q, const roaring_bitmap_t *set,
                               jbk_answered *a, size_t *kept, jbk_err *err) {
    a->facets = jbk_calloc(q->nfacets, sizeof *a->facets);
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < q->nfacets && !status; i++) {
        jbk_facet f = {.name = q->facets[i].name, .field = q->facets[i].field};
        status = jbk_facet_count(x, set, &f, err);
        *kept += f.values.n;
        if (!status && *kept > VALUES_MAX)
            status = jbk_fail(err, JBK_USAGE, "facet",
                              "--facet %s has too many values for so many queries", f.name);
        for (size_t k = 0; k < f.values.n && !status; k++) {
            jbk_str value = f.values.at[k].value;
            jbk_value_count c = {jbk_intern_add(&q->values[i], value.s, value.len),
                                 f.values.at[k].count};
            jbk_vec_push(&a->facets[i].values, c);
        }
        a->facets[i].missing = f.missing;
        jbk_vec_free(&f.values);
        jbk_arena_free(&f.arena);
    }
    return status;
}

static jbk_status answer(jbk_index *x, jbk_queries *q, const char *path, jbk_answered *a,
                         size_t *kept, jbk_err *err) {
    jbk_query *tree;
    size_t at;
    jbk_err wrong = {0};
    jbk_answers none = {0};
    jbk_match_set match = {0};
    jbk_status status = strlen(a->query.s) < a->query.len
                            ? jbk_fail(&wrong, JBK_USAGE, "query", "the query holds a NUL")
                            : jbk_query_parse(a->query.s, &tree, &at, &wrong);
    if (status) {
        a->wrong = jbk_strndup(wrong.msg, strlen(wrong.msg));
        if (strlen(a->query.s) < a->query.len) at = strlen(a->query.s);
        jbk_query_show_wrong(path, a->line, a->query.s, at, &wrong);
        return JBK_OK;
    }
    status = jbk_expand(x, tree, err);
    if (!status) status = jbk_eval(x, tree, &none, &match, err);
    if (!status) {
        a->total = roaring_bitmap_get_cardinality(match.sure);
        a->undecided = jbk_match_set_undecided(&match);
        status = count_facets(x, q, match.sure, a, kept, err);
        jbk_match_set_free(&match);
    }
    jbk_query_free(tree);
    return status;
}

jbk_status jbk_queries_answer(jbk_index *x, const char *path, const jbk_facet *facets,
                              size_t nfacets, jbk_queries *out, jbk_err *err) {
    *out = (jbk_queries){.facets = facets, .nfacets = nfacets};
    out->values = jbk_calloc(nfacets, sizeof *out->values);
    size_t kept = 0;
    jbk_status status = read_lines(out, path, err);
    if (!status && !out->rows.n)
        status = jbk_fail(err, JBK_USAGE, "queries", "there is no query in %s",
                          strcmp(path, "-") ? path : "standard input");
    for (size_t i = 0; i < out->rows.n && !status; i++)
        status = answer(x, out, path, &out->rows.at[i], &kept, err);
    return status;
}
