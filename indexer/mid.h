/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_MID_H
#define JBK_INDEXER_MID_H

#include "base/mem.h"

/* A Weibo post has two names: a number, 3501756485200075, and the same in base 62, z0JH2lOMb. Write
 * it as the number.  False, and nothing written, where it is neither. */
#define JBK_MID_MAX 32
bool jbk_weibo_mid(const char *s, size_t len, char out[JBK_MID_MAX]);

#endif
