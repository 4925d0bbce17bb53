/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hit.h"

#include "base/count.h"
#include "base/time.h"

#include <stdlib.h>

const jbk_column jbk_column_copies = {.field = -1, .name = "copies"};

static bool is_copies(const jbk_column *c) { return c->field < 0 && !c->extra; }

jbk_status jbk_columns_parse(char *spec, jbk_columns *out, jbk_err *err) {
    if (!spec) {
        for (int f = 0; f < JBK_FIELDS; f++) {
            jbk_column c = {.field = f, .name = jbk_fields[f].name};
            if (jbk_fields[f].exported) jbk_vec_push(out, c);
        }
        return JBK_OK;
    }
    for (char *name = strtok(spec, ","); name; name = strtok(NULL, ",")) {
        jbk_column c = {.field = jbk_field_find(name, strlen(name)), .name = name};
        if (c.field >= 0) {
            c.name = jbk_fields[c.field].name;
        } else if (!strncmp(name, JBK_EXTRA_PREFIX, 2) && name[2]) {
            c.extra = name + 2;
        } else {
            return jbk_fail(err, JBK_USAGE, "fields", "--fields: there is no field '%s'", name);
        }
        jbk_vec_push(out, c);
    }
    return out->n ? JBK_OK : jbk_fail(err, JBK_USAGE, "fields", "--fields names no field");
}

bool jbk_column_is_count(const jbk_column *c) {
    return is_copies(c) || (c->field >= 0 && jbk_fields[c->field].type == JBK_T_COUNT);
}

jbk_cell_kind jbk_column_kind_of(const jbk_column *c) {
    if (c->field < 0) return JBK_CELL_KEY;
    jbk_field_type type = jbk_fields[c->field].type;
    return type == JBK_T_COUNT  ? JBK_CELL_NUMBER
           : type == JBK_T_TEXT ? JBK_CELL_TEXT
                                : JBK_CELL_KEY;
}

jbk_status jbk_hit_load(jbk_index *x, uint32_t doc, jbk_hit *hit, jbk_err *err) {
    hit->doc = doc;
    return jbk_index_record(x, doc, &hit->record, err);
}

void jbk_hit_free(jbk_hit *hit) { jbk_record_free(&hit->record); }

static void put_count(int64_t v, jbk_buf *out) {
    char text[JBK_COUNT_TEXT_MAX];
    jbk_buf_add(out, text, jbk_count_format(jbk_count_unpack((uint64_t)v), text));
}

static void put_time(int64_t v, jbk_buf *out) {
    char text[JBK_TIME_TEXT_MAX];
    jbk_time t = jbk_time_unpack(v);
    jbk_buf_add(out, text, jbk_time_format(&t, text));
}

static void put_set(const char *s, size_t len, jbk_buf *out) {
    for (size_t i = 0; i < len; i++) {
        if (s[i] == JBK_SET_SEP)
            jbk_buf_add(out, "; ", 2);
        else
            jbk_buf_byte(out, s[i]);
    }
}

/* The name of the document that this one copies: a look into another record. */
static jbk_status put_original(jbk_index *x, uint32_t doc, jbk_buf *out, jbk_err *err) {
    const jbk_segment_info *seg = jbk_view_segment_of(x->view, doc);
    jbk_record r = {0};
    if (!seg) return jbk_fail(err, JBK_DAMAGED, "copy_of", "a copy's original is not there");
    jbk_status status =
        jbk_record_read_rest(seg->volume, x->other_reader, doc - seg->base, &r, err);
    if (!status) {
        jbk_str name = jbk_record_name(&r);
        jbk_buf_add(out, name.s, name.len);
    }
    jbk_record_free(&r);
    return status;
}

static jbk_status put_column(jbk_index *x, const jbk_hit *hit, jbk_field_id f, jbk_buf *out,
                             jbk_err *err) {
    int64_t v;
    jbk_status status = jbk_index_number(x, f, hit->doc, &v, err);
    if (status || v == JBK_ABSENT) return status;
    if (f == JBK_F_COPY_OF) return put_original(x, (uint32_t)v, out, err);
    if (jbk_fields[f].column == JBK_COL_NUMBERS) {
        if (jbk_fields[f].type == JBK_T_TIME)
            put_time(v, out);
        else
            put_count(v, out);
        return JBK_OK;
    }
    jbk_str s;
    status = jbk_index_value(x, f, (uint32_t)v, &s, err);
    if (!status && jbk_fields[f].type == JBK_T_KEYWORDS)
        put_set(s.s, s.len, out);
    else if (!status)
        jbk_buf_add(out, s.s, s.len);
    return status;
}

jbk_status jbk_hit_cell(jbk_index *x, const jbk_hit *hit, const jbk_column *column, jbk_buf *out,
                        jbk_err *err) {
    out->len = 0;
    if (is_copies(column)) {
        jbk_buf_printf(out, "%llu", (unsigned long long)hit->copies);
        return JBK_OK;
    }
    if (column->field < 0) {
        for (size_t i = 0; i < hit->record.extras.n; i++) {
            const jbk_extra *e = &hit->record.extras.at[i];
            if (e->name.len != strlen(column->extra) ||
                memcmp(e->name.s, column->extra, e->name.len) != 0)
                continue;
            jbk_buf_add(out, e->value.s, e->value.len);
            break;
        }
        return JBK_OK;
    }
    jbk_field_id f = (jbk_field_id)column->field;
    if (jbk_fields[f].column != JBK_COL_NONE) return put_column(x, hit, f, out, err);
    jbk_str s = hit->record.field[f];
    jbk_buf_add(out, s.s, s.len);
    return JBK_OK;
}
