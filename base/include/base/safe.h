/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from the web on its way to a terminal. */
#ifndef JBK_BASE_SAFE_H
#define JBK_BASE_SAFE_H

#include "base/mem.h"

/* True for what could move the cursor, recolour, hide or reorder: C0 and C1 controls, DEL,
 * bidi marks, embeddings, overrides and isolates, line and paragraph separators, tag
 * characters, interlinear annotation. */
bool jbk_cp_unsafe(uint32_t cp);

/* Append s with unsafe code points and ill-formed bytes as U+FFFD and with tabs, line ends and
 * line separators as blanks.  The result is one line that a terminal only prints. */
void jbk_safe_add(jbk_buf *out, const char *s, size_t len);

/* The same for a column of a line that has others beside it: where s holds letters of a script
 * written from right to left, it stands in an isolate of our own, so that the columns keep their
 * places. */
void jbk_safe_add_isolated(jbk_buf *out, const char *s, size_t len);

#endif
