/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_SEARCH_OUT_SURVIVAL_H
#define JBK_SEARCH_OUT_SURVIVAL_H

#include "lifetimes.h"
#include "sheet.h"

/* The lives of `count --survival`: text is a line a group, CSV and JSON have every step.  `axis`
 * may be NULL. */
JBK_MUST_CHECK jbk_status jbk_survival_put(jbk_table_job *job, const jbk_axis *axis,
                                           const jbk_lives *lives, const char *format,
                                           jbk_err *err);

#endif
