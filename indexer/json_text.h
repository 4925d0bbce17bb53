/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_JSON_TEXT_H
#define JBK_INDEXER_JSON_TEXT_H

#include "base/mem.h"

/* Append `s` as a JSON string; bytes that are no UTF-8 stay as they are. */
void jbk_json_put_string(jbk_buf *out, const char *s, size_t len);

#endif
