/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/segment.h"

#include "base/utf8.h"
#include "fold_entry.h"
#include "han_words.h"
#include "u16.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>

struct jbk_segmenter {
    UBreakIterator *words;
    jbk_han_cutter *han;
};

jbk_status jbk_segmenter_new(jbk_segmenter **out, jbk_err *err) {
    UErrorCode e = U_ZERO_ERROR;
    UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    *out = NULL;
    if (U_FAILURE(e))
        return jbk_fail(err, JBK_INTERNAL, "ubrk_open", "ICU has no word iterator: %s",
                        u_errorName(e));
    *out = jbk_alloc(sizeof **out);
    (*out)->words = words;
    (*out)->han = jbk_han_cutter_new();
    return JBK_OK;
}

void jbk_segmenter_free(jbk_segmenter *s) {
    if (!s) return;
    ubrk_close(s->words);
    jbk_han_cutter_free(s->han);
    free(s);
}

/* Cut a term that is too long into pieces of about the same length, so that none is short: what
 * is short was never cut. */
static void add_term(jbk_slices *terms, const char *text, jbk_slice term) {
    /* A cut may leave up to three bytes for the next piece. */
    uint32_t room = JBK_TERM_MAX - 3,
             pieces = term.len > JBK_TERM_MAX ? (term.len + room - 1) / room : 1;
    for (; pieces > 1; pieces--) {
        uint32_t want = (term.len + pieces - 1) / pieces;
        uint32_t cut = (uint32_t)jbk_utf8_cut(text + term.start, term.len, want);
        jbk_vec_push(terms, ((jbk_slice){term.start, cut, 0}));
        term.start += cut;
        term.len -= cut;
    }
    jbk_vec_push(terms, term);
}

/* One piece that ICU returned. */
typedef struct {
    jbk_slice at;
    bool wordy;               /* holds a letter, mark or digit */
    bool alnum_in, alnum_out; /* begins, ends with a letter or digit of a word-separating script */
} piece;

static piece read_piece(const jbk_folded *text, size_t start, int32_t *i, int32_t end) {
    piece p = {.at.start = (uint32_t)start};
    while (*i < end) {
        uint32_t cp = jbk_u16_next(text->utf16.at, i, end), e = jbk_fold_entry(cp);
        bool alnum = (e & JBK_FOLD_ALNUM) != 0;
        if (!p.at.len) p.alnum_in = alnum;
        p.alnum_out = alnum;
        p.wordy |= (e & JBK_FOLD_WORDY) != 0;
        p.at.len += cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    }
    return p;
}

/* A place in the folded text. */
typedef struct {
    int32_t unit; /* UTF-16 */
    uint32_t byte;
} place;

/* The terms of [from, to) as ICU cuts it. */
static jbk_status ask_icu(jbk_segmenter *s, const jbk_folded *text, place from, int32_t to,
                          jbk_slices *terms, jbk_err *err) {
    UErrorCode e = U_ZERO_ERROR;
    ubrk_setText(s->words, text->utf16.at + from.unit, to - from.unit, &e);
    if (U_FAILURE(e))
        return jbk_fail(err, JBK_INTERNAL, "ubrk_setText", "ICU cannot segment: %s",
                        u_errorName(e));
    int32_t i = from.unit;
    piece held = {0};         /* not added yet: the next may belong to it */
    size_t start = from.byte; /* of the next piece, in UTF-8 bytes */
    for (int32_t end; (end = ubrk_next(s->words)) != UBRK_DONE;) {
        piece p = read_piece(text, start, &i, from.unit + end);
        start += p.at.len;
        /* Whatever ICU thinks, say of 1国: two that touch may not be told apart. */
        if (held.alnum_out && p.alnum_in) {
            held.at.len += p.at.len;
            held.alnum_out = p.alnum_out;
            continue;
        }
        if (held.wordy) add_term(terms, text->utf8.data, held.at);
        held = p;
    }
    if (held.wordy) add_term(terms, text->utf8.data, held.at);
    return JBK_OK;
}

/* --- what needs no ICU --- */

/* Most text is letters and digits, which always join, Han characters, which ICU cuts by its
 * dictionary and never together with these, and punctuation that never joins anything, or only
 * what stands on both sides of it. */
static bool is_plain(uint32_t e) {
    uint32_t script = e >> JBK_FOLD_SCRIPT_SHIFT & 7;
    return (e & JBK_FOLD_ALNUM) && script != JBK_SCRIPT_OTHER;
}

static bool is_digit(uint32_t unit) { return unit >= '0' && unit <= '9'; }
static bool is_latin(uint32_t unit) { return unit >= 'a' && unit <= 'z'; }

/* Joins letters or digits that stand on both sides; a low line even what stands on one. */
static bool is_joint(uint32_t unit) {
    return unit == '.' || unit == ',' || unit == ';' || unit == ':' || unit == '\'' ||
           unit == U'’' || unit == U'·' || unit == '_';
}

/* Does the joint make one word of letters or digits on both sides?  Of few that are common. */
static bool joins(uint32_t unit, uint32_t before, uint32_t next) {
    if (is_digit(before) && is_digit(next)) return unit != ':' && unit < 0x80;
    return is_latin(before) && is_latin(next) && unit != ',' && unit != ';' && unit != ':';
}

/* Whatever stands beside it, words end before it and behind it, but for a mark behind it. */
static bool ends_stretch(uint32_t unit) {
    return unit == ' ' || (jbk_fold_entry(unit) & JBK_FOLD_LONE);
}

static bool stands_apart(uint32_t unit) { return jbk_is_han_unit(unit) || ends_stretch(unit); }

static uint32_t bytes_of(uint32_t unit) { return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3; }

/* A stretch that is read: up to `at` there are terms, but for one that begins at `start`. */
typedef struct {
    const jbk_folded *text;
    jbk_slices *terms;
    place at;
    uint32_t start;
} reading;

static void end_term(reading *r) {
    if (r->at.byte > r->start)
        add_term(r->terms, r->text->utf8.data, (jbk_slice){r->start, r->at.byte - r->start, 0});
}

static uint32_t unit_at(const reading *r, int32_t i) {
    return i >= 0 && i < (int32_t)r->text->utf16.n ? r->text->utf16.at[i] : ' ';
}

static void pass(reading *r, uint32_t bytes) {
    r->at.unit++;
    r->at.byte += bytes;
}

/* A row of Han characters.  False where what follows may belong to them. */
static bool read_han(jbk_segmenter *s, reading *r) {
    enum { BYTES = 3 };
    int32_t end = r->at.unit;
    while (jbk_is_han_unit(unit_at(r, end))) end++;
    uint32_t next = unit_at(r, end);
    if (!stands_apart(next) && !is_joint(next) && !is_plain(jbk_fold_entry(next))) return false;
    size_t n;
    const jbk_han_word *words =
        jbk_han_cut(s->han, r->text->utf16.at + r->at.unit, (size_t)(end - r->at.unit), &n);
    for (size_t i = 0, from = 0; i < n; from = words[i++].end)
        jbk_vec_push(r->terms,
                     ((jbk_slice){r->at.byte + BYTES * (uint32_t)from,
                                  BYTES * (words[i].end - (uint32_t)from), words[i].node}));
    r->at.byte += BYTES * (uint32_t)(end - r->at.unit);
    r->at.unit = end;
    r->start = r->at.byte;
    return true;
}

/* Punctuation.  False where it takes ICU to know what it does. */
static bool read_mark(reading *r, uint32_t unit) {
    bool pending = r->at.byte > r->start;
    uint32_t before = unit_at(r, r->at.unit - 1), next = unit_at(r, r->at.unit + 1);
    if (!is_joint(unit)) return false;
    if (!pending || !joins(unit, before, next)) {
        bool apart = unit == '_'
                         ? !pending && stands_apart(next)
                         : stands_apart(next) || (!pending && is_plain(jbk_fold_entry(next)));
        if (!apart) return false;
        end_term(r);
        r->start = r->at.byte + bytes_of(unit);
    }
    pass(r, bytes_of(unit));
    return true;
}

/* Add the terms of the stretch at *at, up to what ends it, and move there.  False where ICU must be
 * asked. */
static bool add_stretch(jbk_segmenter *s, const jbk_folded *text, place *at, jbk_slices *terms) {
    reading r = {text, terms, *at, at->byte};
    for (uint32_t unit;
         r.at.unit < (int32_t)text->utf16.n && !ends_stretch(unit = unit_at(&r, r.at.unit));) {
        if (jbk_is_han_unit(unit)) {
            end_term(&r);
            if (!read_han(s, &r)) return false;
        } else if (is_plain(jbk_fold_entry(unit))) {
            pass(&r, bytes_of(unit));
        } else if (!read_mark(&r, unit)) {
            return false;
        }
    }
    end_term(&r);
    *at = r.at;
    return true;
}

static place end_of_stretch(const jbk_folded *text, place at) {
    int32_t n = (int32_t)text->utf16.n;
    while (at.unit < n && !ends_stretch(text->utf16.at[at.unit])) {
        uint32_t cp = jbk_u16_next(text->utf16.at, &at.unit, n);
        at.byte += cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    }
    return at;
}

/* --- the apostrophe of Kazakh --- */

/* In the Latin alphabet of 2017 an apostrophe makes another letter of the one before it, at the
 * end of a word, too: aly' is алу.  ICU ends the word before it, as it must in English. */
enum { QUOTED_MAX = 256 }; /* bytes between a quotation mark and the one that closes it */
static const char APOSTROPHE[] = "'", CURLY[] = "’", OPENING[] = "‘";

bool jbk_takes_apostrophe(uint32_t cp) { return cp && cp < 0x80 && strchr("aginoscuy", (int)cp); }

/* The length of the apostrophe at byte `at`, 0 where there is none. */
static uint32_t apostrophe_at(const jbk_buf *s, size_t at) {
    if (at >= s->len) return 0;
    if (s->data[at] == *APOSTROPHE) return 1;
    return s->len - at >= 3 && !memcmp(s->data + at, CURLY, 3) ? 3 : 0;
}

static bool alnum_at(const jbk_buf *s, size_t at) {
    return at < s->len && jbk_cp_alnum(jbk_utf8_next(s->data, s->len, &at));
}

static bool alnum_before(const jbk_buf *s, size_t at) {
    if (!at) return false;
    do at--;
    while (at && !jbk_utf8_is_start(s->data[at]));
    return alnum_at(s, at);
}

/* Is the apostrophe, `len` bytes long, behind a word that begins at `start` the end of a
 * quotation?  Then the nearest of its kind before it, other than inside a word, opened one. */
static bool closes_quotation(const jbk_buf *s, size_t start, uint32_t len) {
    size_t first = start > QUOTED_MAX ? start - QUOTED_MAX : 0;
    for (size_t at = start; at-- > first;) {
        bool opening = len == 3 && s->len - at >= 3 && !memcmp(s->data + at, OPENING, 3);
        if (!opening && apostrophe_at(s, at) != len) continue;
        bool before = alnum_before(s, at), behind = alnum_at(s, at + len);
        if (before != behind) return behind;
    }
    return false;
}

/* Let the terms have the apostrophes that are letters. */
static void add_apostrophes(const jbk_buf *s, jbk_slices *terms) {
    for (size_t i = 0; i < terms->n; i++) {
        jbk_slice *t = &terms->at[i];
        size_t end = t->start + t->len;
        uint32_t len = apostrophe_at(s, end);
        if (!len || t->len + len >= JBK_TERM_CUT) continue;
        bool taken = i + 1 < terms->n && t[1].start == end;
        if (taken || !jbk_takes_apostrophe((unsigned char)s->data[end - 1])) continue;
        if (alnum_at(s, end + len) || apostrophe_at(s, end + len)) continue;
        if (!closes_quotation(s, t->start, len)) t->len += len;
    }
}

/* What ICU is asked begins with what ended the stretch before.  Stretches side by side are asked at
 * once. */
jbk_status jbk_segment(jbk_segmenter *s, const jbk_folded *text, jbk_slices *terms, jbk_err *err) {
    jbk_status status = JBK_OK;
    int32_t n = (int32_t)text->utf16.n;
    bool asking = false;
    place at = {0, 0}, ask = {0, 0};
    terms->n = 0;
    while (at.unit < n && !status) {
        place stretch = at, begin = at;
        uint32_t first = text->utf16.at[at.unit];
        if (ends_stretch(first)) begin = (place){at.unit + 1, at.byte + bytes_of(first)};
        size_t before = terms->n;
        place end = begin;
        if (add_stretch(s, text, &end, terms)) {
            if (asking) {
                terms->n = before;
                status = ask_icu(s, text, ask, stretch.unit, terms, err);
                end = begin;
                add_stretch(s, text, &end, terms);
                asking = false;
            }
        } else {
            terms->n = before;
            if (!asking) ask = stretch;
            asking = true;
            end = end_of_stretch(text, begin);
        }
        at = end;
    }
    if (asking && !status) status = ask_icu(s, text, ask, n, terms, err);
    if (!status) add_apostrophes(&text->utf8, terms);
    return status;
}

jbk_term_kind jbk_term_describe(const char *term, size_t len) {
    jbk_term_kind kind = {JBK_SCRIPT_NONE, len < JBK_TERM_CUT};
    for (size_t i = 0; i < len;) {
        uint32_t e = jbk_fold_entry(jbk_utf8_next(term, len, &i));
        jbk_script script = (jbk_script)(e >> JBK_FOLD_SCRIPT_SHIFT & 7);
        if (kind.script == JBK_SCRIPT_NONE) kind.script = script;
        if (!(e & JBK_FOLD_ALNUM)) kind.plain = false;
    }
    return kind;
}
