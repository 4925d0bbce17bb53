/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats of `stories`. */
#ifndef JBK_SEARCH_OUT_STORIES_H
#define JBK_SEARCH_OUT_STORIES_H

#include "output.h"
#include "stories.h"

typedef struct {
    jbk_index *index;
    const char *query;
    uint64_t total; /* documents that match */
    const jbk_stories *stories;
    uint64_t limit; /* families to show; 0: all */
    bool excel;
    jbk_writer writer;
    jbk_buf line, cell; /* scratch */
} jbk_stories_job;

bool jbk_stories_has_format(const char *name); /* text, json or csv */
JBK_MUST_CHECK jbk_status jbk_stories_put(jbk_stories_job *job, const char *format, jbk_err *err);

#endif
