/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as they are stored: `%E8%B5%96` takes three bytes instead of nine, and the title, which
 * an address of a search or of a page by its heading repeats, takes one. */
#ifndef JBK_STORE_URL_H
#define JBK_STORE_URL_H

#include "base/mem.h"
#include "store/store.h"

/* Append the short form of a url.  False, and nothing appended, where there is none that is shorter
 * and leads back to the same bytes. */
bool jbk_url_shorten(jbk_str url, jbk_str title, jbk_buf *out);
/* Append the url again.  False where it has the title and there is none. */
bool jbk_url_lengthen(jbk_str short_url, jbk_str title, jbk_buf *out);
bool jbk_url_has_title(jbk_str short_url);

#endif
