/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out_stories.h"

#include "base/safe.h"
#include "base/status.h"
#include "base/utf8.h"
#include "out_json.h"

#include <stdlib.h>

/* What is told of a family. */
typedef struct {
    const jbk_story *story;
    const uint32_t *docs;
    uint32_t copies, observed, gone;
    uint32_t first, last; /* documents; JBK_NO_DATE where none has a date */
    jbk_facet platforms;
    jbk_template template;
} family;

#define JBK_NO_DATE UINT32_MAX

static void free_family(family *f) {
    jbk_facet_free(&f->platforms);
    jbk_template_free(&f->template);
}

static jbk_status look_at(jbk_index *x, family *f, uint32_t doc, int64_t range[2], jbk_err *err) {
    int64_t at, copy, status_code;
    jbk_status status = jbk_index_number(x, JBK_F_PUBLISHED_AT, doc, &at, err);
    if (!status) status = jbk_index_number(x, JBK_F_COPY_OF, doc, &copy, err);
    if (!status) status = jbk_index_number(x, JBK_F_STATUS, doc, &status_code, err);
    if (status) return status;
    f->copies += copy != JBK_ABSENT;
    bool observed = status_code != JBK_ABSENT && status_code != JBK_STATUS_UNKNOWN;
    f->observed += observed;
    f->gone += observed && status_code != JBK_STATUS_LIVE;
    if (at == JBK_ABSENT) return JBK_OK;
    if (f->first == JBK_NO_DATE || at >> 16 < range[0]) {
        range[0] = at >> 16;
        f->first = doc;
    }
    if (f->last == JBK_NO_DATE || at >> 16 > range[1]) {
        range[1] = at >> 16;
        f->last = doc;
    }
    return JBK_OK;
}

static jbk_status make_family(jbk_stories_job *job, jbk_templater *t, const jbk_story *s,
                              family *f, jbk_err *err) {
    *f = (family){.story = s, .docs = job->stories->docs.at + s->start};
    f->first = f->last = JBK_NO_DATE;
    int64_t range[2] = {0, 0};
    jbk_status status = jbk_facet_parse("platform:0", &f->platforms, err);
    for (uint32_t i = 0; i < s->n && !status; i++)
        status = look_at(job->index, f, f->docs[i], range, err);
    roaring_bitmap_t *set = roaring_bitmap_of_ptr(s->n, f->docs);
    if (!status) status = jbk_facet_count(job->index, set, &f->platforms, err);
    roaring_bitmap_free(set);
    return status ? status : jbk_template_make(t, f->docs, s->n, &f->template, err);
}

/* A field of a document, in job->cell. */
static jbk_status cell_of(jbk_stories_job *job, jbk_field_id field, uint32_t doc, jbk_err *err) {
    job->cell.len = 0;
    if (doc == JBK_NO_DATE) return JBK_OK;
    jbk_hit hit = {.doc = doc};
    jbk_column column = {.field = (int)field};
    jbk_status status = JBK_OK;
    if (jbk_fields[field].column == JBK_COL_NONE) status = jbk_hit_load(job->index, doc, &hit, err);
    if (!status) status = jbk_hit_cell(job->index, &hit, &column, &job->cell, err);
    jbk_hit_free(&hit);
    return status;
}

/* --- strings that text and CSV share --- */

/* Title or text with {1} for slots; at most `most` code points of it. */
static void add_template(const jbk_template *t, bool title, size_t most, jbk_buf *out) {
    for (size_t i = 0; i < t->pieces.n; i++) {
        const jbk_template_piece *p = &t->pieces.at[i];
        if (p->title != title) continue;
        if (p->slot) {
            jbk_buf_printf(out, "{%u}", p->slot);
            continue;
        }
        size_t end = 0;
        for (; end < p->text.len && most; most--) (void)jbk_utf8_next(p->text.s, p->text.len, &end);
        jbk_buf_add(out, p->text.s, end);
        if (end == p->text.len) continue;
        jbk_buf_str(out, "…");
        return;
    }
}

static void add_slot(const jbk_slot *s, size_t most, jbk_buf *out) {
    for (size_t i = 0; i < s->values.n && i < most; i++) {
        jbk_buf_str(out, i ? ", " : "");
        jbk_buf_add(out, s->values.at[i].text.s, s->values.at[i].text.len);
        jbk_buf_printf(out, " %u", s->values.at[i].docs);
    }
    if (s->values.n > most) jbk_buf_printf(out, ", %zu others", s->values.n - most);
}

static void add_platforms(const jbk_facet *f, jbk_buf *out) {
    for (size_t i = 0; i < f->values.n; i++) {
        jbk_buf_str(out, i ? ", " : "");
        jbk_buf_add(out, f->values.at[i].value.s, f->values.at[i].value.len);
        jbk_buf_printf(out, " %llu", (unsigned long long)f->values.at[i].count);
    }
}

/* --- text --- */

enum { TEXT_SHOWN = 300, VALUES_SHOWN = 12, SLOTS_SHOWN = 12 };

static void put_line(jbk_stories_job *job, const char *label, const jbk_buf *value) {
    jbk_buf_str(&job->line, label);
    jbk_safe_add(&job->line, value->data, value->len);
    jbk_buf_byte(&job->line, '\n');
}

static jbk_status put_dates(jbk_stories_job *job, const family *f, jbk_err *err) {
    jbk_status status = cell_of(job, JBK_F_PUBLISHED_AT, f->first, err);
    if (status || !job->cell.len) return status;
    jbk_buf_str(&job->line, ", ");
    jbk_safe_add(&job->line, job->cell.data, job->cell.len);
    status = cell_of(job, JBK_F_PUBLISHED_AT, f->last, err);
    if (status) return status;
    jbk_buf_str(&job->line, " to ");
    jbk_safe_add(&job->line, job->cell.data, job->cell.len);
    return JBK_OK;
}

static jbk_status put_text(jbk_stories_job *job, const family *f, size_t i, jbk_err *err) {
    jbk_buf b = {0};
    if (i) jbk_buf_byte(&job->line, '\n');
    jbk_buf_printf(&job->line, "story:%u  %u documents", f->story->story, f->story->n);
    if (f->copies) jbk_buf_printf(&job->line, " (%u copies)", f->copies);
    jbk_status status = put_dates(job, f, err);
    if (f->observed)
        jbk_buf_printf(&job->line, ", %u of %u observed are gone", f->gone, f->observed);
    jbk_buf_byte(&job->line, '\n');
    add_platforms(&f->platforms, &b);
    if (b.len) put_line(job, "  ", &b);
    for (int title = 1; title >= 0; title--) {
        b.len = 0;
        add_template(&f->template, title, TEXT_SHOWN, &b);
        if (b.len) put_line(job, "  | ", &b);
    }
    for (size_t s = 0; s < f->template.slots.n && s < SLOTS_SHOWN; s++) {
        b.len = 0;
        jbk_buf_printf(&b, "{%zu} ", s + 1);
        add_slot(&f->template.slots.at[s], VALUES_SHOWN, &b);
        put_line(job, "  ", &b);
    }
    if (f->template.slots.n > SLOTS_SHOWN)
        jbk_buf_printf(&job->line, "  and %zu more slots\n", f->template.slots.n - SLOTS_SHOWN);
    jbk_buf_free(&b);
    return status;
}

/* --- CSV --- */

static jbk_status put_csv(jbk_stories_job *job, const family *f, size_t i, jbk_err *err) {
    enum { STORY, DOCS, COPIES, FIRST, LAST, OBSERVED, GONE, PLATFORMS, TITLE, TEXT, SLOTS, CELLS };
    static const char *const NAMES[CELLS] = {"story", "documents", "copies", "first",
                                             "last", "observed", "gone", "platforms",
                                             "title", "text", "slots"};
    jbk_buf b[CELLS] = {0};
    jbk_buf_printf(&b[STORY], "%u", f->story->story);
    jbk_buf_printf(&b[DOCS], "%u", f->story->n);
    jbk_buf_printf(&b[COPIES], "%u", f->copies);
    jbk_buf_printf(&b[OBSERVED], "%u", f->observed);
    jbk_buf_printf(&b[GONE], "%u", f->gone);
    jbk_status status = cell_of(job, JBK_F_PUBLISHED_AT, f->first, err);
    jbk_buf_add(&b[FIRST], job->cell.data, job->cell.len);
    if (!status) status = cell_of(job, JBK_F_PUBLISHED_AT, f->last, err);
    jbk_buf_add(&b[LAST], job->cell.data, job->cell.len);
    add_platforms(&f->platforms, &b[PLATFORMS]);
    add_template(&f->template, true, SIZE_MAX, &b[TITLE]);
    add_template(&f->template, false, SIZE_MAX, &b[TEXT]);
    for (size_t s = 0; s < f->template.slots.n; s++) {
        jbk_buf_printf(&b[SLOTS], "%s{%zu} ", s ? "; " : "", s + 1);
        add_slot(&f->template.slots.at[s], SIZE_MAX, &b[SLOTS]);
    }
    jbk_row_cell cells[CELLS];
    for (int c = 0; c < CELLS; c++)
        cells[c] = (jbk_row_cell){NAMES[c], {b[c].data, b[c].len},
                                  c <= COPIES || c == OBSERVED || c == GONE ? JBK_CELL_NUMBER
                                                                            : JBK_CELL_TEXT};
    const jbk_row_format *csv = jbk_row_format_find("csv");
    if (!i) csv->head(cells, CELLS, job->excel, &job->line);
    csv->row(cells, CELLS, job->excel, &job->line);
    for (int c = 0; c < CELLS; c++) jbk_buf_free(&b[c]);
    return status;
}

/* --- JSON --- */

static json_t *slots_of(const jbk_template *t) {
    json_t *slots = json_array();
    for (size_t i = 0; i < t->slots.n; i++) {
        const jbk_slot *s = &t->slots.at[i];
        json_t *values = json_array();
        for (size_t k = 0; k < s->values.n; k++) {
            const jbk_slot_value *v = &s->values.at[k];
            json_t *o = json_object();
            json_object_set_new(o, "value", jbk_json_str(v->text.s, v->text.len));
            if (v->code.len) json_object_set_new(o, "code", jbk_json_str(v->code.s, v->code.len));
            json_object_set_new(o, "count", json_integer(v->docs));
            json_array_append_new(values, o);
        }
        json_t *o = json_object();
        json_object_set_new(o, "slot", json_integer((json_int_t)i + 1));
        json_object_set_new(o, "kind", json_string(s->number ? "number" : "name"));
        json_object_set_new(o, "values", values);
        json_object_set_new(o, "missing", json_integer(s->missing));
        json_array_append_new(slots, o);
    }
    return slots;
}

static json_t *platforms_of(const jbk_facet *f) {
    json_t *list = json_array();
    for (size_t i = 0; i < f->values.n; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "value",
                            jbk_json_str(f->values.at[i].value.s, f->values.at[i].value.len));
        json_object_set_new(o, "count", json_integer((json_int_t)f->values.at[i].count));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *template_of(const jbk_template *t) {
    json_t *o = json_object();
    jbk_buf b = {0};
    for (int title = 1; title >= 0; title--) {
        b.len = 0;
        add_template(t, title, SIZE_MAX, &b);
        json_object_set_new(o, title ? "title" : "text", jbk_json_str(b.data, b.len));
    }
    jbk_buf_free(&b);
    return o;
}

static jbk_status set_cell(jbk_stories_job *job, json_t *o, const char *key, jbk_field_id field,
                           uint32_t doc, jbk_err *err) {
    jbk_status status = cell_of(job, field, doc, err);
    if (!status)
        json_object_set_new(o, key,
                            job->cell.len ? jbk_json_str(job->cell.data, job->cell.len)
                                          : json_null());
    return status;
}

static jbk_status members_of(jbk_stories_job *job, const family *f, json_t *list, jbk_err *err) {
    jbk_status status = JBK_OK;
    for (uint32_t i = 0; i < f->story->n && !status; i++) {
        json_t *o = json_object();
        status = set_cell(job, o, "platform", JBK_F_PLATFORM, f->docs[i], err);
        if (!status) status = set_cell(job, o, "id", JBK_F_ID, f->docs[i], err);
        if (!status) status = set_cell(job, o, "url", JBK_F_URL, f->docs[i], err);
        json_array_append_new(list, o);
    }
    return status;
}

static jbk_status put_json(jbk_stories_job *job, const family *f, size_t i, jbk_err *err) {
    json_t *o = json_object(), *members = json_array();
    json_object_set_new(o, "story", json_integer(f->story->story));
    json_object_set_new(o, "documents", json_integer(f->story->n));
    json_object_set_new(o, "copies", json_integer(f->copies));
    jbk_status status = set_cell(job, o, "first", JBK_F_PUBLISHED_AT, f->first, err);
    if (!status) status = set_cell(job, o, "last", JBK_F_PUBLISHED_AT, f->last, err);
    json_object_set_new(o, "observed", json_integer(f->observed));
    json_object_set_new(o, "gone", json_integer(f->gone));
    json_object_set_new(o, "platforms", platforms_of(&f->platforms));
    json_object_set_new(o, "template", template_of(&f->template));
    json_object_set_new(o, "slots", slots_of(&f->template));
    if (!status) status = members_of(job, f, members, err);
    json_object_set_new(o, "members", members);
    jbk_buf_str(&job->line, i ? ",\n" : "");
    jbk_json_put(&job->line, o);
    return status;
}

static void begin_json(jbk_stories_job *job) {
    jbk_buf_str(&job->line, "{\"query\":");
    jbk_json_put(&job->line, jbk_json_str(job->query, strlen(job->query)));
    jbk_buf_printf(&job->line, ",\"total\":%llu,\"families\":%zu,\"stories\":[",
                   (unsigned long long)job->total, job->stories->at.n);
}

static void end_json(jbk_stories_job *job) {
    jbk_buf_str(&job->line, "],\n\"index\":");
    jbk_json_put(&job->line, jbk_json_index(job->index));
    jbk_buf_str(&job->line, "}\n");
}

/* --- all of them --- */

typedef struct {
    const char *name;
    void (*begin)(jbk_stories_job *job); /* NULL: nothing */
    jbk_status (*put)(jbk_stories_job *job, const family *f, size_t i, jbk_err *err);
    void (*end)(jbk_stories_job *job);
} stories_format;

static const stories_format FORMATS[] = {
    {"text", NULL, put_text, NULL}, {"json", begin_json, put_json, end_json}, {"csv", NULL, put_csv, NULL}};

static const stories_format *format_of(const char *name) {
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++)
        if (!strcmp(FORMATS[i].name, name)) return &FORMATS[i];
    return NULL;
}

bool jbk_stories_has_format(const char *name) { return format_of(name); }

jbk_status jbk_stories_put(jbk_stories_job *job, const char *format, jbk_err *err) {
    const stories_format *how = format_of(format);
    size_t n = job->stories->at.n;
    jbk_templater *t;
    if (job->limit && job->limit < n) n = job->limit;
    jbk_status status = jbk_templater_new(job->index, &t, err);
    if (!status && how->begin) how->begin(job);
    for (size_t i = 0; i < n && !status; i++) {
        family f;
        status = make_family(job, t, &job->stories->at.at[i], &f, err);
        if (!status) status = how->put(job, &f, i, err);
        free_family(&f);
        if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    }
    if (!status && how->end) how->end(job);
    if (!status) status = jbk_writer_put(&job->writer, &job->line, err);
    jbk_templater_free(t);
    return status;
}
