/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the index makes of a text: its terms, and what the lexicon knows each under. */
#include "base/args.h"
#include "base/safe.h"
#include "base/utf8.h"
#include "search/commands.h"
#include "text/keys.h"
#include "text/lang.h"
#include "text/pinyin.h"
#include "text/segment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPT_LANG };
static const jbk_option OPTIONS[] = {
    [OPT_LANG] = {0, "lang", "L",
                  "the language of the words: zh, kk, ru, ug, en, ... (default: told by the text)"},
    {0, NULL, NULL, NULL},
};

/* A line longer than this is analyzed up to here, and said so. */
#define LINE_MAX_BYTES ((size_t)64 << 20)

typedef struct {
    const char *lang; /* --lang, or NULL */
    jbk_segmenter *segmenter;
    jbk_stemmer *stemmer;
    jbk_folded folded;
    jbk_slices terms;
    jbk_buf out, pinyin;
    uint64_t line, bad, cut;
} analyzer;

/* --- a word --- */

/* Kazakh in a Russian text is Kazakh; else a word is of the language around it where their
 * scripts are the same. */
static jbk_language word_language(const analyzer *a, jbk_language around, const char *surface,
                                  size_t len) {
    jbk_language own = jbk_language_detect(surface, len);
    bool same_script = !strncmp(own.script, around.script, 3);
    bool stranger = !strcmp(around.lang, "ru") && strcmp(own.lang, "ru") != 0;
    if (same_script && !stranger) own.lang = around.lang;
    if (a->lang && own.script[0]) own.lang = a->lang;
    return own;
}

static jbk_key_kind kind_of(const char *lang) {
    static const struct {
        const char *lang;
        jbk_key_kind kind;
    } KINDS[] = {{"kk", JBK_KEY_KK}, {"ru", JBK_KEY_RU}, {"en", JBK_KEY_EN}, {"ug", JBK_KEY_UG}};
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (!strcmp(KINDS[i].lang, lang)) return KINDS[i].kind;
    return 0;
}

static void put_column(analyzer *a, const char *s, size_t len) {
    jbk_buf_byte(&a->out, '\t');
    jbk_safe_add(&a->out, s, len);
}

static void put_key(analyzer *a, bool has, const jbk_key *key, const char *term, size_t len) {
    put_column(a, has ? key->bytes : term, has ? key->len : len);
}

static void put_word(analyzer *a, const char *text, jbk_slice w, jbk_language around) {
    size_t from, to;
    jbk_fold_source(&a->folded, w.start, w.start + w.len, &from, &to);
    const char *term = a->folded.utf8.data + w.start;
    jbk_language is = word_language(a, around, text + from, to - from);
    jbk_key_kind kind = kind_of(is.lang);
    jbk_key key;
    jbk_buf_printf(&a->out, "%llu\t%zu\t%zu", (unsigned long long)a->line, from, to);
    put_column(a, text + from, to - from);
    put_column(a, is.script, strlen(is.script));
    put_column(a, is.lang, strlen(is.lang));
    put_column(a, term, w.len);
    jbk_key_kind neutral = kind == JBK_KEY_UG ? JBK_KEY_UG : JBK_KEY_KK;
    put_key(a, jbk_script_key(neutral, term, w.len, &key), &key, term, w.len);
    put_key(a, kind && jbk_stem(a->stemmer, kind, term, w.len, &key), &key, term, w.len);
    a->pinyin.len = 0;
    jbk_pinyin(term, w.len, false, &a->pinyin);
    put_column(a, a->pinyin.data, a->pinyin.len);
    jbk_buf_byte(&a->out, '\n');
}

/* --- lines --- */

static jbk_status analyze_line(analyzer *a, const char *text, size_t len, jbk_err *err) {
    a->line++;
    a->bad += jbk_utf8_count_bad(text, len);
    jbk_language around = jbk_language_detect(text, len);
    jbk_fold(&a->folded, text, len);
    jbk_status status = jbk_segment(a->segmenter, &a->folded, &a->terms, err);
    for (size_t i = 0; i < a->terms.n && !status; i++) {
        put_word(a, text, a->terms.at[i], around);
        if (a->out.len < 1 << 16 && i + 1 < a->terms.n) continue;
        fwrite(a->out.data, 1, a->out.len, stdout);
        a->out.len = 0;
        if (ferror(stdout)) break; /* told at the end of the program */
    }
    return status;
}

/* The next line of standard input without its end; false at the end of the input. */
static bool read_line(analyzer *a, jbk_buf *line) {
    bool whole = true;
    int c;
    line->len = 0;
    while ((c = getc_unlocked(stdin)) != EOF && c != '\n') {
        if (line->len < LINE_MAX_BYTES)
            jbk_buf_byte(line, (char)c);
        else
            whole = false;
    }
    if (!whole) {
        line->len = jbk_utf8_cut(line->data, line->len, line->len - 1);
        a->cut++;
    }
    return c != EOF || line->len;
}

static jbk_status analyze(analyzer *a, jbk_err *err) {
    jbk_buf line = {0};
    jbk_status status = jbk_segmenter_new(&a->segmenter, err);
    if (!status) status = jbk_stemmer_new(&a->stemmer, err);
    while (!status && !ferror(stdout) && read_line(a, &line))
        status = analyze_line(a, line.data, line.len, err);
    if (!status && ferror(stdin)) status = jbk_fail_sys(err, errno, "analyze", "standard input");
    jbk_buf_free(&line);
    return status;
}

static int run(int argc, char **argv) {
    analyzer a = {.folded.want_map = true};
    jbk_args args;
    jbk_err err = {0};
    jbk_args_begin(&args, &jbk_command_analyze, argc, argv);
    for (int o; (o = jbk_args_next(&args, &err)) != JBK_ARGS_END;) {
        if (o == JBK_ARGS_HELP) {
            jbk_print_help(&jbk_command_analyze);
            return 0;
        }
        if (o == JBK_ARGS_WRONG) return jbk_report(&err);
        a.lang = args.value;
    }
    if (args.nrest) {
        jbk_fail(&err, JBK_USAGE, "analyze",
                 "the text comes on standard input: jibek analyze < FILE");
        return jbk_report(&err);
    }
    jbk_status status = analyze(&a, &err);
    if (a.bad)
        fprintf(stderr, "jibek: %llu ill-formed sequences of bytes became U+FFFD\n",
                (unsigned long long)a.bad);
    if (a.cut)
        fprintf(stderr, "jibek: %llu lines are longer than 64 MiB; their rest was left out\n",
                (unsigned long long)a.cut);
    jbk_segmenter_free(a.segmenter);
    jbk_stemmer_free(a.stemmer);
    jbk_folded_free(&a.folded);
    jbk_vec_free(&a.terms);
    jbk_buf_free(&a.out);
    jbk_buf_free(&a.pinyin);
    return status ? jbk_report(&err) : a.cut ? 1 : 0;
}

const jbk_command jbk_command_analyze = {
    .name = "analyze",
    .usage = "< TEXT",
    .summary = "what the index makes of a text: its words, their keys and stems",
    .options = OPTIONS,
    .more =
        "Tab-separated lines without a header, one a word: line, start and end byte in the line,\n"
        "surface, script, language, term, script-neutral key, stem, pinyin.  The term stands for\n"
        "key and stem where the word has none.",
    .run = run,
};
