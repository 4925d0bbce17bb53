/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases of names that Snowball's Russian stemmer tears apart: Казахстан and Казахстаном,
 * казах and казахи, Китай and Китая, Токаев and Токаева. */
#ifndef JBK_TEXT_RU_STEM_H
#define JBK_TEXT_RU_STEM_H

#include <stddef.h>

/* The length of the stem of a folded word that is such a name; 0 if it is none. */
size_t ru_name_stem(const char *word, size_t len);

/* What is to remain of Snowball's stem: of Токаев it leaves тока, of Токаева токаев. */
size_t ru_surname_stem(const char *stem, size_t len);

#endif
