/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each distinct word is looked at once: no word of Han characters is more than "a name may begin
 * here", and every other is a form of some words of names or of none.  So a text costs a glance
 * at each of its words, and more only where a name may stand. */
#include "text/names.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "han_words.h"
#include "names_words.h"

#include <stdlib.h>
#include <strings.h>

enum { HAN_WORD = 1, FIRST_FORMS = 2, ROOT = 0, NO_ROW = UINT32_MAX };
enum { SMALL_LETTERS_MIN = 8, PREPOSITION_MAX = 4 }; /* letters */

/* What is looked at of a Han name before it is compared. */
typedef struct {
    uint8_t size;    /* bytes */
    bool last;       /* of those that begin with its character */
    uint16_t second; /* bytes 3 and 4, the next character's first ones; 0 where there is none */
} han_row;

struct jbk_names {
    name_words words;
    jbk_intern steps;      /* (node, word of a name) -> the node after it, - 1 */
    JBK_VEC(uint32_t) row; /* by node: the name that ends there */
    uint32_t
        han_end; /* rows before are Han names; sorted, so those that begin alike are together */
    uint16_t
        *han_first; /* by character from JBK_HAN_FIRST on: the first that begins with it, + 1; 0 */
    JBK_VEC(han_row) han; /* the rows before han_end */
    uint32_t *code;       /* by row: its code's number + 1, as far as it was asked for; 0 */
    jbk_intern forms;     /* distinct name_forms; jbk_names_word gives their number */
    jbk_segmenter *segmenter;
    jbk_folded mapped; /* the text again, with a map to its source */
    bool is_mapped;
    jbk_slices terms;
    JBK_VEC(uint32_t) classes;
};

/* --- codes --- */

typedef struct {
    const char *at[1024];
    uint32_t n;
} code_list;

static int by_code(const void *x, const void *y) {
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static const code_list *codes(void) {
    static _Thread_local code_list list;
    if (list.n) return &list;
    for (size_t i = 0; i < jbk_name_row_count; i++) {
        const char *code = jbk_name_rows[i].code;
        bool known = *code == '-' || strchr(code, '+');
        for (uint32_t k = 0; k < list.n && !known; k++) known = !strcmp(list.at[k], code);
        if (!known && list.n < sizeof list.at / sizeof *list.at) list.at[list.n++] = code;
    }
    qsort(list.at, list.n, sizeof *list.at, by_code);
    return &list;
}

const char *jbk_name_code(uint32_t code) { return code < codes()->n ? codes()->at[code] : NULL; }

/* Codes are capitals, so their order is the same where case is ignored. */
bool jbk_name_code_find(const char *s, size_t len, uint32_t *code) {
    const code_list *list = codes();
    uint32_t low = 0, high = list->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (strncasecmp(list->at[mid], s, len) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *code = low;
    return low < list->n && strlen(list->at[low]) == len && !strncasecmp(list->at[low], s, len);
}

/* The table, and the sources that find names with it. */
uint64_t jbk_names_digest(void) {
    return jbk_hash_seed(JBK_NAMES_SOURCES, sizeof JBK_NAMES_SOURCES, jbk_name_rows_digest);
}

/* --- the names as a tree of words --- */

typedef struct {
    uint32_t node, part;
} step;

static uint32_t step_to(jbk_names *n, uint32_t node, uint32_t part, bool make) {
    step s = {node, part};
    uint32_t to;
    if (jbk_intern_find(&n->steps, (const char *)&s, sizeof s, &to)) return to + 1;
    if (!make) return ROOT;
    jbk_vec_push(&n->row, NO_ROW);
    return jbk_intern_add(&n->steps, (const char *)&s, sizeof s) + 1;
}

static jbk_status add_row(jbk_names *n, uint32_t i, jbk_folded *f, jbk_err *err) {
    const jbk_name_row *row = &jbk_name_rows[i];
    jbk_fold(f, row->name, strlen(row->name));
    jbk_status status = jbk_segment(n->segmenter, f, &n->terms, err);
    uint32_t node = ROOT;
    for (size_t k = 0; k < n->terms.n && !status; k++) {
        jbk_slice t = n->terms.at[k];
        bool last = k + 1 == n->terms.n;
        node = step_to(n, node, name_words_add(&n->words, row, f->utf8.data + t.start, t.len, last),
                       true);
    }
    if (status || node == ROOT) return status;
    uint32_t *at = &n->row.at[node];
    /* A name of several languages is written small where one of them does. */
    if (*at == NO_ROW || (!strcmp(jbk_name_rows[*at].code, row->code) &&
                          !(row->flags & (JBK_NAME_CAPITAL | JBK_NAME_CAPS))))
        *at = i;
    return JBK_OK;
}

/* Bytes 3 and 4 of a text of Han. */
static uint16_t second_of(const char *s, size_t len) {
    uint16_t two = 0;
    if (len >= 5) memcpy(&two, s + 3, sizeof two);
    return two;
}

static void find_han_rows(jbk_names *n) {
    n->han_first = jbk_calloc(JBK_HAN_LAST - JBK_HAN_FIRST + 1, sizeof *n->han_first);
    for (; n->han_end < jbk_name_row_count; n->han_end++) {
        const jbk_name_row *row = &jbk_name_rows[n->han_end];
        size_t i = 0;
        if (row->lang != JBK_NAME_HAN) break;
        uint32_t cp = jbk_utf8_next(row->name, strlen(row->name), &i);
        if (cp < JBK_HAN_FIRST || cp > JBK_HAN_LAST) abort(); /* gen_names lets no other through */
        uint16_t *first = &n->han_first[cp - JBK_HAN_FIRST];
        size_t size = strlen(row->name);
        if (n->han.n) n->han.at[n->han.n - 1].last = !*first;
        if (!*first) *first = (uint16_t)(n->han_end + 1);
        jbk_vec_push(&n->han, ((han_row){(uint8_t)size, true, second_of(row->name, size)}));
    }
}

jbk_status jbk_names_new(jbk_names **out, jbk_err *err) {
    jbk_names *n = jbk_calloc(1, sizeof *n);
    *out = NULL;
    jbk_status status = jbk_segmenter_new(&n->segmenter, err);
    jbk_folded f = {0};
    jbk_vec_push(&n->row, NO_ROW); /* of the root */
    find_han_rows(n);
    n->code = jbk_calloc(jbk_name_row_count, sizeof *n->code);
    for (uint32_t i = n->han_end; i < jbk_name_row_count && !status; i++)
        status = add_row(n, i, &f, err);
    jbk_folded_free(&f);
    n->mapped.want_map = true;
    if (status) {
        jbk_names_free(n);
        return status;
    }
    *out = n;
    return JBK_OK;
}

void jbk_names_free(jbk_names *n) {
    if (!n) return;
    free(n->han_first);
    free(n->code);
    jbk_vec_free(&n->han);
    name_words_free(&n->words);
    jbk_intern_free(&n->steps);
    jbk_vec_free(&n->row);
    jbk_intern_free(&n->forms);
    jbk_segmenter_free(n->segmenter);
    jbk_folded_free(&n->mapped);
    jbk_vec_free(&n->terms);
    jbk_vec_free(&n->classes);
    free(n);
}

/* --- words --- */

static size_t first_character(const char *s, size_t len) {
    size_t i = 0;
    jbk_utf8_next(s, len, &i);
    return i;
}

/* The first Han name that begins with the character at `s`; han_end where none does. */
static uint32_t han_from(const jbk_names *n, const char *s, size_t len) {
    size_t i = 0;
    uint32_t cp = jbk_utf8_next(s, len, &i);
    uint32_t first =
        cp >= JBK_HAN_FIRST && cp <= JBK_HAN_LAST ? n->han_first[cp - JBK_HAN_FIRST] : 0;
    return first ? first - 1 : n->han_end;
}

/* Longer names of Han characters are taken wherever they stand; the shortest must begin where a
 * word does, for 沿海|地区 holds 海地 and 发展中|国家 holds 中国. */
enum { HAN_LONG = 9 }; /* bytes: three characters */

/* May a Han name of `min` bytes or more begin with `s`, or `s` with a name? */
static bool begins_han(const jbk_names *n, const char *s, size_t len, size_t min) {
    size_t one = first_character(s, len);
    for (uint32_t i = han_from(n, s, one); i < n->han_end; i++) {
        const char *name = jbk_name_rows[i].name;
        size_t size = strlen(name);
        if (strncmp(name, s, one) != 0) return false;
        if (size >= min && !memcmp(name, s, size < len ? size : len)) return true;
    }
    return false;
}

static bool may_hold_han(const jbk_names *n, const char *s, size_t len) {
    for (size_t i = 0; i < len; i += first_character(s + i, len - i))
        if (begins_han(n, s + i, len - i, i ? HAN_LONG : 0)) return true;
    return false;
}

uint32_t jbk_names_word(jbk_names *n, const char *word, size_t len) {
    size_t i = 0;
    name_forms forms;
    switch (jbk_cp_script(jbk_utf8_next(word, len, &i))) {
    case JBK_SCRIPT_HAN:
        return may_hold_han(n, word, len) ? HAN_WORD : 0;
    case JBK_SCRIPT_CYRL:
    case JBK_SCRIPT_ARAB:
    case JBK_SCRIPT_LATN:
        name_words_look(&n->words, word, len, &forms);
        if (!forms.n) return 0;
        return FIRST_FORMS +
               jbk_intern_add(&n->forms, (const char *)forms.part, forms.n * sizeof *forms.part);
    default:
        return 0;
    }
}

/* --- a text --- */

typedef struct {
    jbk_names *n;
    const char *src;
    size_t src_len;
    const jbk_folded *text;
    const jbk_slices *terms;
    const uint32_t *words;
    size_t done; /* bytes before this are in names of Han characters */
} finder;

/* Where term i's source begins. */
static const char *source_of(finder *f, size_t at, size_t *len) {
    jbk_folded *m = &f->n->mapped;
    if (!f->n->is_mapped) jbk_fold(m, f->src, f->src_len);
    f->n->is_mapped = true;
    size_t from = m->map.at[at];
    *len = f->src_len - from;
    return f->src + from;
}

/* Is the letter at this byte of the folded text a capital in the source?  One of a script without
 * case is none. */
static bool capital_at(finder *f, size_t at) {
    size_t len, i = 0, one = first_character(f->text->utf8.data + at, f->text->utf8.len - at);
    const char *s = source_of(f, at, &len);
    jbk_utf8_next(s, len, &i);
    /* Folding changes capitals, and little else. */
    return i != one || memcmp(s, f->text->utf8.data + at, one) != 0;
}

static bool is_cased(finder *f, size_t i) {
    size_t at = f->terms->at[i].start;
    jbk_script script = jbk_cp_script(jbk_utf8_next(f->text->utf8.data, f->text->utf8.len, &at));
    return script == JBK_SCRIPT_CYRL || script == JBK_SCRIPT_LATN;
}

static bool capitalised(finder *f, size_t i) {
    return is_cased(f, i) && capital_at(f, f->terms->at[i].start);
}

static size_t term_end(const finder *f, size_t i) {
    return f->terms->at[i].start + f->terms->at[i].len;
}

/* Only blanks, or joints of names, between the terms i and i + 1? */
static bool joined(const finder *f, size_t i, const char *joints) {
    if (i + 1 >= f->terms->n) return false;
    const char *s = f->text->utf8.data;
    size_t from = term_end(f, i), to = f->terms->at[i + 1].start;
    if (to - from > 8) return false;
    while (from < to) {
        uint32_t cp = jbk_utf8_next(s, to, &from);
        if (cp < 0x80 ? !strchr(joints, (int)cp) : cp < 0x2010 || cp > 0x2015) return false;
    }
    return true;
}

static size_t letters_in(const finder *f, size_t i) {
    size_t letters = 0;
    for (size_t k = f->terms->at[i].start; k < term_end(f, i); letters++)
        jbk_utf8_next(f->text->utf8.data, term_end(f, i), &k);
    return letters;
}

static bool begins_sentence(const finder *f, size_t i) { return !i || !joined(f, i - 1, " ,;:"); }

/* Is the name of terms [i, end) surely meant?  A weak one stands inside a sentence, beside no
 * other capitalised word; a short one that the sentence begins with is a preposition. */
static bool strong(finder *f, size_t i, size_t end) {
    if (begins_sentence(f, i)) return false;
    bool preposition = begins_sentence(f, i - 1) && letters_in(f, i - 1) <= PREPOSITION_MAX;
    if (capitalised(f, i - 1) && !preposition && joined(f, i - 1, " ,")) return false;
    return !(joined(f, end - 1, " ") && capitalised(f, end));
}

static bool written_right(finder *f, const jbk_name_row *row, size_t i, size_t end, bool people) {
    size_t at = f->terms->at[i].start;
    if (!is_cased(f, i) || people) return true;
    if (row->flags & JBK_NAME_CAPS) {
        size_t second = at + first_character(f->text->utf8.data + at, f->text->utf8.len - at);
        while (second < term_end(f, i) && f->text->utf8.data[second] == '.') second++;
        return capital_at(f, at) && second < term_end(f, i) && capital_at(f, second);
    }
    if (row->flags & JBK_NAME_WEAK) return capitalised(f, i) && strong(f, i, end);
    if (!(row->flags & JBK_NAME_CAPITAL) || capitalised(f, i)) return true;
    return letters_in(f, i) >= SMALL_LETTERS_MIN;
}

static void put(jbk_names *names, const jbk_name_row *row, size_t start, size_t end,
                jbk_name_places *out) {
    jbk_name_place p = {.start = start, .end = end};
    if (*row->code == '-') return;
    uint32_t *known = &names->code[row - jbk_name_rows];
    if (!*known && jbk_name_code_find(row->code, strlen(row->code), &p.code)) *known = p.code + 1;
    if (*known) {
        p.code = *known - 1;
        jbk_vec_push(out, p);
        return;
    }
    for (const char *code = row->code; *code;) {
        size_t n = strcspn(code, "+");
        if (jbk_name_code_find(code, n, &p.code)) jbk_vec_push(out, p);
        code += n + (code[n] == '+');
    }
}

/* Characters of foreign names in transcription that are hardly a word of their own. */
static const char TRANSCRIBED[] =
    "阿埃艾奥贝布蒂杜恩尔菲弗戈格赫霍基吉加杰卡凯科克库拉莱兰劳勒雷利卢鲁伦罗洛迈蒙姆穆纳尼纽诺帕佩"
    "皮"
    "普齐琼瑞萨桑森莎圣斯索塔坦特图托瓦韦维沃伍夏谢辛雅耶伊尤扎詹兹佐波德巴比马蒙哥拜瑟莫卜";

static bool transcribed(const char *s, size_t len) {
    return len >= 3 && memmem(TRANSCRIBED, sizeof TRANSCRIBED - 1, s, 3) != NULL;
}

/* Is a weak Han name at [start, end) part of a longer one, or 苏丹 a title: 摩洛哥苏丹? */
static bool part_of_more(const finder *f, size_t start, size_t end, const jbk_name_places *out) {
    const char *s = f->text->utf8.data;
    if (end < f->text->utf8.len && transcribed(s + end, f->text->utf8.len - end)) return true;
    if (end < f->text->utf8.len && (s[end] == '.' || !strncmp(s + end, "·", 2))) return true;
    if (start >= 3 && transcribed(s + start - 3, 3)) return true;
    return out->n && out->at[out->n - 1].end == start;
}

/* May a short name stand at bytes [start, end), start in term i?  It begins with the term and
 * ends where a word ends or inside the term. */
static bool on_words(const finder *f, size_t i, size_t start, size_t end) {
    size_t last = i;
    while (last + 1 < f->terms->n && f->terms->at[last + 1].start < end) last++;
    return start == f->terms->at[i].start && (last == i || term_end(f, last) <= end);
}

/* The longest Han name at byte `at`, which is in term i. */
static const jbk_name_row *longest_han(const finder *f, size_t i, size_t at,
                                       const jbk_name_places *out) {
    const char *s = f->text->utf8.data + at;
    size_t len = f->text->utf8.len - at, best = 0;
    uint16_t second = second_of(s, len);
    const jbk_name_row *found = NULL;
    uint32_t k = han_from(f->n, s, len);
    for (bool more = k < f->n->han_end; more; k++) {
        const jbk_name_row *row = &jbk_name_rows[k];
        const han_row *h = &f->n->han.at[k];
        size_t size = h->size;
        more = !h->last;
        if (size <= best || size > len || (h->second && h->second != second) ||
            memcmp(row->name, s, size) != 0)
            continue;
        /* Nor may a phrase that names nothing hide a name: 日本|海上 is not 日本海. */
        bool sure = size >= HAN_LONG && *row->code != '-';
        if (!sure && !on_words(f, i, at, at + size)) continue;
        if (row->flags & JBK_NAME_WEAK && part_of_more(f, at, at + size, out)) continue;
        found = row;
        best = size;
    }
    return found;
}

/* Names that begin in term i; returns the first term that begins behind them. */
static size_t find_han(finder *f, size_t i, jbk_name_places *out) {
    size_t at = f->terms->at[i].start, end = term_end(f, i);
    if (f->done > at) at = f->done;
    while (at < end) {
        const jbk_name_row *row = longest_han(f, i, at, out);
        size_t n = row ? strlen(row->name)
                       : first_character(f->text->utf8.data + at, f->text->utf8.len - at);
        if (row) put(f->n, row, at, at + n, out);
        if (row) f->done = at + n;
        at += n;
    }
    while (i < f->terms->n && term_end(f, i) <= at) i++;
    return i;
}

/* Nodes after one more word, each with NAME_PEOPLE where that word was such a form. */
typedef struct {
    uint32_t n, at[8];
} nodes;

static void go_on(finder *f, const nodes *from, uint32_t word, nodes *to) {
    to->n = 0;
    if (word < FIRST_FORMS) return;
    jbk_interned forms = f->n->forms.keys.at[word - FIRST_FORMS];
    for (uint32_t k = 0; k < forms.len / sizeof(uint32_t); k++) {
        uint32_t part;
        memcpy(&part, forms.s + k * sizeof part, sizeof part);
        for (uint32_t j = 0; j < from->n; j++) {
            uint32_t node = step_to(f->n, from->at[j] & ~NAME_PEOPLE, part & ~NAME_PEOPLE, false);
            if (node != ROOT && to->n < sizeof to->at / sizeof *to->at)
                to->at[to->n++] = node | (part & NAME_PEOPLE);
        }
    }
}

/* The longest name of words that begins with term i. */
static size_t find_words(finder *f, size_t i, jbk_name_places *out) {
    nodes now = {1, {ROOT}}, then;
    const jbk_name_row *found = NULL;
    size_t end = i + 1;
    for (size_t k = i; k < f->terms->n; k++) {
        go_on(f, &now, f->words[k], &then);
        if (!then.n) break;
        for (uint32_t j = 0; j < then.n; j++) {
            uint32_t row = f->n->row.at[then.at[j] & ~NAME_PEOPLE];
            bool people = (then.at[j] & NAME_PEOPLE) != 0;
            if (row == NO_ROW || !written_right(f, &jbk_name_rows[row], i, k + 1, people)) continue;
            found = &jbk_name_rows[row];
            end = k + 1;
            break;
        }
        now = then;
        if (!joined(f, k, " -.&(")) break;
    }
    if (found) put(f->n, found, f->terms->at[i].start, term_end(f, end - 1), out);
    return end;
}

void jbk_names_find(jbk_names *n, const char *src, size_t len, const jbk_folded *text,
                    const jbk_slices *terms, const uint32_t *words, jbk_name_places *out) {
    finder f = {n, src, len, text, terms, words, 0};
    n->is_mapped = false;
    for (size_t i = 0; i < terms->n;) {
        if (!words[i])
            i++;
        else
            i = words[i] == HAN_WORD ? find_han(&f, i, out) : find_words(&f, i, out);
    }
}

jbk_status jbk_names_in(jbk_names *n, const char *src, size_t len, jbk_folded *text,
                        jbk_name_places *out, jbk_err *err) {
    out->n = 0;
    jbk_fold(text, src, len);
    jbk_status status = jbk_segment(n->segmenter, text, &n->terms, err);
    if (status) return status;
    n->classes.n = 0;
    for (size_t i = 0; i < n->terms.n; i++) {
        jbk_slice t = n->terms.at[i];
        jbk_vec_push(&n->classes, jbk_names_word(n, text->utf8.data + t.start, t.len));
    }
    jbk_names_find(n, src, len, text, &n->terms, n->classes.at, out);
    return JBK_OK;
}
