/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as text: fold, terms, keys, language, names, sound, encodings, and what of them must
 * always hold. */
#include "fuzz.h"

#include "base/utf8.h"
#include "text/document.h"
#include "text/encoding.h"
#include "text/keys.h"
#include "text/names.h"
#include "text/pinyin.h"
#include "text/sound.h"

#include <stdlib.h>

static jbk_err err;
static jbk_segmenter *segmenter;
static jbk_stemmer *stemmer;
static jbk_names *names;
static jbk_counter *counter;

static void begin(void) {
    if (segmenter) return;
    fuzz_ok(jbk_segmenter_new(&segmenter, &err), &err);
    fuzz_ok(jbk_stemmer_new(&stemmer, &err), &err);
    fuzz_ok(jbk_names_new(&names, &err), &err);
    fuzz_ok(jbk_counter_new(&counter, &err), &err);
}

/* --- the fold --- */

static void check_fold(const jbk_folded *f, const char *s, size_t len) {
    jbk_folded again = {.utf8_only = true};
    fuzz_check(!jbk_utf8_count_bad(f->utf8.data, f->utf8.len));
    jbk_fold(&again, f->utf8.data, f->utf8.len);
    fuzz_check(again.utf8.len == f->utf8.len);
    fuzz_check(!f->utf8.len || !memcmp(again.utf8.data, f->utf8.data, f->utf8.len));
    fuzz_check(f->map.n == f->utf8.len + 1);
    fuzz_check(f->map.at[f->utf8.len] == len);
    for (size_t i = 0; i < f->utf8.len; i++) {
        fuzz_check(f->map.at[i] <= f->map.at[i + 1]);
        size_t from, to;
        jbk_fold_source(f, i, i + 1, &from, &to);
        fuzz_check(from <= to && to <= len);
    }
    jbk_folded plain = {0};
    jbk_fold(&plain, s, len);
    fuzz_check(plain.utf8.len == f->utf8.len && plain.utf16.n == f->utf16.n);
    jbk_folded_free(&plain);
    jbk_folded_free(&again);
}

/* --- terms tile it --- */

static void check_uncovered(const jbk_buf *text, size_t from, size_t to) {
    while (from < to) fuzz_check(!jbk_cp_wordy(jbk_utf8_next(text->data, text->len, &from)));
    fuzz_check(from == to);
}

static bool joins(const jbk_buf *text, size_t at) {
    size_t before = at, after = at;
    if (!at || at >= text->len) return false;
    do before--;
    while (!jbk_utf8_is_start(text->data[before]));
    return jbk_cp_alnum(jbk_utf8_next(text->data, text->len, &before)) &&
           jbk_cp_alnum(jbk_utf8_next(text->data, text->len, &after));
}

static void check_terms(const jbk_buf *text, const jbk_slices *terms) {
    size_t at = 0;
    for (size_t i = 0; i < terms->n; i++) {
        jbk_slice t = terms->at[i];
        size_t end = t.start + t.len;
        fuzz_check(t.start >= at && t.len > 0 && t.len <= JBK_TERM_MAX && end <= text->len);
        fuzz_check(jbk_utf8_is_start(text->data[t.start]));
        fuzz_check(end == text->len || jbk_utf8_is_start(text->data[end]));
        check_uncovered(text, at, t.start);
        fuzz_check(t.len >= JBK_TERM_CUT || (!joins(text, t.start) && !joins(text, end)));
        at = end;
    }
    check_uncovered(text, at, text->len);
}

/* --- words --- */

static void check_keys(const char *word, size_t len) {
    jbk_keys keys;
    jbk_key key;
    jbk_keys_of(stemmer, word, len, &keys);
    fuzz_check(keys.n <= JBK_KEYS_MAX);
    for (size_t i = 0; i < keys.n; i++) {
        fuzz_check(keys.at[i].kind >= JBK_KEY_KK && keys.at[i].kind <= JBK_KEY_UG);
        for (size_t k = 0; k < i; k++)
            fuzz_check(keys.at[i].kind != keys.at[k].kind || keys.at[i].len != keys.at[k].len ||
                       memcmp(keys.at[i].bytes, keys.at[k].bytes, keys.at[k].len));
    }
    for (int kind = JBK_KEY_KK; kind <= JBK_KEY_UG; kind++)
        (void)jbk_stem(stemmer, (jbk_key_kind)kind, word, len, &key);
    (void)jbk_script_key(JBK_KEY_KK, word, len, &key);
    (void)jbk_script_key(JBK_KEY_UG, word, len, &key);
}

/* Each unit is looked for in a whole table: a few short words are enough for a text. */
enum { SOUNDS = 4, SOUND_BYTES = 16 };

static void check_sound(const char *word, size_t len) {
    jbk_sound_units units = {0};
    jbk_sound_units_of(word, len, &units);
    for (size_t i = 0; i < units.n; i++) {
        fuzz_check(units.at[i].chars.n || units.at[i].spelled.n);
        for (size_t k = 1; k < units.at[i].chars.n; k++)
            fuzz_check(units.at[i].chars.at[k - 1] < units.at[i].chars.at[k]);
    }
    jbk_sound_units_free(&units);
}

static void check_word(const char *word, size_t len) {
    jbk_buf sound = {0};
    check_keys(word, len);
    if (!jbk_pinyin(word, len, false, &sound)) fuzz_check(!sound.len);
    jbk_pinyin(word, len, true, &sound);
    jbk_term_describe(word, len);
    jbk_buf_free(&sound);
}

/* --- documents --- */

static void check_names(const char *s, size_t len) {
    jbk_folded f = {.want_map = true};
    jbk_name_places places = {0};
    fuzz_ok(jbk_names_in(names, s, len, &f, &places, &err), &err);
    size_t at = 0;
    for (size_t i = 0; i < places.n; i++) {
        const jbk_name_place *p = &places.at[i], *before = i ? p - 1 : p;
        bool joint = i && p->start == before->start && p->end == before->end;
        fuzz_check(joint ? p->code != before->code : p->start >= at && p->end > p->start);
        fuzz_check(jbk_name_code(p->code));
        at = p->end;
    }
    fuzz_check(at <= f.utf8.len);
    jbk_vec_free(&places);
    jbk_folded_free(&f);
}

static void check_counts(const char *s, size_t len, size_t terms) {
    jbk_intern words = {0};
    jbk_word_counts counts = {0};
    uint32_t total;
    uint64_t sum = 0;
    fuzz_ok(jbk_count_terms(counter, s, len, s, len, &words, &counts, &total, &err), &err);
    for (size_t i = 0; i < counts.n; i++) {
        fuzz_check(counts.at[i].word < words.keys.n && counts.at[i].count % 2 == 0);
        sum += counts.at[i].count;
    }
    fuzz_check(sum == total && total == 2 * terms);
    fuzz_check(jbk_counter_mentions(counter));
    jbk_vec_free(&counts);
    jbk_intern_free(&words);
}

static void check_encodings(const char *s, size_t len) {
    const jbk_encoding *e = jbk_encoding_detect(s, len, false, NULL);
    jbk_buf whole = {0}, pieces = {0};
    jbk_decoder *d;
    uint64_t bad = jbk_encoding_convert(e, s, len, &whole);
    fuzz_check(!jbk_utf8_count_bad(whole.data, whole.len));
    fuzz_ok(jbk_decoder_new(e, &d, &err), &err);
    for (size_t i = 0, n; i < len; i += n) {
        n = 1 + i % 7 < len - i ? 1 + i % 7 : len - i;
        jbk_decoder_add(d, s + i, n, false, &pieces);
    }
    jbk_decoder_add(d, "", 0, true, &pieces);
    fuzz_check(jbk_decoder_bad(d) == bad);
    fuzz_check(pieces.len == whole.len);
    fuzz_check(!whole.len || !memcmp(pieces.data, whole.data, whole.len));
    jbk_decoder_free(d);
    jbk_buf_free(&whole);
    jbk_buf_free(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *s = (const char *)data;
    jbk_folded f = {.want_map = true};
    jbk_slices terms = {0};
    begin();
    jbk_fold(&f, s, size);
    check_fold(&f, s, size);
    fuzz_ok(jbk_segment(segmenter, &f, &terms, &err), &err);
    check_terms(&f.utf8, &terms);
    for (size_t i = 0, sounds = 0; i < terms.n; i++) {
        const char *word = f.utf8.data + terms.at[i].start;
        check_word(word, terms.at[i].len);
        if (terms.at[i].len <= SOUND_BYTES && sounds++ < SOUNDS) check_sound(word, terms.at[i].len);
    }
    check_names(s, size);
    check_counts(s, size, terms.n);
    check_encodings(s, size);
    jbk_language l = jbk_language_detect(s, size);
    fuzz_check(l.lang && l.script);
    jbk_vec_free(&terms);
    jbk_folded_free(&f);
    return 0;
}
