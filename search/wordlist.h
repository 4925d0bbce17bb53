/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of an index, or of some of its documents, counted. */
#ifndef JBK_SEARCH_WORDLIST_H
#define JBK_SEARCH_WORDLIST_H

#include "index.h"
#include "text/chars.h"

/* What a word must look like: pieces in this order, anything between them. */
typedef struct {
    JBK_VEC(jbk_str) pieces; /* folded, none of them empty */
    bool open_start, open_end;
    jbk_arena arena;
} jbk_word_pattern;

/* "word", "word*", "*word", "*word*", "a*b": an asterisk stands for any characters or none, unless
 * a backslash stands before it.  The rest goes through the basic fold. */
JBK_MUST_CHECK jbk_status jbk_word_pattern_parse(const char *s, jbk_word_pattern *out,
                                                 jbk_err *err);
bool jbk_word_pattern_fits(const jbk_word_pattern *p, const char *word, size_t len);
void jbk_word_pattern_free(jbk_word_pattern *p);

typedef enum { JBK_WORDS_BY_DOCUMENTS, JBK_WORDS_BY_OCCURRENCES, JBK_WORDS_BY_WORD } jbk_words_sort;

typedef struct {
    const char *s; /* as long as the index is open */
    uint32_t len;
    uint32_t documents;   /* of the set that hold it; never 0 */
    uint64_t occurrences; /* in their titles and texts */
} jbk_counted_word;
typedef JBK_VEC(jbk_counted_word) jbk_counted_words;

/* The words that stand in documents of `set` and fit.  `script` is -1 for any, else a jbk_script.
 * Sorted: counts from the highest, equal ones by their bytes. */
JBK_MUST_CHECK jbk_status jbk_words_count(jbk_index *x, const jbk_word_pattern *p, int script,
                                          const roaring_bitmap_t *set, jbk_words_sort sort,
                                          jbk_counted_words *out, jbk_err *err);

/* Scripts by their ISO 15924 names: "Hani", "Cyrl", ...; -1 if there is none called so. */
int jbk_script_find(const char *name);
const char *jbk_script_name(jbk_script script);

#endif
