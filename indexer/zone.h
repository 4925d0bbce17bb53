/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_INDEXER_ZONE_H
#define JBK_INDEXER_ZONE_H

#include "store/record.h"

/* Minutes east of Greenwich for a time written without a zone: +08:00 on Chinese platforms
 * (known by the platform's name or the host of the url), else `otherwise`. */
int jbk_zone_of(jbk_str platform, jbk_str url, int otherwise);

#endif
