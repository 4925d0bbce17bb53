/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_DRY_RUN_H
#define JBK_INDEXER_DRY_RUN_H

#include "input.h"
#include "map_record.h"

#define JBK_DRY_RUN_ITEMS 10

/* Print what the first items would become, rejects too, and what each of their names means.
 * Nothing is written.  *rejected: how many of them. */
void jbk_dry_run(jbk_input *in, const jbk_parse_options *options, size_t *rejected);

#endif
