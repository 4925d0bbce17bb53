/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value as a platform writes it: a time, a count, a zone, a range, a reason. */
#include "fuzz.h"

#include "base/count.h"
#include "base/field.h"
#include "base/reason.h"
#include "base/time.h"
#include "mid.h"
#include "range.h"
#include "store/store.h"

#include <stdlib.h>

static jbk_reasons *reasons;

static void check_time(const char *s, size_t len) {
    jbk_time t, again;
    char text[JBK_TIME_TEXT_MAX];
    if (!jbk_time_parse(s, len, 480, &t)) return;
    jbk_time packed = jbk_time_unpack(jbk_time_pack(&t));
    fuzz_check(packed.ms == t.ms && packed.offset_min == t.offset_min);
    fuzz_check(packed.precision == t.precision && packed.assumed == t.assumed);
    fuzz_check(jbk_time_end(&t) > t.ms);
    size_t n = jbk_time_format(&t, text);
    fuzz_check(n == strlen(text) && n < sizeof text);
    /* Years that are not of four digits are shown, and not understood again. */
    if (t.ms < -62135596800000 + 86400000 || t.ms > 253402300799000 - 86400000) return;
    fuzz_check(jbk_time_parse(text, n, t.offset_min, &again));
    fuzz_check(again.ms == t.ms && again.precision == t.precision);
    fuzz_check(again.offset_min == t.offset_min);
}

static void check_count(const char *s, size_t len) {
    jbk_count c, again;
    char text[JBK_COUNT_TEXT_MAX];
    if (jbk_count_parse(s, len, &c) != JBK_COUNT_OK) return;
    fuzz_check(c.n <= JBK_COUNT_MAX);
    size_t n = jbk_count_format(c, text);
    fuzz_check(jbk_count_parse(text, n, &again) == JBK_COUNT_OK);
    fuzz_check(again.n == c.n && again.lower_bound == c.lower_bound);
    again = jbk_count_unpack(jbk_count_pack(c));
    fuzz_check(again.n == c.n && again.lower_bound == c.lower_bound);
}

static void check_range(const char *s, size_t len) {
    static const int FIELDS[] = {JBK_F_VIEWS, JBK_F_PUBLISHED_AT, JBK_F_WORDS};
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        jbk_query q = {.field = FIELDS[i], .low = INT64_MIN, .high = INT64_MAX};
        if (jbk_range_parse(&jbk_fields[FIELDS[i]], s, len, &q)) continue;
        fuzz_check(jbk_range_test(&q, JBK_ABSENT) == JBK_NO);
        (void)jbk_range_test(&q, 200001);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *s = (const char *)data;
    char mid[JBK_MID_MAX];
    int zone;
    if (!reasons) reasons = jbk_reasons_new();
    check_time(s, size);
    check_count(s, size);
    check_range(s, size);
    if (jbk_zone_parse(s, size, &zone)) fuzz_check(zone > -1440 && zone < 1440);
    if (jbk_weibo_mid(s, size, mid)) fuzz_check(strlen(mid) < sizeof mid);
    int status = jbk_reasons_find(reasons, s, size);
    fuzz_check(status >= -1 && status < JBK_STATUSES);
    return 0;
}
