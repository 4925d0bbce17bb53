/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "summary.h"

#include "base/time.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

/* --- parts --- */

void jbk_summary_say_reasons(const uint64_t reasons[JBK_REJ_CODES], const char *rejects) {
    const char *before = "rejected:";
    for (int code = 1; code < JBK_REJ_CODES; code++) {
        if (!reasons[code]) continue;
        fprintf(stderr, "%s %llu %s", before, (unsigned long long)reasons[code],
                jbk_reject_names[code]);
        before = ",";
    }
    fprintf(stderr, "; see %s\n", rejects);
}

json_t *jbk_summary_reasons(const uint64_t reasons[JBK_REJ_CODES]) {
    json_t *o = json_object();
    for (int code = 1; code < JBK_REJ_CODES; code++)
        if (reasons[code])
            json_object_set_new(o, jbk_reject_names[code], json_integer((json_int_t)reasons[code]));
    return o;
}

jbk_status jbk_summary_save(const char *path, json_t *o, jbk_err *err) {
    FILE *f = strcmp(path, "-") ? fopen(path, "we") : stdout;
    bool bad = !f || json_dumpf(o, f, JSON_COMPACT | JSON_REAL_PRECISION(6)) || fputc('\n', f) < 0;
    if (f && f != stdout) bad |= fclose(f) != 0;
    json_decref(o);
    return bad ? jbk_fail_sys(err, errno, "fopen", "cannot write the summary to %s", path) : JBK_OK;
}

int64_t jbk_packed_now(void) {
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    /* Said to the second, but runs within one are told apart. */
    jbk_time t = {.ms = ts.tv_sec * 1000 + ts.tv_nsec / 1000000, .precision = JBK_PREC_SECOND};
    return jbk_time_pack(&t);
}

/* --- what index says --- */

static const struct {
    const char *name;
    jbk_outcome outcome;
} LINES[] = {{"added", JBK_ADDED},         {"updated", JBK_UPDATED}, {"observed", JBK_OBSERVED},
             {"unchanged", JBK_UNCHANGED}, {"copies", JBK_COPY},     {"rejected", JBK_REJECTED}};
enum { NLINES = sizeof LINES / sizeof *LINES };

static void put_encodings(json_t *o, const jbk_input *input) {
    size_t n;
    const jbk_input_encoding *e = jbk_input_encodings(input, &n);
    json_t *by = json_object();
    for (size_t i = 0; i < n; i++)
        json_object_set_new(by, e[i].name, json_integer((json_int_t)e[i].members));
    json_object_set_new(o, "encodings", by);
    json_object_set_new(o, "unconverted", json_integer((json_int_t)jbk_input_bad(input)));
}

static void say_encodings(const jbk_input *input) {
    size_t n;
    const jbk_input_encoding *e = jbk_input_encodings(input, &n);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "%s %llu %s as %s", i ? "," : "read", (unsigned long long)e[i].members,
                e[i].members == 1 ? "file" : "files", e[i].name);
    if (n) fprintf(stderr, "\n");
    if (jbk_input_bad(input))
        fprintf(stderr, "%llu places could not be converted to UTF-8 and became U+FFFD\n",
                (unsigned long long)jbk_input_bad(input));
}

jbk_status jbk_summary_write(const char *path, const jbk_tally *t, const jbk_maps *maps,
                             const jbk_input *input, double seconds, jbk_err *err) {
    json_t *o = json_object();
    json_object_set_new(o, "read", json_integer((json_int_t)t->read));
    for (int i = 0; i < NLINES; i++)
        json_object_set_new(o, LINES[i].name,
                            json_integer((json_int_t)t->outcomes[LINES[i].outcome]));
    json_object_set_new(o, "bytes", json_integer((json_int_t)jbk_input_bytes(input)));
    json_object_set_new(o, "seconds", json_real(seconds));
    json_object_set_new(o, "repaired", json_integer((json_int_t)t->repaired));
    json_object_set_new(o, "reasons", jbk_summary_reasons(t->reasons));
    json_t *by = json_object();
    for (size_t i = 0; i < maps->maps.n; i++)
        if (t->mapped.records[i])
            json_object_set_new(by, maps->maps.at[i]->name,
                                json_integer((json_int_t)t->mapped.records[i]));
    json_object_set_new(o, "maps", by);
    json_object_set_new(o, "unread", json_integer((json_int_t)t->mapped.unread));
    json_t *passed = json_object();
    for (int i = 0; i < JBK_PASSES; i++)
        if (t->passed[i])
            json_object_set_new(passed, jbk_pass_names[i], json_integer((json_int_t)t->passed[i]));
    json_object_set_new(o, "passed", passed);
    put_encodings(o, input);
    return jbk_summary_save(path, o, err);
}

/* What archives hold beside pages. */
static void say_passed(const jbk_tally *t) {
    const char *before = "passed over, being no records:";
    for (int i = 0; i < JBK_PASSES; i++) {
        if (!t->passed[i]) continue;
        fprintf(stderr, "%s %llu %s", before, (unsigned long long)t->passed[i], jbk_pass_names[i]);
        before = ",";
    }
    if (*before == ',') fprintf(stderr, "\n");
    if (t->passed[JBK_PASS_REVISIT] || t->passed[JBK_PASS_GONE])
        fprintf(stderr, "jibek observe with the same files adds what was seen again or gone\n");
}

/* Which mappings the records were recognised by, where any was that is not the generic one. */
static void say_maps(const jbk_tally *t, const jbk_maps *maps) {
    bool any = false;
    for (size_t i = 0; i < maps->maps.n; i++)
        any |= t->mapped.records[i] && !maps->maps.at[i]->generic;
    if (!any) return;
    const char *comma = "";
    fprintf(stderr, "mapped:");
    for (size_t i = 0; i < maps->maps.n; i++) {
        if (!t->mapped.records[i]) continue;
        fprintf(stderr, "%s %llu by %s", comma, (unsigned long long)t->mapped.records[i],
                maps->maps.at[i]->name);
        comma = ",";
    }
    fprintf(stderr, "\n");
    if (t->mapped.unread)
        fprintf(stderr, "%llu values are none that the mapping knows; they are kept as x.*\n",
                (unsigned long long)t->mapped.unread);
}

void jbk_summary_say(const jbk_tally *t, const jbk_maps *maps, const jbk_input *input,
                     double seconds, const char *rejects) {
    say_encodings(input);
    say_maps(t, maps);
    fprintf(stderr, "%llu read:", (unsigned long long)t->read);
    for (int i = 0; i < NLINES; i++)
        fprintf(stderr, "%s %llu %s", i ? "," : "",
                (unsigned long long)t->outcomes[LINES[i].outcome], LINES[i].name);
    fprintf(stderr, " (%.1f s)\n", seconds);
    if (t->repaired)
        fprintf(stderr,
                "%llu lines were not UTF-8 throughout; the bytes in question became U+FFFD\n",
                (unsigned long long)t->repaired);
    say_passed(t);
    if (t->outcomes[JBK_REJECTED]) jbk_summary_say_reasons(t->reasons, rejects);
}
