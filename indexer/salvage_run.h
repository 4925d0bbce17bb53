/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_SALVAGE_RUN_H
#define JBK_INDEXER_SALVAGE_RUN_H

/* `jibek index --salvage OLD -i NEW`: the exit status.  `summary` is NULL or where JSON goes. */
int jbk_salvage_run(const char *index, const char *old, const char *summary);

#endif
