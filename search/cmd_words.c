/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/safe.h"
#include "out_row.h"
#include "search/commands.h"
#include "session.h"
#include "text/segment.h"
#include "wordlist.h"

#include <stdlib.h>

enum { O_INDEX, O_LIMIT, O_QUERY, O_SORT, O_SCRIPT, O_FORMAT, O_OUTPUT };

static const jbk_option OPTIONS[] = {
    {'i', "index", "INDEX", "the index folder (default $JIBEK_INDEX)"},
    {'n', "limit", "N", "words to show (default 50); 0: all"},
    {0, "query", "QUERY", "of the documents that it finds only"},
    {0, "sort", "ORDER", "documents, occurrences or word"},
    {0, "script", "SCRIPT", "Hani, Cyrl, Arab, Latn, Kana, Thai, Zzzz or Zyyy"},
    {0, "format", "FORMAT", "text, csv, tsv or jsonl"},
    {'o', "output", "FILE", "write there instead of to standard output"},
    {0, NULL, NULL, NULL},
};

static const char MORE[] =
    "PATTERN is a word, in which * stands for any characters: қазақ*, *стан, *斯坦*.  Words are\n"
    "as the index has them: folded, cut by ICU, without stems.  Numbers and signs have the script\n"
    "Zyyy, other scripts Zzzz.";

typedef struct {
    const char *index, *query, *pattern, *format, *output;
    uint64_t limit;
    bool limited; /* it was asked for */
    jbk_words_sort sort;
    int script;
} options;

static bool has_format(const char *name) {
    return !strcmp(name, "text") || jbk_row_format_find(name);
}

static jbk_status set_sort(options *o, const char *value, jbk_err *err) {
    static const char *const NAMES[] = {[JBK_WORDS_BY_DOCUMENTS] = "documents",
                                        [JBK_WORDS_BY_OCCURRENCES] = "occurrences",
                                        [JBK_WORDS_BY_WORD] = "word"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        o->sort = (jbk_words_sort)i;
        if (!strcmp(NAMES[i], value)) return JBK_OK;
    }
    return jbk_fail(err, JBK_USAGE, "args",
                    "--sort cannot be '%s'; it is documents, occurrences or word", value);
}

static jbk_status set_option(void *arg, int option, const char *value, jbk_err *err) {
    options *o = arg;
    switch (option) {
    case O_INDEX:
        o->index = value;
        return JBK_OK;
    case O_LIMIT:
        o->limited = true;
        if (jbk_parse_number(value, INT64_MAX, &o->limit)) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args", "--limit cannot be '%s'", value);
    case O_QUERY:
        o->query = value;
        return JBK_OK;
    case O_SORT:
        return set_sort(o, value, err);
    case O_SCRIPT:
        o->script = jbk_script_find(value);
        if (o->script >= 0) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args", "--script cannot be '%s'; it is %s", value,
                        OPTIONS[O_SCRIPT].help);
    case O_FORMAT:
        o->format = value;
        if (has_format(value)) return JBK_OK;
        return jbk_fail(err, JBK_USAGE, "args",
                        "--format cannot be '%s'; it is text, csv, tsv or jsonl", value);
    default:
        o->output = value;
        return JBK_OK;
    }
}

static jbk_status parse_options(int argc, char **argv, options *o, bool *help, jbk_err *err) {
    jbk_args a;
    jbk_status status = jbk_args_all(&a, &jbk_command_words, argc, argv, set_option, o, help, err);
    if (status || *help) return status;
    if (a.nrest > 1)
        return jbk_fail(err, JBK_USAGE, "args", "one pattern is due (there are %d)", a.nrest);
    if (a.nrest) o->pattern = a.rest[0];
    status = jbk_args_need_index(o->index, err);
    return status ? status : jbk_format_by_name(&o->format, o->output, has_format, "text", err);
}

/* --- output --- */

static void put_text(const jbk_counted_words *words, size_t shown, jbk_buf *out) {
    jbk_buf_printf(out, "%zu word%s", words->n, words->n == 1 ? "" : "s");
    if (shown < words->n) jbk_buf_printf(out, ", %zu shown", shown);
    jbk_buf_str(out, shown ? "\n\n documents  occurrences  word\n" : "\n");
    for (size_t i = 0; i < shown; i++) {
        const jbk_counted_word *w = &words->at[i];
        jbk_buf_printf(out, "%10u  %11llu  ", w->documents, (unsigned long long)w->occurrences);
        jbk_safe_add_isolated(out, w->s, w->len);
        jbk_buf_byte(out, '\n');
    }
}

static void put_row(const jbk_row_format *format, const jbk_counted_word *w, jbk_buf *out) {
    char documents[24], occurrences[24];
    int d = snprintf(documents, sizeof documents, "%u", w->documents);
    int o = snprintf(occurrences, sizeof occurrences, "%llu", (unsigned long long)w->occurrences);
    const char *script = jbk_script_name(jbk_term_describe(w->s, w->len).script);
    jbk_row_cell cells[] = {{"word", {w->s, w->len}, JBK_CELL_TEXT},
                            {"documents", {documents, (size_t)d}, JBK_CELL_NUMBER},
                            {"occurrences", {occurrences, (size_t)o}, JBK_CELL_NUMBER},
                            {"script", {script, strlen(script)}, JBK_CELL_KEY}};
    size_t n = sizeof cells / sizeof *cells;
    if (w->s)
        format->row(cells, n, false, out);
    else
        format->head(cells, n, false, out);
}

enum { WRITE_AT_ONCE = 1 << 16 };

static jbk_status put(const options *o, const jbk_counted_words *words, jbk_writer *w,
                      jbk_err *err) {
    const jbk_row_format *format = jbk_row_format_find(o->format);
    size_t shown = o->limit && o->limit < words->n ? (size_t)o->limit : words->n;
    jbk_buf line = {0};
    jbk_status status = JBK_OK;
    if (!format) {
        put_text(words, shown, &line);
        shown = 0;
    } else {
        put_row(format, &(jbk_counted_word){0}, &line);
    }
    for (size_t i = 0; i < shown && !status; i++) {
        put_row(format, &words->at[i], &line);
        if (line.len >= WRITE_AT_ONCE) status = jbk_writer_put(w, &line, err);
    }
    if (!status) status = jbk_writer_put(w, &line, err);
    jbk_buf_free(&line);
    return status;
}

/* --- the command --- */

static jbk_status answer(jbk_session *s, const options *o, jbk_err *err) {
    jbk_word_pattern pattern;
    jbk_counted_words words = {0};
    jbk_writer w;
    jbk_status status = jbk_word_pattern_parse(o->pattern, &pattern, err);
    if (status) return status;
    status = jbk_words_count(s->index, &pattern, o->script, s->match.sure, o->sort, &words, err);
    if (!status) status = jbk_writer_open(&w, o->output, false, err);
    if (!status) {
        status = put(o, &words, &w, err);
        status = jbk_writer_end(&w, status, NULL, err);
    }
    bool tells = !strcmp(o->format, "text");
    if (!status && !o->limited && !tells && o->limit < words.n)
        jbk_note_more(words.n - o->limit, "words");
    if (!status && o->query) status = jbk_session_conclude(s);
    if (!status && !words.n) status = JBK_NOT_FOUND;
    jbk_word_pattern_free(&pattern);
    jbk_vec_free(&words);
    return status;
}

static int words_main(int argc, char **argv) {
    jbk_err err = {0};
    bool help;
    options o = {.index = getenv("JIBEK_INDEX"), .pattern = "*", .limit = 50, .script = -1};
    jbk_session s = {0};
    jbk_status status = parse_options(argc, argv, &o, &help, &err);
    if (!status && help) {
        jbk_print_help(&jbk_command_words);
    } else if (!status) {
        jbk_search_options asked = {.index = o.index, .query = o.query ? o.query : "*"};
        status = jbk_session_open(&s, &asked, &err);
        if (!status) status = answer(&s, &o, &err);
        jbk_session_close(&s);
    }
    return status == JBK_NOT_FOUND ? 1 : jbk_search_exit(status, &err);
}

const jbk_command jbk_command_words = {"words", "[PATTERN]", "the words of an index, counted",
                                       OPTIONS, MORE,        words_main};
