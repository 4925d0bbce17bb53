/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <string.h>

const char *const jbk_status_names[JBK_STATUSES] = {
    "unknown",          "live",           "author_deleted",
    "platform_removed", "account_banned", "infringement",
    "reported",         "account_moved",  "gone"};

int jbk_status_find(const char *name, size_t len) {
    for (int i = 0; i < JBK_STATUSES; i++)
        if (strlen(jbk_status_names[i]) == len && !memcmp(jbk_status_names[i], name, len)) return i;
    return -1;
}
