/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_SEARCH_OUT_CSV_H
#define JBK_SEARCH_OUT_CSV_H

#include "output.h"

/* Append a cell, quoted. */
void jbk_csv_put(jbk_buf *line, const char *s, size_t len);

#endif
