/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `check`: the parts of an index against each other.  It trusts nothing and stops at nothing:
 * what is wrong becomes a finding, and what can still be read is looked at all the same. */
#ifndef JBK_SEARCH_CHECKER_H
#define JBK_SEARCH_CHECKER_H

#include "base/intern.h"
#include "store/record.h"
#include "store/verify.h"

#include <roaring/roaring.h>

/* --- findings --- */

enum { JBK_NAMED_DOCS = 10 };

typedef struct {
    uint64_t docs; /* touched */
    uint32_t first[JBK_NAMED_DOCS];
    uint32_t last;
    bool stored; /* a file is not what was written; else parts do not fit each other */
} jbk_finding;

typedef struct {
    jbk_intern texts; /* "where: what" -> number of the finding */
    JBK_VEC(jbk_finding) at;
    uint64_t more; /* findings that are not kept, because there are so many */
} jbk_findings;

/* --- what is being checked --- */

typedef struct {
    jbk_page_runs bad;
    bool sound;    /* the records file holds together: its lookups and words can be used */
    bool postings; /* the postings file is what was written */
} jbk_check_segment;

typedef struct {
    const char *dir;
    bool deep, terminal;
    jbk_findings findings;
    jbk_meta_state meta;
    jbk_store *store; /* NULL where it does not open */
    jbk_view *view;
    jbk_reader *reader, *other_reader;
    const jbk_segment_info *segments;
    jbk_check_segment *state; /* of each segment */
    size_t nsegments;
    bool sound; /* all segments are, and they follow each other */
    uint32_t docs;
    roaring_bitmap_t *dead;      /* NULL where it cannot be read */
    roaring_bitmap_t *forgotten; /* likewise; their places may be empty */
} jbk_check;

/* Something is wrong, seen at document `doc` (JBK_NO_ONE: at none).  The same text is one
 * finding, however many documents it touches. */
#define JBK_NO_ONE UINT32_MAX
typedef enum { JBK_NOT_AS_WRITTEN, JBK_NOT_FITTING } jbk_finding_kind;
void jbk_check_find(jbk_check *c, jbk_finding_kind kind, const char *where, const char *what,
                    uint32_t doc);
void jbk_check_find_range(jbk_check *c, jbk_finding_kind kind, const char *where, const char *what,
                          uint32_t first, uint32_t n);
/* The same for a failure that the store has told. */
void jbk_check_find_err(jbk_check *c, const char *where, const jbk_err *err, uint32_t first,
                        uint32_t n);
/* One line each on stdout. */
void jbk_check_print(jbk_check *c);
void jbk_findings_free(jbk_findings *f);

/* "meta.mdb, table columns"; static. */
const char *jbk_check_table(jbk_table_id table);
/* "000001.records"; free() it. */
char *jbk_check_file(const jbk_segment_info *segment, const char *ending);
/* Talk, where somebody watches. */
void jbk_check_progress(const jbk_check *c, const char *what, uint64_t done, uint64_t all);

/* --- the checks, in this order --- */

/* check_open.c: meta.mdb, its rows, the list of segments.  Fails only where nothing can be
 * checked; else c->view may still be NULL. */
JBK_MUST_CHECK jbk_status jbk_check_open(jbk_check *c, jbk_err *err);
void jbk_check_close(jbk_check *c);

/* check_files.c */
void jbk_check_segments(jbk_check *c);
void jbk_check_loose_files(jbk_check *c); /* where there is no view that names them */
void jbk_check_leftovers(jbk_check *c);

bool jbk_check_forgotten(const jbk_check *c, uint32_t doc);

/* check_values.c: dictionaries, chunks, observations, dead documents. */
void jbk_check_values(jbk_check *c);

/* check_records.c: stored records against columns and lookups. */
void jbk_check_records(jbk_check *c);

/* check_links.c: versions and copies of one document; `item` is its text item, {0} where it has
 * neither title nor text. */
typedef struct jbk_check_links jbk_check_links;
jbk_check_links *jbk_check_links_new(jbk_check *c);
void jbk_check_links_free(jbk_check_links *l);
void jbk_check_links_of(jbk_check_links *l, uint32_t doc, const jbk_record *r, int64_t copy_of,
                        uint64_t content_hash, jbk_str item);

/* check_words.c: the lexicon. */
void jbk_check_words(jbk_check *c);

/* check_deep.c: postings, word counts and languages, made again from the stored text. */
void jbk_check_deep(jbk_check *c);

#endif
