/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data/shapes.txt, made into C when the build is configured. */
#ifndef JBK_TEXT_SHAPES_H
#define JBK_TEXT_SHAPES_H

extern const char *const jbk_shapes[]; /* groups, UTF-8; NULL ends them */

#endif
