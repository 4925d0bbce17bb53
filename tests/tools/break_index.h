/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_TESTS_BREAK_INDEX_H
#define JBK_TESTS_BREAK_INDEX_H

#include "store/record.h"

/* Write the segment's records file anew, with something wrong in it:
 *   same       nothing
 *   text       document 0 has another text
 *   platform   document 0 has another platform
 *   less-id    the id of document 0 is not found
 *   more-id    an id leads to document 0 that it has not
 *   less-url, less-content   likewise
 *   content    the content of document 0 leads to document 1
 *   less-word  the first word is missing
 *   more-word  a word nobody wrote
 *   unsorted   two words have changed places
 *   kind       the first word is of another kind
 *   cut        a record of document 0 that does not parse */
JBK_MUST_CHECK jbk_status rebuild_records(jbk_view *v, const jbk_segment_info *seg,
                                          const char *what, jbk_err *err);

#endif
