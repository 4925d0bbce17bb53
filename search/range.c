/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "range.h"

#include "base/count.h"
#include "base/time.h"
#include "store/store.h"

/* What one written value spans: a count itself, a day from its first to its last millisecond. */
typedef struct {
    int64_t low, high;
    bool universal; /* of a time: a zone was written */
} span;

static bool parse_span(const jbk_field *f, const char *s, size_t len, span *out) {
    if (f->type == JBK_T_COUNT) {
        jbk_count c;
        if (jbk_count_parse(s, len, &c) != JBK_COUNT_OK || c.lower_bound) return false;
        *out = (span){(int64_t)c.n, (int64_t)c.n, false};
        return true;
    }
    jbk_time t;
    if (!jbk_time_parse(s, len, 0, &t)) return false;
    *out = (span){t.ms, jbk_time_end(&t) - 1, !t.assumed};
    return true;
}

static const char *bad_value(const jbk_field *f, const char *s, size_t len) {
    static const char *const DASHES[] = {"~", "～", "–", "—", "至", "-"};
    size_t n = sizeof DASHES / sizeof *DASHES - (f->type == JBK_T_TIME);
    for (size_t i = 0; i < n; i++)
        if (memmem(s + (len > 0), len - (len > 0), DASHES[i], strlen(DASHES[i])))
            return "a range is written with two dots, low..high";
    return f->type == JBK_T_COUNT ? "this is not a number or range of numbers"
                                  : "this is not a date or range of dates";
}

const char *jbk_range_parse(const jbk_field *f, const char *s, size_t len, jbk_query *q) {
    span low, high;
    if (len && (*s == '<' || *s == '>')) {
        bool less = *s == '<', equal = len > 1 && s[1] == '=';
        s += 1 + equal;
        len -= 1 + (size_t)equal;
        if (!parse_span(f, s, len, &low)) return bad_value(f, s, len);
        q->universal = low.universal;
        if (less)
            q->high = equal ? low.high : low.low - 1;
        else
            q->low = equal ? low.low : low.high + 1;
        return NULL;
    }
    const char *dots = memmem(s, len, "..", 2);
    size_t first = dots ? (size_t)(dots - s) : len;
    if (first) {
        if (!parse_span(f, s, first, &low)) return bad_value(f, s, len);
        q->low = low.low;
        q->universal = low.universal;
        if (!dots) q->high = low.high;
    }
    if (dots && first + 2 < len) {
        if (!parse_span(f, dots + 2, len - first - 2, &high)) return bad_value(f, s, len);
        if (first && high.universal != q->universal) return "give a zone at both ends or at none";
        q->high = high.high;
        q->universal = high.universal;
    }
    if (!first && (!dots || first + 2 >= len)) return "a range needs at least one end";
    return q->low > q->high ? "the range ends before it begins" : NULL;
}

static jbk_answer test_count(const jbk_query *q, jbk_count c) {
    int64_t n = (int64_t)c.n;
    if (!c.lower_bound) return n >= q->low && n <= q->high ? JBK_YES : JBK_NO;
    /* At least n: below the range it may still be in it, above it never is. */
    if (n > q->high) return JBK_NO;
    return n >= q->low && q->high == INT64_MAX ? JBK_YES : JBK_UNDECIDED;
}

jbk_answer jbk_range_test(const jbk_query *q, int64_t value) {
    if (value == JBK_ABSENT) return JBK_NO;
    if (jbk_fields[q->field].type == JBK_T_COUNT)
        return test_count(q, jbk_count_unpack((uint64_t)value));
    jbk_time t = jbk_time_unpack(value);
    int64_t ms = q->universal ? t.ms : jbk_time_local_ms(&t);
    return ms >= q->low && ms <= q->high ? JBK_YES : JBK_NO;
}
