/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the query parser share: the cursor, what a term is looked for in, and the
 * leaves that a written word becomes. */
#ifndef JBK_SEARCH_PARSER_H
#define JBK_SEARCH_PARSER_H

#include "query.h"

typedef struct {
    const char *text;
    size_t len, at;
    int depth, nodes;
    size_t wrong_at;
    jbk_err *err;
} jbk_parser;

/* What a term means: words of title or text, or values of a field. */
typedef struct {
    unsigned where;    /* 0 for values */
    int field;         /* -1 for words, extras and gone: */
    const char *extra; /* not NULL: an extra's name */
    size_t extra_len;
    bool gone; /* gone:, which asks for the status */
} jbk_scope;
static inline bool jbk_scope_is_text(const jbk_scope *in) { return in->where != 0; }

/* --- query_lex.c: characters --- */

/* Says what is wrong and where; NULL, to be returned. */
jbk_query *jbk_parse_fail(jbk_parser *p, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void jbk_parse_skip_blanks(jbk_parser *p);
/* Does a word end before byte i: at the end, a blank, a parenthesis, a quotation mark? */
bool jbk_parse_ends_word(const jbk_parser *p, size_t i);
size_t jbk_parse_word_end(const jbk_parser *p, size_t i);
bool jbk_parse_at_keyword(const jbk_parser *p, const char *word);
/* NEAR, NEAR/5, ADJ, ADJ/3 at the cursor?  *end is behind it. */
bool jbk_parse_at_near(const jbk_parser *p, size_t *end);
/* Title, text or both, the values of a field: "field:" at the cursor is read into *in.  False
 * where there is none, *wrong where there is no such field. */
bool jbk_parse_field(jbk_parser *p, jbk_scope *in, bool *wrong);

/* --- query_leaf.c: leaves; each is NULL after jbk_parse_fail --- */

jbk_query *jbk_parse_node(jbk_parser *p, jbk_query_kind kind, size_t at);
/* What stood between quotation marks. */
jbk_query *jbk_parse_quoted(jbk_parser *p, const jbk_scope *in, const char *s, size_t len,
                            size_t at);
/* What stood bare: p->text[at .. at + len). */
jbk_query *jbk_parse_bare(jbk_parser *p, const jbk_scope *in, size_t at, size_t len);

/* --- query_misread.c: what means something elsewhere and something else here --- */

/* A bare word of title or text: what to write instead, and where; NULL: it means what it says. */
const char *jbk_misread_word(const jbk_parser *p, size_t at, size_t len, size_t *place);
/* The same for a value that stands bare behind its field. */
const char *jbk_misread_value(const jbk_parser *p, size_t at, size_t len);
/* Does 10:00 or the like stand at byte `at`? */
bool jbk_misread_clock(const jbk_parser *p, size_t at);

#endif
