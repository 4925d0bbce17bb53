/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data/lookalikes.txt, made into C when the build is configured. */
#ifndef JBK_TEXT_LOOKALIKES_H
#define JBK_TEXT_LOOKALIKES_H

extern const char *const jbk_lookalikes[]; /* groups, UTF-8; NULL ends them */

#endif
