/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records that may not be shown again.  They are dead at once; `compact --purge` takes their
 * bytes out of the files. */
#include "base/safe.h"
#include "base/utf8.h"
#include "called.h"
#include "eval.h"
#include "expand.h"
#include "filter.h"
#include "search/commands.h"
#include "session.h"
#include "store/inputs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { O_INDEX, O_IDS, O_DRY_RUN };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {0, "ids", "FILE",
     "forget the ids, urls or PLATFORM:ID in FILE, one a line (- is standard input)"},
    {0, "dry-run", NULL, "only say how many records it would be"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "Every version of the records is forgotten, and what was observed of them.  No command shows\n"
    "the records from then on; their words and bytes leave the disk with: jibek compact --purge.\n"
    "Indexing their source again brings them back.";

typedef struct {
    const char *index, *ids, *query;
    bool dry_run;
} options;

/* --- which documents --- */

/* Add every version of the record that `doc` is a version of. */
static jbk_status add_versions(jbk_index *x, uint32_t doc, roaring_bitmap_t *set, jbk_err *err) {
    jbk_record r = {0};
    jbk_buf wanted = {0}, other = {0}, name = {0};
    jbk_docs docs = {0};
    jbk_status status = jbk_index_record(x, doc, &r, err);
    roaring_bitmap_add(set, doc);
    if (!status) {
        jbk_record_identity(&r, &wanted);
        bool by_url = wanted.data[0] == 'u';
        jbk_str s = by_url ? r.field[JBK_F_URL] : r.field[JBK_F_ID];
        if (wanted.data[0] == 'd') s = r.digest;
        jbk_buf_add(&name, s.s, s.len); /* r's strings go with the next read */
        status =
            jbk_index_find(x, by_url ? JBK_F_URL : JBK_F_ID, name.data, name.len, true, &docs, err);
    }
    for (size_t i = 0; i < docs.n && !status; i++) {
        status = jbk_index_record(x, docs.at[i], &r, err);
        if (status) break;
        jbk_record_identity(&r, &other);
        if (other.len == wanted.len && !memcmp(other.data, wanted.data, other.len))
            roaring_bitmap_add(set, docs.at[i]);
    }
    jbk_record_free(&r);
    jbk_vec_free(&docs);
    jbk_buf_free(&wanted);
    jbk_buf_free(&other);
    jbk_buf_free(&name);
    return status;
}

/* An id or a url as a query finds texts that mention it; who writes one here may want to forget the
 * record that has it. */
static jbk_status refuse_name(jbk_index *x, const char *text, jbk_err *err) {
    enum { SHOWN_MAX = 200 };
    static const jbk_field_id NAMES[] = {JBK_F_ID, JBK_F_URL};
    jbk_docs docs = {0};
    jbk_status status = JBK_OK;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES && !status; i++) {
        const char *field = jbk_fields[NAMES[i]].name;
        status = jbk_index_find(x, NAMES[i], text, strlen(text), false, &docs, err);
        if (!status && docs.n)
            status = jbk_fail(err, JBK_USAGE, "forget",
                              "%.*s is the %s of a record; write %s:\"...\" to forget that one, or "
                              "\"...\" to forget what mentions it",
                              (int)jbk_utf8_cut(text, strlen(text), SHOWN_MAX), text, field, field);
    }
    jbk_vec_free(&docs);
    return status;
}

static jbk_status match_query(jbk_index *x, const char *text, roaring_bitmap_t *set, jbk_err *err) {
    jbk_query *q = NULL;
    jbk_answers none = {0};
    jbk_match_set m = {0};
    jbk_status status = refuse_name(x, text, err);
    if (!status) status = jbk_query_parse_shown(text, &q, err);
    if (!status) status = jbk_expand(x, q, err);
    if (!status) status = jbk_eval(x, q, &none, &m, err);
    if (!status) roaring_bitmap_or_inplace(set, m.sure);
    jbk_match_set_free(&m);
    jbk_query_free(q);
    return status;
}

static jbk_status match_ids(jbk_index *x, const char *path, roaring_bitmap_t *set, jbk_err *err) {
    FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
    if (!f) return jbk_fail_sys(err, errno, "fopen", "cannot open %s", path);
    char *line = NULL;
    size_t cap = 0;
    jbk_docs docs = {0};
    jbk_status status = JBK_OK;
    for (ssize_t n; !status && (n = getline(&line, &cap, f)) >= 0;) {
        while (n && (line[n - 1] == '\n' || line[n - 1] == '\r')) n--;
        size_t len = (size_t)n;
        if (!len) continue;
        status = jbk_called_find(x, line, len, false, &docs, err);
        for (size_t i = 0; i < docs.n && !status; i++) roaring_bitmap_add(set, docs.at[i]);
        if (!status && !docs.n) {
            jbk_buf safe = {0};
            jbk_safe_add(&safe, line, len);
            fprintf(stderr, "jibek: no record has the id or url %s\n", jbk_buf_cstr(&safe));
            jbk_buf_free(&safe);
        }
    }
    jbk_vec_free(&docs);
    free(line);
    if (f != stdin) fclose(f);
    return status;
}

static jbk_status with_versions(jbk_index *x, const roaring_bitmap_t *records,
                                roaring_bitmap_t *out, jbk_err *err) {
    jbk_status status = JBK_OK;
    roaring_uint32_iterator_t *it = roaring_create_iterator(records);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it))
        status = add_versions(x, it->current_value, out, err);
    roaring_free_uint32_iterator(it);
    return status;
}

/* --- the commit --- */

static jbk_status put_bitmap(jbk_commit *c, const char *key, const roaring_bitmap_t *set,
                             jbk_err *err) {
    size_t len = roaring_bitmap_portable_size_in_bytes(set);
    char *bytes = jbk_alloc(len);
    roaring_bitmap_portable_serialize(set, bytes);
    jbk_status status = jbk_commit_meta(c, key, bytes, len, err);
    free(bytes);
    return status;
}

static jbk_status identity_of(jbk_index *x, uint32_t doc, jbk_buf *out, jbk_err *err) {
    jbk_record r = {0};
    jbk_status status = jbk_index_record(x, doc, &r, err);
    if (!status) jbk_record_identity(&r, out);
    jbk_record_free(&r);
    return status;
}

/* What `doc` copies once its original is gone: the heir, unless that is a version of its own
 * record. */
static jbk_status inherit(jbk_index *x, uint32_t doc, uint32_t heir, int64_t *copy_of,
                          jbk_err *err) {
    jbk_buf own = {0}, other = {0};
    jbk_status status = identity_of(x, doc, &own, err);
    if (!status) status = identity_of(x, heir, &other, err);
    bool same = own.len == other.len && !memcmp(own.data, other.data, own.len);
    *copy_of = same ? JBK_ABSENT : (int64_t)heir;
    jbk_buf_free(&own);
    jbk_buf_free(&other);
    return status;
}

/* Copies of a forgotten original: the first that stays is the original of the others. */
static jbk_status find_heirs(jbk_index *x, const roaring_bitmap_t *gone, jbk_commit *c,
                             jbk_err *err) {
    uint32_t *heir = jbk_calloc(x->docs, sizeof *heir); /* number + 1, by original */
    JBK_VEC(jbk_patch) patches = {0};
    jbk_status status = JBK_OK;
    for (uint32_t doc = 0; doc < x->docs && !status; doc++) {
        int64_t of;
        status = jbk_index_number(x, JBK_F_COPY_OF, doc, &of, err);
        if (status || of == JBK_ABSENT || of >= (int64_t)x->docs) continue;
        if (!roaring_bitmap_contains(gone, (uint32_t)of) || roaring_bitmap_contains(gone, doc) ||
            roaring_bitmap_contains(x->forgotten, doc))
            continue;
        jbk_patch p = {JBK_F_COPY_OF, doc, JBK_ABSENT};
        if (heir[of])
            status = inherit(x, doc, heir[of] - 1, &p.value, err);
        else
            heir[of] = doc + 1;
        jbk_vec_push(&patches, p);
    }
    if (!status) status = jbk_commit_patches(c, patches.at, patches.n, err);
    jbk_vec_free(&patches);
    free(heir);
    return status;
}

/* What waits under the names of a record that goes. */
static jbk_status drop_pending(jbk_index *x, uint32_t doc, jbk_commit *c, jbk_err *err) {
    jbk_record r = {0};
    jbk_buf name = {0};
    jbk_status status = jbk_index_record(x, doc, &r, err);
    if (!status) {
        jbk_record_identity(&r, &name);
        status = jbk_commit_drop_pending(c, name.data, name.len, err);
    }
    jbk_str url = r.field[JBK_F_URL];
    if (!status && url.s) {
        name.len = 0;
        jbk_buf_byte(&name, 'u');
        jbk_buf_add(&name, url.s, url.len);
        status = jbk_commit_drop_pending(c, name.data, name.len, err);
    }
    jbk_record_free(&r);
    jbk_buf_free(&name);
    return status;
}

static jbk_status commit(jbk_index *x, jbk_store *store, const roaring_bitmap_t *gone,
                         jbk_err *err) {
    jbk_commit *c;
    jbk_status status = jbk_commit_begin(store, &c, err);
    if (status) return status;
    roaring_bitmap_t *dead = roaring_bitmap_from_range(0, x->docs, 1);
    roaring_bitmap_andnot_inplace(dead, x->living);
    roaring_bitmap_or_inplace(dead, gone);
    roaring_bitmap_t *forgotten = roaring_bitmap_or(x->forgotten, gone);
    status = put_bitmap(c, JBK_META_DEAD, dead, err);
    if (!status) status = put_bitmap(c, JBK_META_FORGOTTEN, forgotten, err);
    if (!status) status = find_heirs(x, gone, c, err);
    roaring_uint32_iterator_t *it = roaring_create_iterator(gone);
    for (; it->has_value && !status; roaring_advance_uint32_iterator(it)) {
        status = jbk_commit_drop_observations(c, it->current_value, err);
        if (!status) status = drop_pending(x, it->current_value, c, err);
    }
    roaring_free_uint32_iterator(it);
    /* What is read again comes again, also from files that have not changed. */
    if (!status) status = jbk_commit_drop_inputs(c, err);
    roaring_bitmap_free(dead);
    roaring_bitmap_free(forgotten);
    if (!status) return jbk_commit_end(c, err);
    jbk_commit_abort(c);
    return status;
}

static jbk_status forget(const options *o, jbk_err *err) {
    jbk_store *store = NULL;
    jbk_index *x = NULL;
    /* Forgetting never makes an index. */
    jbk_status status = jbk_index_open(o->index, &x, err);
    jbk_index_close(x);
    x = NULL;
    if (!status) status = jbk_store_open(o->index, JBK_OPEN_WRITE, jbk_fold_digest(), &store, err);
    if (!status) status = jbk_index_over(store, &x, err);
    roaring_bitmap_t *records = roaring_bitmap_create(), *gone = roaring_bitmap_create();
    if (!status)
        status =
            o->ids ? match_ids(x, o->ids, records, err) : match_query(x, o->query, records, err);
    if (!status) status = with_versions(x, records, gone, err);
    unsigned long long n = roaring_bitmap_get_cardinality(records);
    if (!status && n && !o->dry_run) status = commit(x, store, gone, err);
    if (!status && o->dry_run)
        printf("%llu records would be forgotten\n", n);
    else if (!status && n)
        printf("%llu records forgotten; jibek compact --purge takes their bytes off the disk\n", n);
    else if (!status)
        printf("no record matches\n");
    roaring_bitmap_free(records);
    roaring_bitmap_free(gone);
    jbk_index_close(x);
    jbk_store_close(store);
    return !status && !n ? JBK_NOT_FOUND : status;
}

static jbk_status parse_args(int argc, char **argv, options *o, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_args_begin(&a, &jbk_command_forget, argc, argv);
    for (int option; (option = jbk_args_next(&a, err)) != JBK_ARGS_END;) {
        if (option == JBK_ARGS_WRONG) return JBK_USAGE;
        *help |= option == JBK_ARGS_HELP;
        if (option == O_INDEX) o->index = a.value;
        if (option == O_IDS) o->ids = a.value;
        if (option == O_DRY_RUN) o->dry_run = true;
    }
    if (*help) return JBK_OK;
    jbk_status status = jbk_args_need_index(o->index, err);
    if (status) return status;
    if (a.nrest != (o->ids ? 0 : 1))
        return jbk_fail(err, JBK_USAGE, "args", "either one query or --ids FILE is due");
    o->query = a.rest[0];
    return JBK_OK;
}

static int forget_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help = false;
    options o = {.index = getenv("JIBEK_INDEX")};
    jbk_status status = parse_args(argc, argv, &o, &help, &err);
    if (!status && help)
        jbk_print_help(&jbk_command_forget);
    else if (!status)
        status = forget(&o, &err);
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_forget = {"forget", "QUERY", "remove records for good",
                                        OPTIONS,  MORE,    forget_main};
