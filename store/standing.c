/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a history of observations comes to at a time. */
#include "store/record.h"

#include "base/status.h"

#include <stdlib.h>

const jbk_field_id jbk_seen_fields[JBK_SEEN_FIELDS] = {
    JBK_F_STATUS,  JBK_F_VIEWS,      JBK_F_LIKES,    JBK_F_COMMENTS,
    JBK_F_REPOSTS, JBK_F_GONE_FIRST, JBK_F_LIVE_LAST};

jbk_observation jbk_observation_none(void) {
    jbk_observation o = {.at = JBK_ABSENT, .status = -1};
    for (int c = 0; c < 4; c++) o.counts[c] = JBK_ABSENT;
    return o;
}

bool jbk_observation_says(const jbk_observation *o) {
    bool any = o->status >= 0 || o->message.len;
    for (int c = 0; c < 4; c++) any |= o->counts[c] != JBK_ABSENT;
    return any;
}

static bool same_str(jbk_str a, jbk_str b) {
    return a.len == b.len && (!a.len || !memcmp(a.s, b.s, a.len));
}

bool jbk_observation_same(const jbk_observation *a, const jbk_observation *b) {
    return a->at == b->at && a->at_assumed == b->at_assumed && a->status == b->status &&
           !memcmp(a->counts, b->counts, sizeof a->counts) && same_str(a->message, b->message) &&
           same_str(a->seen_by, b->seen_by);
}

bool jbk_status_is_gone(int64_t status) {
    return status > JBK_STATUS_LIVE && status < JBK_STATUSES;
}

/* Failed checks in a row. */
typedef struct {
    int64_t first; /* packed time */
    uint32_t n;
} failed_checks;

static void take(jbk_standing *now, failed_checks *failed, const jbk_observation *o) {
    for (int c = 0; c < 4; c++)
        if (o->counts[c] != JBK_ABSENT) now->value[JBK_SEEN_VIEWS + c] = o->counts[c];
    if (o->status == JBK_STATUS_LIVE) {
        now->value[JBK_SEEN_STATUS] = JBK_STATUS_LIVE;
        now->value[JBK_SEEN_LIVE_LAST] = o->at;
        now->value[JBK_SEEN_GONE_FIRST] = JBK_ABSENT;
        failed->n = 0;
    } else if (jbk_status_is_gone(o->status)) {
        if (!failed->n++) failed->first = o->at;
        bool gone = now->value[JBK_SEEN_GONE_FIRST] != JBK_ABSENT;
        if (!gone && failed->n < o->confirm) return;
        now->value[JBK_SEEN_STATUS] = o->status;
        now->value[JBK_SEEN_GONE_FIRST] = failed->first;
    }
}

/* By time, then as recorded. */
static int by_time(const void *x, const void *y) {
    const jbk_observation *a = *(const jbk_observation *const *)x;
    const jbk_observation *b = *(const jbk_observation *const *)y;
    int64_t s = a->at >> 16, t = b->at >> 16;
    return s != t ? (s < t ? -1 : 1) : a < b ? -1 : a > b;
}

enum { FEW = 32 };

jbk_standing jbk_history_standing(const jbk_observation *history, size_t n, int64_t until_ms) {
    jbk_standing now = {.value[JBK_SEEN_STATUS] = JBK_STATUS_UNKNOWN};
    for (int i = JBK_SEEN_VIEWS; i < JBK_SEEN_FIELDS; i++) now.value[i] = JBK_ABSENT;
    const jbk_observation *few[FEW], **order = few;
    if (n > FEW) order = jbk_alloc(n * sizeof(const jbk_observation *));
    size_t kept = 0;
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        if (history[i].at >> 16 > until_ms) continue;
        if (kept && history[i].at >> 16 < order[kept - 1]->at >> 16) sorted = false;
        order[kept++] = &history[i];
    }
    if (!sorted) qsort(order, kept, sizeof(const jbk_observation *), by_time);
    failed_checks failed = {0};
    for (size_t i = 0; i < kept; i++) take(&now, &failed, order[i]);
    if (order != few) free(order);
    return now;
}
