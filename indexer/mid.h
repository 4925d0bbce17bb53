/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_MID_H
#define JBK_INDEXER_MID_H

#include "base/mem.h"

/* A Weibo post has two names: a number, 4454573420303121, and the same number in base 62,
 * Iohx7lqmt.  Write it as the number.  False, and nothing written, where it is neither. */
#define JBK_MID_MAX 32
bool jbk_weibo_mid(const char *s, size_t len, char out[JBK_MID_MAX]);

#endif
