/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Build-time generator: writes the fold table as C.
 *
 *   gen_fold han_t2s_fold.tsv > fold_table.c
 *
 * For every code point alone, the basic fold is computed by its definition: our replacements,
 * NFKC_Casefold, our replacements again, until nothing changes.  The generated table is
 * derived from Unicode data (Unicode licence) and the Han table (see data/README.md). */
#include "fold_entry.h"
#include "text/chars.h"
#include "u16.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <xxhash.h>

enum { CODE_POINTS = 0x110000, SEQ = 40, BLOCK = 128 };

static UChar32 simplified[CODE_POINTS];

static void die(const char *what) {
    fprintf(stderr, "gen_fold: %s\n", what);
    exit(1);
}

static void read_han(const char *path) {
    FILE *f = fopen(path, "r");
    if (!f) die("cannot read the Han table");
    char line[256], folded[64];
    unsigned from;
    while (fgets(line, sizeof line, f)) {
        if (line[0] == '#' || sscanf(line, "U+%x\t%*s\t%63s", &from, folded) != 2) continue;
        UChar u[4];
        int32_t n = 0;
        UErrorCode e = U_ZERO_ERROR;
        u_strFromUTF8(u, 4, &n, folded, -1, &e);
        if (U_FAILURE(e) || from >= CODE_POINTS) die("bad line in the Han table");
        int32_t start = 0;
        simplified[from] = (UChar32)jbk_u16_next(u, &start, n);
    }
    fclose(f);
}

/* Replacements that are ours; returns how many code points were written (0: removed). */
static int replace(UChar32 c, UChar32 out[2]) {
    static const UChar32 high_hamza[4] = {0x0627, 0x0648, 0x06C7, 0x0649};
    out[0] = c;
    if (c >= 0x0675 && c <= 0x0678) {
        out[0] = 0x0674;
        out[1] = high_hamza[c - 0x0675];
        return 2;
    }
    if (c == 0x0640 || (c >= 0x064B && c <= 0x0652)) return 0; /* tatweel, harakat */
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return 0;
    if (c == 0x06A9) out[0] = 0x0643; /* keheh -> kaf */
    if (c == 0x06CC) out[0] = 0x064A; /* Farsi yeh -> yeh */
    if (c == 0x0451) out[0] = 0x0435; /* ё -> е */
    if (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE)) out[0] = ' ';
    if (simplified[c]) out[0] = simplified[c];
    return 1;
}

static int32_t pass(const UNormalizer2 *nfkc, const UChar *in, int32_t n, UChar *out) {
    UChar mid[SEQ * 2];
    int32_t m = 0;
    for (int32_t i = 0; i < n;) {
        UChar32 r[2];
        int k = replace((UChar32)jbk_u16_next(in, &i, n), r);
        for (int j = 0; j < k; j++) m = jbk_u16_put(mid, m, (uint32_t)r[j]);
    }
    UErrorCode e = U_ZERO_ERROR;
    int32_t len = unorm2_normalize(nfkc, mid, m, out, SEQ, &e);
    if (U_FAILURE(e)) die("a code point folds to too many");
    return len;
}

static int32_t fold_one(const UNormalizer2 *nfkc, UChar32 c, UChar *out) {
    UChar a[SEQ];
    int32_t n = jbk_u16_put(a, 0, (uint32_t)c);
    for (int round = 0; round < 8; round++) {
        int32_t m = pass(nfkc, a, n, out);
        if (m == n && !memcmp(a, out, (size_t)n * sizeof *a)) return n;
        memcpy(a, out, (size_t)m * sizeof *a);
        n = m;
    }
    die("the fold does not settle");
    return 0;
}

static jbk_script script_of(UChar32 c) {
    UErrorCode e = U_ZERO_ERROR;
    UScriptCode s = uscript_getScript(c, &e);
    if (uscript_hasScript(c, USCRIPT_HIRAGANA) || uscript_hasScript(c, USCRIPT_KATAKANA)) {
        if (u_isalpha(c)) return JBK_SCRIPT_KANA;
    }
    switch (s) {
    case USCRIPT_HAN:
        return JBK_SCRIPT_HAN;
    case USCRIPT_CYRILLIC:
        return JBK_SCRIPT_CYRL;
    case USCRIPT_ARABIC:
        return JBK_SCRIPT_ARAB;
    case USCRIPT_LATIN:
        return JBK_SCRIPT_LATN;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_UNKNOWN:
        return JBK_SCRIPT_NONE;
    default:
        return u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT
                   ? JBK_SCRIPT_THAI
                   : JBK_SCRIPT_OTHER;
    }
}

static uint32_t describe(UChar32 c, jbk_script script) {
    uint32_t flags = (uint32_t)script << JBK_FOLD_SCRIPT_SHIFT;
    uint32_t category = U_GET_GC_MASK(c);
    if (u_hasBinaryProperty(c, UCHAR_WHITE_SPACE)) flags |= JBK_FOLD_SPACE;
    if (category & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) flags |= JBK_FOLD_WORDY;
    /* Word_Break joins any two of these, so a term that ends in one cannot touch another. */
    int wb = u_getIntPropertyValue(c, UCHAR_WORD_BREAK);
    bool joins = wb == U_WB_ALETTER || wb == U_WB_NUMERIC || wb == U_WB_HEBREW_LETTER;
    if (joins && script != JBK_SCRIPT_HAN && script != JBK_SCRIPT_KANA &&
        script != JBK_SCRIPT_THAI && (category & (U_GC_L_MASK | U_GC_N_MASK)))
        flags |= JBK_FOLD_ALNUM;
    return flags;
}

/* --- punctuation that is always alone --- */

static UBreakIterator *word_iterator;

static bool every_place_is_boundary(const UChar *s, int32_t n) {
    UErrorCode e = U_ZERO_ERROR;
    ubrk_setText(word_iterator, s, n, &e);
    if (U_FAILURE(e)) die(u_errorName(e));
    int32_t pieces = 0;
    while (ubrk_next(word_iterator) != UBRK_DONE) pieces++;
    return pieces == n;
}

/* Does ICU's word iterator, whose rules are not quite Unicode's, set a punctuation or symbol
 * apart from whatever ordinary text has beside it? */
static bool is_lone(UChar32 c) {
    static const UChar AROUND[] = u"aж1.,:;'\u2019\"_-", LETTERS[] = u"aж1";
    if (c >= 0x10000 || !(U_GET_GC_MASK(c) & (U_GC_P_MASK | U_GC_S_MASK))) return false;
    for (const UChar *before = AROUND; *before; before++)
        for (const UChar *after = AROUND; *after; after++) {
            const UChar s[] = {*before, (UChar)c, *after};
            const UChar twice[] = {*before, (UChar)c, (UChar)c, *after};
            if (!every_place_is_boundary(s, 3) || !every_place_is_boundary(twice, 4)) return false;
        }
    for (const UChar *letter = LETTERS; *letter; letter++)
        for (const UChar *middle = AROUND + 3; *middle != '_'; middle++) {
            const UChar s[] = {*letter, *middle, (UChar)c, *letter};
            if (!every_place_is_boundary(s, 4)) return false;
        }
    return true;
}

static uint32_t entries[CODE_POINTS];
static uint32_t multi[65536];
static uint32_t multi_len = 1;

static uint32_t entry_for(const UNormalizer2 *nfkc, UChar32 c) {
    UChar out[SEQ];
    uint32_t e = describe(c, script_of(c));
    if (c >= 0xD800 && c <= 0xDFFF) return e | (uint32_t)c | JBK_FOLD_BOUNDARY;
    int32_t n = fold_one(nfkc, c, out);
    int32_t count = u_countChar32(out, n);
    bool boundary = unorm2_hasBoundaryBefore(nfkc, c);
    UChar32 first = 0;
    if (n) {
        int32_t start = 0;
        first = (UChar32)jbk_u16_next(out, &start, n);
        boundary = boundary && unorm2_hasBoundaryBefore(nfkc, first);
    }
    if (boundary) e |= JBK_FOLD_BOUNDARY;
    if (!n) return e | JBK_FOLD_EMPTY;
    if (count == 1) return e | (uint32_t)first;
    e |= JBK_FOLD_MULTI | multi_len;
    multi[multi_len++] = (uint32_t)count;
    for (int32_t i = 0; i < n;) multi[multi_len++] = jbk_u16_next(out, &i, n);
    if (multi_len > 65000) die("too many sequences");
    return e;
}

static void print_array(const char *type, const char *name, const uint32_t *v, size_t n) {
    printf("const %s %s[] = {", type, name);
    for (size_t i = 0; i < n; i++) printf("%s%u,", i % 16 ? "" : "\n", v[i]);
    printf("};\n");
}

static void print_stages(void) {
    static uint32_t stage1[CODE_POINTS / BLOCK], stage2[CODE_POINTS];
    size_t blocks = 0;
    for (size_t b = 0; b < CODE_POINTS / BLOCK; b++) {
        const uint32_t *src = entries + b * BLOCK;
        size_t k = 0;
        while (k < blocks && memcmp(stage2 + k * BLOCK, src, BLOCK * sizeof *src)) k++;
        if (k == blocks) memcpy(stage2 + blocks++ * BLOCK, src, BLOCK * sizeof *src);
        stage1[b] = (uint32_t)k;
    }
    print_array("uint16_t", "jbk_fold_stage1", stage1, CODE_POINTS / BLOCK);
    print_array("uint32_t", "jbk_fold_stage2", stage2, blocks * BLOCK);
}

int main(int argc, char **argv) {
    if (argc != 2) die("usage: gen_fold HAN_TABLE");
    read_han(argv[1]);
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&e);
    if (U_FAILURE(e)) die(u_errorName(e));
    for (UChar32 c = 0; c < CODE_POINTS; c++) entries[c] = entry_for(nfkc, c);
    for (UChar32 c = 0; c < CODE_POINTS; c++)
        if (simplified[c]) entries[simplified[c]] |= JBK_FOLD_TARGET;
    uint64_t digest = XXH3_64bits(entries, sizeof entries) ^ XXH3_64bits(multi, multi_len * 4);
    /* A code point that folds to itself would make every block different: 0 stands for it. */
    for (UChar32 c = 0; c < CODE_POINTS; c++)
        if (!(entries[c] & (JBK_FOLD_MULTI | JBK_FOLD_EMPTY)) &&
            (entries[c] & JBK_FOLD_VALUE) == (uint32_t)c)
            entries[c] &= ~JBK_FOLD_VALUE;
    /* Makes segmenting fast, is no part of the fold and so not of its digest. */
    word_iterator = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    if (U_FAILURE(e)) die(u_errorName(e));
    for (UChar32 c = 0; c < CODE_POINTS; c++)
        if (is_lone(c)) entries[c] |= JBK_FOLD_LONE;
    ubrk_close(word_iterator);
    printf("/* Generated by gen_fold.c from ICU %s and the Han table; derived from Unicode data\n"
           " * files, Unicode licence. */\n#include \"fold_entry.h\"\n",
           U_ICU_VERSION);
    print_stages();
    print_array("uint32_t", "jbk_fold_multi", multi, multi_len);
    printf("const uint64_t jbk_fold_table_digest = UINT64_C(0x%016llx);\n",
           (unsigned long long)digest);
    return 0;
}
