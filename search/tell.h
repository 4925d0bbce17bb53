/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of many places asked for are among those that were read?  What passes the sieve (sieve.h)
 * meets those asked here, eight and eight at a time where the processor can. */
#ifndef JBK_SEARCH_TELL_H
#define JBK_SEARCH_TELL_H

#include <stddef.h>
#include <stdint.h>

/* told[i] |= mark for each asked[i] that is among read[0..m).  Both ascend. */
void jbk_tell(const uint32_t *asked, size_t n, const uint32_t *read, size_t m, uint32_t mark,
              uint32_t *told);
/* The same on any processor; for tests. */
void jbk_tell_plain(const uint32_t *asked, size_t n, const uint32_t *read, size_t m, uint32_t mark,
                    uint32_t *told);

#endif
