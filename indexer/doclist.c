/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doclist.h"

jbk_status jbk_doclist_load(jbk_view *view, const char *key, roaring_bitmap_t **out, jbk_err *err) {
    const char *bytes;
    size_t len;
    *out = NULL;
    jbk_status status = jbk_view_meta(view, key, &bytes, &len, err);
    if (status) return status;
    *out = bytes ? roaring_bitmap_portable_deserialize_safe(bytes, len) : roaring_bitmap_create();
    return *out ? JBK_OK
                : jbk_fail(err, JBK_DAMAGED, "doclist", "the list of %s documents is damaged", key);
}
