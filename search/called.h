/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records by the name that a person gives them. */
#ifndef JBK_SEARCH_CALLED_H
#define JBK_SEARCH_CALLED_H

#include "index.h"

/* Documents of records that are called so, each once: by id (digest), or url; where there is none
 * by PLATFORM:ID.  `all`: earlier versions too. */
JBK_MUST_CHECK jbk_status jbk_called_find(jbk_index *x, const char *name, size_t len, bool all,
                                          jbk_docs *docs, jbk_err *err);

#endif
