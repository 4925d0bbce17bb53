/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folded string in a folded text, under the boundary rule: an end that is a letter or digit
 * of a word-separating script may not touch another such letter or digit. */
#ifndef JBK_SEARCH_MATCH_H
#define JBK_SEARCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Do the code points before and behind offset `at` of the text touch so? */
bool jbk_touches(const char *text, size_t len, size_t at);

/* May a string of n bytes that stands at `at` begin and end there? */
bool jbk_match_at(const char *text, size_t len, size_t at, size_t n);

/* Offset of the first match at or after `from`; SIZE_MAX if there is none.  Matches may
 * overlap: go on at the next code point. */
size_t jbk_match_find(const char *text, size_t len, size_t from, const char *s, size_t n);

/* Number of matches, those that overlap included: what a string weighs. */
size_t jbk_match_count(const char *text, size_t len, const char *s, size_t n);

#endif
