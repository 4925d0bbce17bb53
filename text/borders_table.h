/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_TEXT_BORDERS_TABLE_H
#define JBK_TEXT_BORDERS_TABLE_H

#include <stdint.h>

enum { JBK_BORDER_FIRST = 0x4E00, JBK_BORDER_HAN = 0xA000 - JBK_BORDER_FIRST };
enum { JBK_BORDER_CHARS = 1000 }; /* in the list, at most */

/* Indexes of one format have the same list. */
#define JBK_BORDER_DIGEST UINT64_C(0x5BB7EA7A899C6CE9)

/* Of each Han character its place in data/frequent_han.txt, from 1; 0: it is not there. */
extern const uint16_t jbk_border_place[JBK_BORDER_HAN];

#endif
