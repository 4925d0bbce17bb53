/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field cut into bins: times by a unit of the calendar, everything else by value.  Bins get
 * numbers as they are met; their labels are made when all is counted. */
#ifndef JBK_SEARCH_AXIS_H
#define JBK_SEARCH_AXIS_H

#include "base/intern.h"
#include "bins.h"
#include "filter.h"

#define JBK_BIN_MISSING 0u       /* documents without a value */
#define JBK_BIN_ANY (UINT32_MAX) /* all bins together */

typedef enum {
    JBK_AXIS_TIMES,
    JBK_AXIS_COUNTS,
    JBK_AXIS_CODES,
    JBK_AXIS_SETS, /* a document is in the bin of every member */
    JBK_AXIS_TEXTS /* every record is read */
} jbk_axis_kind;

typedef struct {
    char *name; /* "published_at:month", "platform", "x.ip" */
    char *field_name;
    int field; /* -1: an extra */
    jbk_axis_kind kind;
    jbk_unit unit;
    /* Bin k is what stands at k - 1: 8 bytes of a jbk_dated or packed count, or a string. */
    jbk_intern values;
    /* By code: of CODES its bin, of SETS its slot; 0 where not met yet. */
    uint32_t *codes, ncodes;
    /* SETS: slot s stands for the bins members[slots[s]] .. members[slots[s + 1]]. */
    JBK_VEC(uint32_t) slots;
    JBK_VEC(uint32_t) members;
    struct jbk_axis_memo *memo; /* TIMES: bins of days met lately */
    int64_t *column;            /* scratch: a chunk's values */
} jbk_axis;

/* "FIELD" or "FIELD:unit", the unit being month where it is not said; `option` for messages. */
JBK_MUST_CHECK jbk_status jbk_axis_parse(const char *option, const char *spec, size_t len,
                                         jbk_axis *out, jbk_err *err);
void jbk_axis_free(jbk_axis *a);

/* slots[i] := what document w->docs[i] falls into. */
JBK_MUST_CHECK jbk_status jbk_axis_read(jbk_index *x, jbk_axis *a, const jbk_chunk_walk *w,
                                        uint32_t slots[JBK_CHUNK], jbk_err *err);

/* The bins of a slot, at least one; without sets a slot is its bin.  Valid until the next read. */
static inline size_t jbk_axis_bins(const jbk_axis *a, const uint32_t *slot, const uint32_t **bins) {
    *bins = slot;
    if (a->kind != JBK_AXIS_SETS) return 1;
    *bins = a->members.at + a->slots.at[*slot];
    return a->slots.at[*slot + 1] - a->slots.at[*slot];
}

static inline uint32_t jbk_axis_size(const jbk_axis *a) { return (uint32_t)a->values.keys.n + 1; }

/* Of TIMES and COUNTS: the value a bin stands for.  Not for JBK_BIN_MISSING. */
int64_t jbk_axis_value(const jbk_axis *a, uint32_t bin);
/* The bin of a time, made where there is none. */
uint32_t jbk_axis_time_bin(jbk_axis *a, jbk_dated bin);
/* Replace *out with the bin's label; empty for JBK_BIN_MISSING. */
void jbk_axis_label(const jbk_axis *a, uint32_t bin, jbk_buf *out);
/* Order of labels: times and counts by value, strings by their bytes. */
int jbk_axis_compare(const jbk_axis *a, uint32_t bin, uint32_t other);

#endif
