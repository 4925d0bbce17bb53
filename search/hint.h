/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_SEARCH_HINT_H
#define JBK_SEARCH_HINT_H

#include "session.h"

/* Say on stderr what was searched for as a word or in the text but may have been meant otherwise.
 */
void jbk_hint_meaning(jbk_session *s);
/* Nothing was found: say on stderr what is near. */
void jbk_hint_nothing(jbk_session *s);

#endif
