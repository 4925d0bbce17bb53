/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "axis.h"

#include "base/count.h"
#include "hit.h"

#include <assert.h>
#include <stdlib.h>

/* --- what was asked for --- */

static jbk_axis_kind kind_of(int field) {
    if (field < 0 || field == JBK_F_COPY_OF || jbk_fields[field].column == JBK_COL_NONE)
        return JBK_AXIS_TEXTS;
    if (jbk_fields[field].type == JBK_T_TIME) return JBK_AXIS_TIMES;
    if (jbk_fields[field].type == JBK_T_KEYWORDS) return JBK_AXIS_SETS;
    return jbk_fields[field].column == JBK_COL_CODES ? JBK_AXIS_CODES : JBK_AXIS_COUNTS;
}

static jbk_status set_unit(jbk_axis *a, const char *option, const char *unit, size_t len,
                           jbk_err *err) {
    int shown = len < 60 ? (int)len : 60;
    a->unit = JBK_UNIT_MONTH;
    if (!unit) return JBK_OK;
    if (a->kind != JBK_AXIS_TIMES)
        return jbk_fail(err, JBK_USAGE, "args", "--%s %s:%.*s: only times have a unit", option,
                        a->field_name, shown, unit);
    int found = jbk_unit_find(unit, len);
    if (found < 0)
        return jbk_fail(err, JBK_USAGE, "args",
                        "--%s %s:%.*s: the unit is day, week, month or year", option, a->field_name,
                        shown, unit);
    a->unit = (jbk_unit)found;
    return JBK_OK;
}

jbk_status jbk_axis_parse(const char *option, const char *spec, size_t len, jbk_axis *out,
                          jbk_err *err) {
    const char *colon = memrchr(spec, ':', len);
    size_t name = colon ? (size_t)(colon - spec) : len;
    bool extra = name > 2 && !memcmp(spec, JBK_EXTRA_PREFIX, 2);
    *out = (jbk_axis){.field = jbk_field_find(spec, name)};
    if (out->field < 0 && !extra)
        return jbk_fail(err, JBK_USAGE, "args", "--%s: there is no field '%.*s'", option,
                        (int)(name < 60 ? name : 60), spec);
    if (out->field == JBK_F_TITLE || out->field == JBK_F_TEXT)
        return jbk_fail(err, JBK_USAGE, "args", "--%s: %s is text and has no values to count",
                        option, jbk_fields[out->field].name);
    const char *known = extra ? spec : jbk_fields[out->field].name;
    out->kind = kind_of(out->field);
    out->field_name = jbk_strndup(known, extra ? name : strlen(known));
    jbk_status status =
        set_unit(out, option, colon ? colon + 1 : NULL, colon ? len - name - 1 : 0, err);
    out->name = out->kind == JBK_AXIS_TIMES ? jbk_printf("%s:%s", known, jbk_unit_names[out->unit])
                                            : jbk_strndup(out->field_name, strlen(out->field_name));
    if (status) jbk_axis_free(out);
    return status;
}

void jbk_axis_free(jbk_axis *a) {
    free(a->name);
    free(a->field_name);
    jbk_intern_free(&a->values);
    free(a->codes);
    jbk_vec_free(&a->slots);
    jbk_vec_free(&a->members);
    free(a->memo);
    free(a->column);
    *a = (jbk_axis){0};
}

/* --- documents to bins --- */

static uint32_t bin_of_string(jbk_axis *a, const char *s, size_t len) {
    return len ? jbk_intern_add(&a->values, s, len) + 1 : JBK_BIN_MISSING;
}

static uint32_t bin_of_number(jbk_axis *a, int64_t v) {
    return jbk_intern_add(&a->values, (const char *)&v, sizeof v) + 1;
}

uint32_t jbk_axis_time_bin(jbk_axis *a, jbk_dated bin) { return bin_of_number(a, bin); }

/* Eleven years of days; the calendar is asked once for each day met. */
enum { MEMO = 4096 };
struct jbk_axis_memo {
    struct {
        jbk_dated day;
        uint32_t bin; /* 0: empty */
    } at[MEMO];
};

static void bins_of_times(jbk_axis *a, const int64_t *values, uint32_t n, uint32_t *slots) {
    if (!a->memo) a->memo = jbk_calloc(1, sizeof *a->memo);
    for (uint32_t i = 0; i < n; i++) {
        if (values[i] == JBK_ABSENT) {
            slots[i] = JBK_BIN_MISSING;
            continue;
        }
        jbk_dated d = jbk_dated_of_time(values[i], a->unit);
        size_t k = (size_t)(d >> 2) % MEMO;
        if (a->memo->at[k].day != d || !a->memo->at[k].bin) {
            a->memo->at[k].day = d;
            a->memo->at[k].bin = bin_of_number(a, jbk_bin_of(d));
        }
        slots[i] = a->memo->at[k].bin;
    }
}

/* The members of the set become a slot of their own. */
static uint32_t slot_of_set(jbk_axis *a, const char *s, size_t len) {
    if (!len) return 0;
    for (size_t i = 0; i < len;) {
        const char *sep = memchr(s + i, JBK_SET_SEP, len - i);
        size_t item = sep ? (size_t)(sep - s) - i : len - i;
        jbk_vec_push(&a->members, bin_of_string(a, s + i, item));
        i += item + 1;
    }
    jbk_vec_push(&a->slots, (uint32_t)a->members.n);
    return (uint32_t)a->slots.n - 2;
}

static jbk_status begin_codes(jbk_index *x, jbk_axis *a, jbk_err *err) {
    if (a->codes) return JBK_OK;
    jbk_status status = jbk_view_values(x->view, (jbk_field_id)a->field, &a->ncodes, err);
    if (status) return status;
    a->codes = jbk_calloc((size_t)a->ncodes + 1, sizeof *a->codes);
    if (a->kind == JBK_AXIS_SETS) { /* slot 0: no set, the bin of the missing */
        jbk_vec_push(&a->slots, 0);
        jbk_vec_push(&a->members, JBK_BIN_MISSING);
        jbk_vec_push(&a->slots, 1);
    }
    return JBK_OK;
}

static jbk_status meet_code(jbk_index *x, jbk_axis *a, int64_t code, jbk_err *err) {
    const char *s;
    size_t len;
    if (code < 0 || code >= (int64_t)a->ncodes)
        return jbk_fail(err, JBK_DAMAGED, "axis", "the column of %s is damaged", a->name);
    jbk_status status =
        jbk_view_value(x->view, (jbk_field_id)a->field, (uint32_t)code, &s, &len, err);
    if (!status)
        a->codes[code] =
            a->kind == JBK_AXIS_SETS ? slot_of_set(a, s, len) : bin_of_string(a, s, len);
    return status;
}

static jbk_status bins_of_codes(jbk_index *x, jbk_axis *a, uint32_t n, uint32_t *slots,
                                jbk_err *err) {
    jbk_status status = begin_codes(x, a, err);
    for (uint32_t i = 0; i < n && !status; i++) {
        int64_t code = a->column[i];
        slots[i] = 0;
        if (code == JBK_ABSENT) continue;
        bool met = code >= 0 && code < (int64_t)a->ncodes && a->codes[code];
        if (!met) status = meet_code(x, a, code, err);
        if (!status) slots[i] = a->codes[code];
    }
    return status;
}

static jbk_status bins_of_texts(jbk_index *x, jbk_axis *a, const jbk_chunk_walk *w, uint32_t *slots,
                                jbk_err *err) {
    jbk_hit hit = {0};
    jbk_buf cell = {0};
    jbk_column column = {.field = a->field, .extra = a->field < 0 ? a->field_name + 2 : NULL};
    jbk_status status = JBK_OK;
    for (uint32_t i = 0; i < w->n && !status; i++) {
        status = jbk_hit_load(x, w->docs[i], &hit, err);
        if (!status) status = jbk_hit_cell(x, &hit, &column, &cell, err);
        if (!status) slots[i] = bin_of_string(a, cell.data, cell.len);
    }
    jbk_hit_free(&hit);
    jbk_buf_free(&cell);
    return status;
}

jbk_status jbk_axis_read(jbk_index *x, jbk_axis *a, const jbk_chunk_walk *w,
                         uint32_t slots[JBK_CHUNK], jbk_err *err) {
    if (a->kind == JBK_AXIS_TEXTS) return bins_of_texts(x, a, w, slots, err);
    if (!a->column) a->column = jbk_alloc(JBK_CHUNK * sizeof *a->column);
    jbk_status status = jbk_chunk_walk_values(x, w, (jbk_field_id)a->field, a->column, err);
    if (status) return status;
    if (a->kind == JBK_AXIS_TIMES) {
        bins_of_times(a, a->column, w->n, slots);
    } else if (a->kind == JBK_AXIS_COUNTS) {
        for (uint32_t i = 0; i < w->n; i++)
            slots[i] =
                a->column[i] == JBK_ABSENT ? JBK_BIN_MISSING : bin_of_number(a, a->column[i]);
    } else {
        status = bins_of_codes(x, a, w->n, slots, err);
    }
    return status;
}

/* --- labels --- */

int64_t jbk_axis_value(const jbk_axis *a, uint32_t bin) {
    int64_t v;
    memcpy(&v, a->values.keys.at[bin - 1].s, sizeof v);
    return v;
}

void jbk_axis_label(const jbk_axis *a, uint32_t bin, jbk_buf *out) {
    char text[JBK_TIME_TEXT_MAX];
    static_assert(JBK_TIME_TEXT_MAX >= JBK_COUNT_TEXT_MAX, "text holds either");
    out->len = 0;
    if (bin == JBK_BIN_MISSING) return;
    if (a->kind == JBK_AXIS_TIMES) {
        jbk_buf_add(out, text, jbk_bin_label(jbk_axis_value(a, bin), text));
    } else if (a->kind == JBK_AXIS_COUNTS) {
        jbk_count c = jbk_count_unpack((uint64_t)jbk_axis_value(a, bin));
        jbk_buf_add(out, text, jbk_count_format(c, text));
    } else {
        jbk_buf_add(out, a->values.keys.at[bin - 1].s, a->values.keys.at[bin - 1].len);
    }
}

int jbk_axis_compare(const jbk_axis *a, uint32_t bin, uint32_t other) {
    if (a->kind == JBK_AXIS_TIMES || a->kind == JBK_AXIS_COUNTS) {
        int64_t v = jbk_axis_value(a, bin), w = jbk_axis_value(a, other);
        return v < w ? -1 : v > w;
    }
    const jbk_interned *s = &a->values.keys.at[bin - 1], *t = &a->values.keys.at[other - 1];
    int order = memcmp(s->s, t->s, s->len < t->len ? s->len : t->len);
    return order ? order : s->len < t->len ? -1 : s->len > t->len;
}
