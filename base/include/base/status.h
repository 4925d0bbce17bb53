/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a post. */
#ifndef JBK_BASE_STATUS_H
#define JBK_BASE_STATUS_H

#include <stddef.h>

typedef enum {
    JBK_STATUS_UNKNOWN, /* never observed */
    JBK_STATUS_LIVE,
    JBK_STATUS_AUTHOR_DELETED,
    JBK_STATUS_PLATFORM_REMOVED,
    JBK_STATUS_ACCOUNT_BANNED,
    JBK_STATUS_INFRINGEMENT,
    JBK_STATUS_REPORTED,
    JBK_STATUS_ACCOUNT_MOVED,
    JBK_STATUS_GONE, /* missing, reason unknown */
    JBK_STATUSES
} jbk_post_status;

/* Names as in queries and output; the number is the code of the status column. */
extern const char *const jbk_status_names[JBK_STATUSES];

/* -1 where it is none of them. */
int jbk_status_find(const char *name, size_t len);

#endif
