/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_SEARCH_HINT_H
#define JBK_SEARCH_HINT_H

#include "session.h"

/* Nothing was found: say on stderr what is near. */
void jbk_hint_nothing(jbk_session *s);

#endif
