/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checker.h"

#include "base/safe.h"

#include <stdio.h>
#include <stdlib.h>

/* Lines a person can read. */
enum { FINDINGS_MAX = 1000 };

static jbk_finding *finding(jbk_check *c, jbk_finding_kind kind, const char *where,
                            const char *what) {
    jbk_findings *f = &c->findings;
    char *text = jbk_printf("%s: %s", where, what);
    uint32_t number;
    bool known = jbk_intern_find(&f->texts, text, strlen(text), &number);
    if (!known && f->at.n < FINDINGS_MAX) {
        number = jbk_intern_add(&f->texts, text, strlen(text));
        jbk_finding new = {.last = JBK_NO_ONE, .stored = kind == JBK_NOT_AS_WRITTEN};
        jbk_vec_push(&f->at, new);
        known = true;
    }
    free(text);
    if (!known) f->more++;
    return known ? &f->at.at[number] : NULL;
}

void jbk_check_find(jbk_check *c, jbk_finding_kind kind, const char *where, const char *what,
                    uint32_t doc) {
    jbk_check_find_range(c, kind, where, what, doc, doc == JBK_NO_ONE ? 0 : 1);
}

void jbk_check_find_range(jbk_check *c, jbk_finding_kind kind, const char *where, const char *what,
                          uint32_t first, uint32_t n) {
    jbk_finding *f = finding(c, kind, where, what);
    if (!f) return;
    if (n == 1 && first == f->last) return; /* once for a document */
    for (uint32_t i = 0; i < n && f->docs + i < JBK_NAMED_DOCS; i++)
        f->first[f->docs + i] = first + i;
    f->docs += n;
    if (n) f->last = first + n - 1;
}

/* Messages of the store end in a remedy of their own. */
void jbk_check_find_err(jbk_check *c, const char *where, const jbk_err *err, uint32_t first,
                        uint32_t n) {
    char what[sizeof err->msg];
    memcpy(what, err->msg, sizeof what);
    char *remedy = strstr(what, "; ");
    if (remedy) *remedy = '\0';
    jbk_check_find_range(c, JBK_NOT_AS_WRITTEN, where, what, first, n);
}

void jbk_findings_free(jbk_findings *f) {
    jbk_intern_free(&f->texts);
    jbk_vec_free(&f->at);
}

const char *jbk_check_table(jbk_table_id table) {
    static const char *const where[JBK_TABLES] = {
        "meta.mdb, table meta",   "meta.mdb, table segments", "meta.mdb, table columns",
        "meta.mdb, table values", "meta.mdb, table codes",    "meta.mdb, table observations",
        "meta.mdb, table inputs", "meta.mdb, table pending"};
    return where[table];
}

char *jbk_check_file(const jbk_segment_info *segment, const char *ending) {
    return jbk_printf("%06u.%s", segment->number, ending);
}

void jbk_check_progress(const jbk_check *c, const char *what, uint64_t done, uint64_t all) {
    if (!c->terminal) return;
    if (!what)
        fputs("\r\033[K", stderr);
    else
        fprintf(stderr, "\r\033[Kchecking %s: %llu%%", what,
                (unsigned long long)(all ? done * 100 / all : 0));
    fflush(stderr);
}

/* What people call the document, or its number where its record cannot be read. */
static void put_name(jbk_check *c, uint32_t doc, jbk_buf *out) {
    const jbk_segment_info *seg = c->view ? jbk_view_segment_of(c->view, doc) : NULL;
    jbk_record r = {0};
    bool known = seg && seg->volume && c->reader &&
                 !jbk_record_read_rest(seg->volume, c->reader, doc - seg->base, &r, NULL);
    jbk_str name = known ? jbk_record_name(&r) : (jbk_str){0};
    if (name.s)
        jbk_safe_add(out, name.s, name.len);
    else
        jbk_buf_printf(out, "number %u", doc);
    jbk_record_free(&r);
}

static void put_documents(jbk_check *c, const jbk_finding *f, jbk_buf *out) {
    if (!f->docs) return;
    jbk_buf_printf(out, "; %llu document%s: ", (unsigned long long)f->docs, f->docs > 1 ? "s" : "");
    for (uint64_t i = 0; i < f->docs && i < JBK_NAMED_DOCS; i++) {
        if (i) jbk_buf_str(out, ", ");
        put_name(c, f->first[i], out);
    }
    if (f->docs > JBK_NAMED_DOCS) jbk_buf_str(out, ", ...");
}

void jbk_check_print(jbk_check *c) {
    jbk_buf line = {0};
    for (size_t i = 0; i < c->findings.at.n; i++) {
        const jbk_finding *f = &c->findings.at.at[i];
        jbk_interned text = c->findings.texts.keys.at[i];
        line.len = 0;
        jbk_safe_add(&line, text.s, text.len);
        put_documents(c, f, &line);
        jbk_buf_str(&line, f->stored ? "; " JBK_REMEDY
                                     : "; index again, for copies of this index will have it too");
        printf("%s\n", jbk_buf_cstr(&line));
    }
    if (c->findings.more) printf("and %llu more\n", (unsigned long long)c->findings.more);
    jbk_buf_free(&line);
}
