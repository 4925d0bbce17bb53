/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What input is cut into: items, each the bytes of one record and where they stood.  A reader
 * cuts (in turn), a worker understands (side by side). */
#ifndef JBK_INDEXER_ITEM_H
#define JBK_INDEXER_ITEM_H

#include "base/hash.h"
#include "base/mem.h"

#include <stdint.h>

typedef enum {
    JBK_REJ_NONE,
    JBK_REJ_JSON_SYNTAX,
    JBK_REJ_NOT_OBJECT,
    JBK_REJ_EMPTY_RECORD,
    JBK_REJ_BAD_DATE,
    JBK_REJ_BAD_COUNT,
    JBK_REJ_BAD_TYPE,
    JBK_REJ_TOO_LONG,
    JBK_REJ_UNREADABLE,
    JBK_REJ_UNNAMED, /* an observation of nobody knows what */
    JBK_REJ_BAD_STATUS,
    JBK_REJ_CSV_SYNTAX,
    JBK_REJ_CELLS,
    JBK_REJ_UNKNOWN_FORMAT,
    JBK_REJ_CODES
} jbk_reject_code;

typedef enum {
    JBK_ITEM_BAD,  /* the reader itself could make nothing of it: see `code` and `problem` */
    JBK_ITEM_JSON, /* a JSON value */
    JBK_ITEM_ROW,  /* a row of a table, as it was written; the source has the header */
    JBK_ITEM_TEXT  /* plain text, whole */
} jbk_item_kind;

/* A file, or a member of an archive ("a.zip!posts.csv"), or a table of a database.  It lives in
 * the arena of the batch, which has its own of every source that it holds items of. */
typedef struct {
    const char *name;     /* UTF-8 */
    uint32_t file;        /* the file given that it is or lies in */
    const char **columns; /* the header of a table, each name once; NULL: it has none */
    size_t ncolumns;
    char delimiter; /* of a table */
    bool want_text; /* a table without a column known as title or text is none */
    jbk_buf *notes; /* for what the reader has to tell, a line each; NULL in a batch */
} jbk_source;

typedef struct {
    jbk_item_kind kind;
    uint32_t source;      /* in jbk_items.sources */
    size_t start, len;    /* in bytes.data; a cut item is the first JBK_REJECT_BYTES of it */
    uint64_t line;        /* where it begins, from 1; 0: the source has no lines */
    size_t column;        /* bytes before it on its line */
    uint64_t offset;      /* in the (unpacked) source; the row's number in a database */
    bool cut;             /* longer than JBK_ITEM_MAX: only its beginning is here */
    uint64_t whole_len;   /* of a cut item */
    const char *sha256;   /* of a cut item, in the arena */
    jbk_reject_code code; /* of a BAD item, with the reason, in the arena */
    const char *problem;
    const void *context; /* what else the kind needs to know, in the arena; or NULL */
} jbk_item;

typedef struct {
    jbk_buf bytes;
    JBK_VEC(jbk_item) items;
    JBK_VEC(const jbk_source *) sources;
    jbk_arena arena;
    /* The item that grows at the end of `bytes`. */
    jbk_item growing;
    jbk_sha256 *digest; /* where it is too long to keep */
} jbk_items;

#define JBK_ITEM_MAX ((size_t)64 << 20)
#define JBK_REJECT_BYTES ((size_t)64 << 10)
#define JBK_BATCH_BYTES ((size_t)4 << 20)
#define JBK_BATCH_ITEMS ((size_t)20000)

void jbk_items_clear(jbk_items *x); /* keeps the memory of bytes and vectors */
void jbk_items_free(jbk_items *x);

/* What comes belongs to `source`, of which a copy is kept. */
void jbk_items_source(jbk_items *x, const jbk_source *source);

/* An item of the last source begins; it takes bytes until it ends or is dropped.  Past
 * JBK_ITEM_MAX only its digest goes on, so that memory stays bounded. */
void jbk_items_begin(jbk_items *x, jbk_item_kind kind, uint64_t line, uint64_t offset);
void jbk_items_add(jbk_items *x, const char *s, size_t len);
void jbk_items_end(jbk_items *x);
void jbk_items_drop(jbk_items *x);
/* End it as one that the reader refuses. */
void jbk_items_refuse(jbk_items *x, jbk_reject_code code, const char *reason);

#endif
