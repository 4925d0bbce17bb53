/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE field table.  Parsing, query fields, facets, CSV columns, help and man page all read
 * it; nothing else in the program lists the fields of a record. */
#ifndef JBK_BASE_FIELD_H
#define JBK_BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    JBK_F_ID,
    JBK_F_URL,
    JBK_F_PLATFORM,
    JBK_F_SECTION,
    JBK_F_AUTHOR,
    JBK_F_AUTHOR_ID,
    JBK_F_TITLE,
    JBK_F_TEXT,
    JBK_F_LANG,
    JBK_F_SCRIPT,
    JBK_F_PUBLISHED_AT,
    JBK_F_COLLECTED_AT,
    JBK_F_VIEWS,
    JBK_F_LIKES,
    JBK_F_COMMENTS,
    JBK_F_REPOSTS,
    JBK_F_STATUS,
    JBK_F_LABEL,
    JBK_F_TAGS,
    JBK_F_THREAD,
    JBK_F_PARENT,
    JBK_F_COPY_OF,    /* derived: the first record with the same title and text */
    JBK_F_WORDS,      /* derived: terms in title and text */
    JBK_F_ORIGIN,     /* derived: file and offset */
    JBK_F_MENTIONS,   /* derived: codes of the countries and peoples named in title and text */
    JBK_F_GONE_FIRST, /* derived: the first check that found it gone */
    JBK_F_LIVE_LAST,  /* derived: the last check that found it live */
    JBK_F_STORY,      /* derived: the first document of its family, packed as a count */
    JBK_FIELDS
} jbk_field_id;

typedef enum {
    JBK_T_TEXT,     /* searched by its words and strings */
    JBK_T_KEYWORD,  /* one value, compared whole */
    JBK_T_KEYWORDS, /* a set of values */
    JBK_T_TIME,
    JBK_T_COUNT
} jbk_field_type;

/* Where a field's values can be looked up for every document at once. */
typedef enum {
    JBK_COL_NONE,   /* in the stored record only */
    JBK_COL_CODES,  /* codes of a dictionary; for KEYWORDS a code names the whole set */
    JBK_COL_NUMBERS /* packed times, packed counts, plain numbers */
} jbk_column_kind;

typedef struct {
    const char *name;
    const char *aliases; /* other names in input and queries, separated by blanks */
    jbk_field_type type;
    jbk_column_kind column;
    bool given;    /* a record may bring it; else it is derived */
    bool exported; /* a column of CSV and a key of JSON unless --fields says otherwise */
    const char *help;
    const char *example; /* of a query */
} jbk_field;

extern const jbk_field jbk_fields[JBK_FIELDS];

/* The field named so, by name or alias (ASCII case ignored), or -1. */
int jbk_field_find(const char *name, size_t len);

/* Values of a KEYWORDS field are joined by this byte, sorted, without repetition. */
#define JBK_SET_SEP '\x1f'
/* Extra fields of a record are named x.NAME. */
#define JBK_EXTRA_PREFIX "x."

#endif
