/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of these is one read_*.c. */
#ifndef JBK_INDEXER_READERS_H
#define JBK_INDEXER_READERS_H

#include "format.h"

extern const jbk_input_format jbk_read_jsonl, jbk_read_json, jbk_read_csv, jbk_read_tsv,
    jbk_read_text, jbk_read_sqlite;

/* Is the head of a file the beginning of a JSON object that goes on past its line? */
bool jbk_json_spans_lines(const char *head, size_t len);

#endif
