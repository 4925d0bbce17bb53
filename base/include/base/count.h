/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts as platforms print them. */
#ifndef JBK_BASE_COUNT_H
#define JBK_BASE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t n;       /* at most JBK_COUNT_MAX */
    bool lower_bound; /* "100万+": at least n */
} jbk_count;

#define JBK_COUNT_MAX ((UINT64_C(1) << 60) - 1)

typedef enum { JBK_COUNT_OK, JBK_COUNT_ABSENT, JBK_COUNT_BAD } jbk_count_result;

/* Parse `s` (UTF-8, surrounding white space ignored).  Understood: digits (ASCII or full
 * width), with thousands separators (comma, full-width comma, apostrophe, blank, no-break and thin
 * space: groups of three only); a decimal fraction before a unit; units 千 万 萬 亿 億 k K w W m M
 * тыс тыс. млн мың "1.9万" = 19000 exactly (decimal arithmetic, no floating point; a fraction that
 * does not come out whole is BAD); "12.0" and "1e5"-like JSON numbers that are whole; a trailing +
 * or 余 or 多 or a leading > or ">=" makes a lower bound (">" of n means n too: it is marked as
 * bound).  ABSENT: empty, 无, 無, 暂无, -, --, —, null, None, NULL, nil, NaN, nan, N/A, n/a, 未知,
 * and the button words 转发 评论 赞 点赞 收藏 阅读 that platforms print in place of a number.  All
 * else, negative numbers and numbers over JBK_COUNT_MAX are BAD. */
jbk_count_result jbk_count_parse(const char *s, size_t len, jbk_count *out);

#define JBK_COUNT_TEXT_MAX 24
/* "19000", or "1000000+" for a lower bound.  Returns the length. */
size_t jbk_count_format(jbk_count c, char out[JBK_COUNT_TEXT_MAX]);

/* One number for a column: (n << 1 | lower_bound). */
static inline uint64_t jbk_count_pack(jbk_count c) { return c.n << 1 | (c.lower_bound ? 1u : 0u); }
static inline jbk_count jbk_count_unpack(uint64_t v) {
    jbk_count c = {v >> 1, (v & 1) != 0};
    return c;
}

#endif
