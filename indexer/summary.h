/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run has read and what became of it, for people and for programs. */
#ifndef JBK_INDEXER_SUMMARY_H
#define JBK_INDEXER_SUMMARY_H

#include "input.h"
#include "maps.h"
#include "pipeline.h"

/* One line, the reasons of rejects, what was passed over; to stderr. */
void jbk_summary_say(const jbk_tally *t, const jbk_maps *maps, const jbk_input *input,
                     double seconds, const char *rejects);
JBK_MUST_CHECK jbk_status jbk_summary_write(const char *path, const jbk_tally *t,
                                            const jbk_maps *maps, const jbk_input *input,
                                            double seconds, jbk_err *err);

/* Of these the parts that other summaries have too.  `reasons`: counts by code of reject. */
void jbk_summary_say_reasons(const uint64_t reasons[JBK_REJ_CODES], const char *rejects);
json_t *jbk_summary_reasons(const uint64_t reasons[JBK_REJ_CODES]);
/* One line of JSON to a file, or to stdout where the path is "-".  Takes `o`. */
JBK_MUST_CHECK jbk_status jbk_summary_save(const char *path, json_t *o, jbk_err *err);

int64_t jbk_packed_now(void);

#endif
