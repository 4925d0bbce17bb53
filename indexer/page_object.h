/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items that hold a web page, or what an archive kept of one, to objects. */
#ifndef JBK_INDEXER_PAGE_OBJECT_H
#define JBK_INDEXER_PAGE_OBJECT_H

#include "item.h"

#include <jansson.h>

/* Items of an archive that are whole and well but no record of ours. */
typedef enum {
    JBK_PASS_OTHER,    /* request, metadata, warcinfo ... */
    JBK_PASS_REVISIT,  /* seen again, unchanged */
    JBK_PASS_REDIRECT, /* HTTP 3xx */
    JBK_PASS_GONE,     /* HTTP 404, 410, 451: not there any more */
    JBK_PASS_FAILED,   /* any other HTTP status that is not 2xx */
    JBK_PASS_NO_TEXT,  /* images, scripts, JSON, PDF ... */
    JBK_PASSES
} jbk_pass;
extern const char *const jbk_pass_names[JBK_PASSES];

typedef struct {
    uint64_t bad;  /* places that could not be read in the page's encoding */
    jbk_pass pass; /* where *out is NULL and the code is NONE */
} jbk_page_note;

/* The object has the field table's names, "site", and "encoding" where it is not UTF-8. */
jbk_reject_code jbk_page_object(const jbk_items *items, const jbk_item *x, jbk_arena *arena,
                                json_t **out, jbk_page_note *note, char **reason);

/* What a record of an archive saw of its address, for `observe`: url, observed_at, http_status.
 * Redirects and failures other than 404, 410 and 451 say nothing and are passed over. */
jbk_reject_code jbk_page_sighting(const jbk_items *items, const jbk_item *x, jbk_arena *arena,
                                  json_t **out, jbk_page_note *note, char **reason);

#endif
