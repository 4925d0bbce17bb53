/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language and script of a text, by its letters. */
#ifndef JBK_TEXT_LANG_H
#define JBK_TEXT_LANG_H

#include <stddef.h>

/* Static strings: an ISO 639 code (zh, kk, ru, ug, ky, uz, en, ja, ...; "und" where nothing
 * tells) and an ISO 15924 code (Hans, Hant, Cyrl, Latn, Arab, ...; "" where nothing tells). */
typedef struct {
    const char *lang, *script;
} jbk_language;

/* `text` is UTF-8 as written, not folded: the fold would hide Hant and ё. */
jbk_language jbk_language_detect(const char *text, size_t len);

#endif
