/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Build-time generator: writes the table of names of countries and peoples as C.
 *
 *   gen_names names.tsv > names_table.c
 *
 * Countries come from ICU's display names.  Their adjectives, which ICU does not have as such,
 * come from its names of money and of languages: what stands before "franc" in French Franc,
 * французский франк; and a language that is called like the money (French) is the country's,
 * which gives the people's name in every other language (француз тілі, فىرانسۇزچە).  A name in
 * -stan without that is its people's.  data/names.tsv adds and corrects. */
#include "base/mem.h"
#include "base/utf8.h"
#include "han_words.h"
#include "names_row.h"
#include "text/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>
#include <xxhash.h>

/* Where two sources give one form to two countries, the stronger one wins; equal ones lose it. */
enum { BY_MONEY, BY_PART, BY_ICU, BY_HAND };

typedef struct {
    char code[12];
    char *name;
    uint8_t lang, flags, source;
    bool ambiguous;
} row;

static JBK_VEC(row) rows;

typedef struct {
    const char *locale;
    jbk_name_lang lang;
    /* What a language's name ends in behind the people's, separated by "|"; "": it is the people's
     * or the adjective; NULL: not used, for Uzbek has island for
     * Icelandic. */
    const char *of_language;
    const char *stan;
} language;

static const language LANGUAGES[] = {
    {"en", JBK_NAME_EN, NULL, "stan"}, /* first: what money says in English serves the others */
    {"zh", JBK_NAME_HAN, "语", NULL},
    {"zh_Hant", JBK_NAME_HAN, "文", NULL},
    {"zh_Hant_HK", JBK_NAME_HAN, NULL, NULL},
    {"ru", JBK_NAME_RU, "", "стан"},
    {"kk", JBK_NAME_TURKIC, " тілі", "стан"},
    {"ug", JBK_NAME_TURKIC, "چە", "ىستان"},
    {"ky", JBK_NAME_TURKIC, "ча|че|чо|чө", NULL},
    {"uz", JBK_NAME_TURKIC, NULL, NULL},
};
enum { NLANGUAGES = sizeof LANGUAGES / sizeof *LANGUAGES };

static void die(const char *what) {
    fprintf(stderr, "gen_names: %s\n", what);
    exit(1);
}

/* Names of Han characters are looked up by their first. */
static bool begins_with_han(const char *name) {
    size_t i = 0;
    return jbk_is_han_unit(jbk_utf8_next(name, strlen(name), &i));
}

/* --- strings --- */

static char *utf8(const UChar *s, int32_t len) {
    char out[1024];
    int32_t n;
    UErrorCode e = U_ZERO_ERROR;
    u_strToUTF8(out, sizeof out, &n, s, len, &e);
    if (U_FAILURE(e)) die("a name is too long");
    return jbk_strndup(out, (size_t)n);
}

static char *change_case(const char *s, bool up, int32_t letters) {
    UChar u[512];
    int32_t n, m, one = 0;
    UErrorCode e = U_ZERO_ERROR;
    u_strFromUTF8(u, 512, &n, s, -1, &e);
    U16_FWD_1(u, one, n);
    if (letters < 0) one = n;
    UChar all[512];
    m = up ? u_strToUpper(all, 512, u, one, "", &e) : u_strToLower(all, 512, u, one, "", &e);
    memcpy(all + m, u + one, (size_t)(n - one) * sizeof *u);
    if (U_FAILURE(e)) die(s);
    return utf8(all, m + n - one);
}

static bool is_upper(const char *s) { /* the first letter is a capital */
    char *low = change_case(s, false, 1);
    bool upper = strcmp(low, s) != 0;
    free(low);
    return upper;
}

static bool is_caps(const char *s) {
    char *up = change_case(s, true, -1), *low = change_case(s, false, -1);
    bool caps = !strcmp(up, s) && strcmp(low, s) != 0;
    free(up);
    free(low);
    return caps;
}

static size_t letters_of(const char *s) {
    size_t n = 0;
    for (; *s; s++) n += (*s & 0xC0) != 0x80;
    return n;
}

static const char *ends_in(const char *s, const char *tail) {
    size_t n = strlen(s), t = strlen(tail);
    return n > t && !strcmp(s + n - t, tail) ? s + n - t : NULL;
}

/* --- rows --- */

static void add(const char *code, const language *l, int source, const char *name, int flags) {
    if (!*name) return;
    if (is_caps(name) && letters_of(name) > 1)
        flags |= JBK_NAME_CAPS;
    else if (is_upper(name))
        flags |= JBK_NAME_CAPITAL;
    if (!strcmp(l->locale, "kk")) flags |= JBK_NAME_KEY;
    jbk_folded f = {0};
    jbk_fold(&f, name, strlen(name));
    char *folded = jbk_strndup(f.utf8.data, f.utf8.len);
    jbk_folded_free(&f);
    for (size_t i = 0; i < rows.n; i++) {
        row *r = &rows.at[i];
        if (r->lang != l->lang || strcmp(r->name, folded) != 0) continue;
        free(folded);
        bool same = !strcmp(r->code, code);
        if (source < r->source || same) {
            r->flags |= (uint8_t)(flags & (JBK_NAME_KEY | JBK_NAME_WEAK));
            /* Қытай and қытай: the country and its people. */
            if (same && !(flags & JBK_NAME_CAPITAL)) r->flags &= (uint8_t)~JBK_NAME_CAPITAL;
            if (source > r->source) {
                r->source = (uint8_t)source;
                r->ambiguous = false;
            }
            return;
        }
        if (source == r->source) {
            if (source == BY_HAND) die(name);
            r->ambiguous = true;
            return;
        }
        snprintf(r->code, sizeof r->code, "%s", code);
        r->source = (uint8_t)source;
        r->flags = (uint8_t)flags;
        r->ambiguous = false;
        return;
    }
    row r = {.name = folded,
             .lang = (uint8_t)l->lang,
             .flags = (uint8_t)flags,
             .source = (uint8_t)source};
    snprintf(r.code, sizeof r.code, "%s", code);
    jbk_vec_push(&rows, r);
}

/* The name with `from` replaced by `to`, where it holds it. */
static void add_replaced(const char *code, const language *l, const char *name, const char *from,
                         const char *to) {
    const char *at = strstr(name, from);
    if (!at) return;
    char *other = jbk_printf("%.*s%s%s", (int)(at - name), name, to, at + strlen(from));
    add(code, l, BY_ICU, other, 0);
    free(other);
}

/* "Myanmar (Burma)": Myanmar, Burma. */
static void add_parts(const char *code, const language *l, const char *name) {
    const char *open = strpbrk(name, "(");
    size_t width = 1;
    if (!open && (open = strstr(name, "（"))) width = strlen("（");
    if (!open || open == name) return;
    const char *end = open;
    while (end > name && end[-1] == ' ') end--;
    char *before = jbk_strndup(name, (size_t)(end - name));
    const char *in = open + width, *close = strpbrk(in, ")");
    if (!close) close = strstr(in, "）");
    if (close && l->lang != JBK_NAME_HAN) {
        char *inside = jbk_strndup(in, (size_t)(close - in));
        bool last = close[1] == '\0';
        if (last) add(code, l, BY_PART, before, 0);
        if (last && letters_of(inside) >= 4 && is_upper(inside) && !strchr(inside, ' '))
            add(code, l, BY_PART, inside, 0);
        free(inside);
    }
    free(before);
}

/* Казахстан: казах. */
static void add_people_of_stan(const char *code, const language *l, const char *name) {
    const char *stan = l->stan ? ends_in(name, l->stan) : NULL;
    if (!stan || strchr(name, ' ')) return;
    char *people = jbk_strndup(name, (size_t)(stan - name));
    const char *and = ends_in(people, "i");
    if (!and) and = ends_in(people, "и");
    if (and) people[and-people] = '\0';
    if (letters_of(people) >= 5) {
        char *low = l->lang == JBK_NAME_EN ? jbk_strndup(people, strlen(people))
                                           : change_case(people, false, 1);
        add(code, l, BY_PART, low, 0);
        char *adjective = jbk_printf("%sский", low);
        if (l->lang == JBK_NAME_RU) add(code, l, BY_PART, adjective, 0);
        free(adjective);
        free(low);
    }
    free(people);
}

static bool ends_in_consonant(const char *s) {
    static const char *const ENDS[] = {"б", "в", "г", "д", "ж", "з", "к", "л", "м", "н",
                                       "п", "р", "с", "т", "ф", "х", "ц", "ч", "ш"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        if (ends_in(s, ENDS[i])) return true;
    return false;
}

static void add_country(const char *code, const language *l, const char *name) {
    add(code, l, BY_ICU, name, 0);
    add_people_of_stan(code, l, name);
    if (l->lang == JBK_NAME_RU && ends_in_consonant(name)) {
        char *low = change_case(name, false, 1), *adjective = jbk_printf("%sский", low);
        if (!strchr(name, ' ')) add(code, l, BY_MONEY, adjective, 0);
        free(low);
        free(adjective);
    }
    add_replaced(code, l, name, " & ", " and ");
    add_replaced(code, l, name, "о-ва", "острова");
    add_replaced(code, l, name, "о-в", "остров");
}

/* --- ICU --- */

static bool is_country(const char *code) {
    if (strlen(code) != 2) return false;
    for (const char *const *c = uloc_getISOCountries(); *c; c++)
        if (!strcmp(*c, code)) return true;
    return false;
}

/* Strings of a table of a resource bundle, or the second of each array; call `each` with them. */
typedef void each_string(const language *l, const char *key, const char *value);

static void walk(const char *package, const language *l, const char *table, each_string *each) {
    UErrorCode e = U_ZERO_ERROR;
    UResourceBundle *b = ures_openDirect(package, l->locale, &e);
    UResourceBundle *t = ures_getByKey(b, table, NULL, &e);
    if (e == U_MISSING_RESOURCE_ERROR) { /* this locale has none of its own */
        ures_close(b);
        return;
    }
    if (U_FAILURE(e)) die(l->locale);
    while (ures_hasNext(t)) {
        UResourceBundle *r = ures_getNextResource(t, NULL, &e);
        int32_t n;
        const UChar *s = ures_getType(r) == URES_STRING ? ures_getString(r, &n, &e)
                                                        : ures_getStringByIndex(r, 1, &n, &e);
        if (U_FAILURE(e)) die(u_errorName(e));
        char *value = utf8(s, n);
        each(l, ures_getKey(r), value);
        free(value);
        ures_close(r);
    }
    ures_close(t);
    ures_close(b);
}

static void country(const language *l, const char *key, const char *value) {
    if (is_country(key)) add_country(key, l, value);
}

static void country_and_parts(const language *l, const char *key, const char *value) {
    country(l, key, value);
    if (is_country(key)) add_parts(key, l, value);
}

/* --- money and languages --- */

typedef struct {
    char code[3];
    char *name;
    size_t adjective; /* bytes of it */
} money;
static JBK_VEC(money) english_money;

static void keep_money(const language *l, const char *key, const char *value) {
    (void)l;
    money m = {0};
    snprintf(m.code, sizeof m.code, "%.2s", key);
    if (!is_country(m.code)) return;
    m.name = jbk_strndup(value, strcspn(value, "("));
    jbk_vec_push(&english_money, m);
}

static char *language_name(const char *locale, const char *code);

static bool is_language(const char *s, size_t len) {
    bool found = false;
    for (const char *const *c = uloc_getISOLanguages(); *c && !found; c++) {
        char *name = language_name("en", *c);
        found = name && strlen(name) == len && !memcmp(name, s, len);
        free(name);
    }
    return found;
}

/* Does money of another country, or a country's name of more words, begin with these bytes?  The
 * name of a language does not go on: Portuguese Guinea. */
static bool goes_on(const char *code, const char *prefix, size_t len) {
    if (is_language(prefix, len - 1)) return false;
    for (size_t i = 0; i < english_money.n; i++)
        if (strcmp(english_money.at[i].code, code) != 0 &&
            !strncmp(english_money.at[i].name, prefix, len))
            return true;
    for (size_t i = 0; i < rows.n; i++)
        if (rows.at[i].lang == JBK_NAME_EN && rows.at[i].source == BY_ICU &&
            !strncasecmp(rows.at[i].name, prefix, len))
            return true;
    return false;
}

/* Does a country's whole name stand behind the blank? */
static bool names_country(const char *s) {
    for (size_t i = 0; i < rows.n && *s; i++) {
        const row *r = &rows.at[i];
        size_t n = strlen(r->name);
        if (r->lang == JBK_NAME_EN && r->source == BY_ICU && !strncasecmp(s + 1, r->name, n) &&
            s[1 + n] == ' ')
            return true;
    }
    return false;
}

/* "South African Rand": as few words as begin nothing else, and never the last: that is the
 * coin. */
static size_t adjective_length(const money *m) {
    size_t len = strcspn(m->name, " ");
    if (names_country(m->name + len)) return 0; /* Portuguese Guinea is not Portugal */
    while (m->name[len] && goes_on(m->code, m->name, len + 1))
        len += 1 + strcspn(m->name + len + 1, " ");
    const char *rest = m->name + len + strspn(m->name + len, " ");
    return *rest ? len : 0;
}

static void measure_adjectives(void) {
    for (size_t i = 0; i < english_money.n; i++)
        english_money.at[i].adjective = adjective_length(&english_money.at[i]);
}

static void add_english_adjectives(const language *l) {
    for (size_t i = 0; i < english_money.n; i++) {
        const money *m = &english_money.at[i];
        char *adjective = jbk_strndup(m->name, m->adjective);
        if (!is_caps(adjective)) add(m->code, l, BY_MONEY, adjective, 0);
        free(adjective);
    }
}

/* "новый израильский шекель": the word in -ск- or -цк-, in the masculine. */
static void russian_money(const language *l, const char *key, const char *value) {
    static const char *const ENDS[] = {"кий", "кая", "кое"};
    char code[3];
    snprintf(code, sizeof code, "%.2s", key);
    if (!is_country(code)) return;
    char *words = change_case(value, false, -1);
    for (char *w = strtok(words, " "); w; w = strtok(NULL, " "))
        for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
            const char *end = ends_in(w, ENDS[i]);
            if (!end || end < w + 4) continue;
            char *stem = jbk_strndup(w, (size_t)(end - w));
            char *adjective = jbk_printf("%sкий", stem);
            if (ends_in(stem, "с") || ends_in(stem, "ц")) {
                add(code, l, BY_MONEY, adjective, 0);
                w = NULL;
            }
            free(stem);
            free(adjective);
            if (!w) {
                free(words);
                return;
            }
        }
    free(words);
}

static const char *country_of_language(const char *english) {
    size_t n = strlen(english);
    for (size_t i = 0; i < english_money.n; i++) {
        const money *m = &english_money.at[i];
        if (m->adjective == n && !strncmp(m->name, english, n)) return m->code;
    }
    return NULL;
}

static char *language_name(const char *locale, const char *code) {
    UErrorCode e = U_ZERO_ERROR;
    UDisplayContext full[] = {UDISPCTX_LENGTH_FULL, UDISPCTX_NO_SUBSTITUTE};
    ULocaleDisplayNames *d = uldn_openForContext(locale, full, 2, &e);
    UChar u[256];
    int32_t n = uldn_languageDisplayName(d, code, u, 256, &e);
    uldn_close(d);
    return U_FAILURE(e) || n <= 0 ? NULL : utf8(u, n);
}

/* How much of a language's name is the people's; 0 where nothing tells. */
static size_t people_length(const language *l, const char *name) {
    if (!*l->of_language) return strlen(name);
    for (const char *t = l->of_language; *t;) {
        char *tail = jbk_strndup(t, strcspn(t, "|"));
        const char *at = ends_in(name, tail);
        t += strlen(tail);
        t += *t == '|';
        free(tail);
        if (at) return (size_t)(at - name);
    }
    return 0;
}

static void add_peoples(const language *l) {
    if (!l->of_language) return;
    for (const char *const *c = uloc_getISOLanguages(); *c; c++) {
        char *english = language_name("en", *c), *name = language_name(l->locale, *c);
        const char *code = english ? country_of_language(english) : NULL;
        bool han = l->lang == JBK_NAME_HAN; /* 法 alone says nothing: 法语 is the name */
        size_t people = name ? people_length(l, name) : 0;
        if (people && !han) name[people] = '\0';
        if (code && people && (han || letters_of(name) >= 4))
            add(code, l, BY_MONEY, name, han ? JBK_NAME_WEAK : 0);
        free(english);
        free(name);
    }
}

/* --- by hand --- */

static const language *find_language(const char *locale) {
    for (int i = 0; i < NLANGUAGES; i++)
        if (!strcmp(LANGUAGES[i].locale, locale)) return &LANGUAGES[i];
    return NULL;
}

static void read_supplement(const char *path) {
    FILE *f = fopen(path, "r");
    if (!f) die("cannot read the supplement");
    char line[4096];
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (!*line || *line == '#') continue;
        char *save, *code = strtok_r(line, "\t", &save), *locale = strtok_r(NULL, "\t", &save);
        const language *l = locale ? find_language(locale) : NULL;
        char *names = strtok_r(NULL, "\t", &save);
        if (!l || !names || strlen(code) >= sizeof rows.at->code) die(line);
        for (char *s, *n = strtok_r(names, "|", &s); n; n = strtok_r(NULL, "|", &s)) {
            while (*n == ' ') n++;
            size_t len = strlen(n);
            while (len && n[len - 1] == ' ') n[--len] = '\0';
            bool weak = len && n[len - 1] == '?';
            if (weak) n[len - 1] = '\0';
            add(code, l, BY_HAND, n, weak ? JBK_NAME_WEAK : 0);
        }
    }
    fclose(f);
}

/* --- output --- */

static int by_name(const void *x, const void *y) {
    const row *a = x, *b = y;
    return a->lang != b->lang ? (int)a->lang - (int)b->lang : strcmp(a->name, b->name);
}

static void print_string(const char *s) {
    putchar('"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\') putchar('\\');
        putchar(*s);
    }
    putchar('"');
}

int main(int argc, char **argv) {
    if (argc != 2) die("usage: gen_names NAMES_TSV");
    walk(U_ICUDATA_NAME "-curr", find_language("en"), "Currencies", keep_money);
    for (int i = 0; i < NLANGUAGES; i++) {
        const language *l = &LANGUAGES[i];
        walk(U_ICUDATA_NAME "-region", l, "Countries", country_and_parts);
        walk(U_ICUDATA_NAME "-region", l, "Countries%short", country);
        walk(U_ICUDATA_NAME "-region", l, "Countries%variant", country);
        if (l->lang == JBK_NAME_EN) measure_adjectives();
        if (l->lang == JBK_NAME_EN) add_english_adjectives(l);
        if (l->lang == JBK_NAME_RU) walk(U_ICUDATA_NAME "-curr", l, "Currencies", russian_money);
        add_peoples(l);
    }
    read_supplement(argv[1]);
    qsort(rows.at, rows.n, sizeof *rows.at, by_name);
    XXH3_state_t *digest = XXH3_createState();
    XXH3_64bits_reset(digest);
    printf("/* Generated by gen_names.c from ICU %s and data/names.tsv; names derived from CLDR,\n"
           " * Unicode licence. */\n#include \"names_row.h\"\n"
           "const jbk_name_row jbk_name_rows[] = {\n",
           U_ICU_VERSION);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const row *r = &rows.at[i];
        if (r->ambiguous) continue;
        if (r->lang == JBK_NAME_HAN && !begins_with_han(r->name)) die(r->name);
        n++;
        printf("{\"%s\", ", r->code);
        print_string(r->name);
        printf(", %d, %d},\n", r->lang, r->flags);
        XXH3_64bits_update(digest, r->code, strlen(r->code) + 1);
        XXH3_64bits_update(digest, r->name, strlen(r->name) + 1);
        XXH3_64bits_update(digest, &r->lang, 1);
        XXH3_64bits_update(digest, &r->flags, 1);
    }
    printf("};\nconst size_t jbk_name_row_count = %zu;\n"
           "const uint64_t jbk_name_rows_digest = UINT64_C(0x%016llx);\n",
           n, (unsigned long long)XXH3_64bits_digest(digest));
    XXH3_freeState(digest);
    return 0;
}
