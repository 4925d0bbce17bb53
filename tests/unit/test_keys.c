/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words share a key, and which must not. */
#include "random_text.h"
#include "support.h"
#include "text/fold.h"
#include "text/keys.h"
#include "text/pinyin.h"

#include <stdlib.h>

static jbk_stemmer *stemmer;
static jbk_folded folded;

static void setup(void) { ck_ok(jbk_stemmer_new(&stemmer, &test_err)); }

static void teardown(void) {
    jbk_stemmer_free(stemmer);
    jbk_folded_free(&folded);
}

static void keys_of(const char *word, jbk_keys *keys) {
    jbk_fold(&folded, word, strlen(word));
    jbk_keys_of(stemmer, folded.utf8.data, folded.utf8.len, keys);
}

static bool same_key(const jbk_key *a, const jbk_key *b) {
    return a->kind == b->kind && a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

/* The kinds of keys that the words share, as bits. */
static unsigned shared(const char *a, const char *b) {
    unsigned kinds = 0;
    jbk_keys x, y;
    keys_of(a, &x);
    keys_of(b, &y);
    for (size_t i = 0; i < x.n; i++)
        for (size_t k = 0; k < y.n; k++)
            if (same_key(&x.at[i], &y.at[k])) kinds |= 1u << x.at[i].kind;
    return kinds;
}

static void assert_shared(const char *const *words, int kind) {
    for (const char *const *w = words + 1; *w; w++)
        ck_assert_msg(shared(words[0], *w) & 1u << kind, "%s and %s share %x", words[0], *w,
                      shared(words[0], *w));
}

static void assert_apart(const char *word, const char *const *others) {
    for (; *others; others++)
        ck_assert_msg(!shared(word, *others), "%s and %s share %x", word, *others,
                      shared(word, *others));
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

START_TEST(kazakh_in_every_script) {
    assert_shared(WORDS("Қазақстан", "Қазақстанда", "Қазақстанның", "ҚАЗАҚСТАНДЫ", "Qazaqstan",
                        "Qazaqstanda", "Qazaqstannyń", "Qazaqstannıñ", "قازاقستان", "قازاقستاندا",
                        "قازاقستاننىڭ", "Казакстан", "Казакстаннын"),
                  JBK_KEY_KK);
    assert_shared(WORDS("халық", "халқы", "халықтың", "halyqtyñ", "حالىقتىڭ"), JBK_KEY_KK);
    assert_shared(WORDS("кітап", "кітабы", "кітаптар", "kitaby", "kıtaptar", "كىتابى"), JBK_KEY_KK);
    assert_shared(WORDS("үй", "үйге", "үйіміздегі", "ٴۇي", "ٴۇيىمىز", "úı", "üyge"), JBK_KEY_KK);
    assert_shared(WORDS("оқу", "оқуға", "оқулар"), JBK_KEY_KK);
    assert_shared(WORDS("бар", "барамын", "барды", "барған", "барып", "бармайды"), JBK_KEY_KK);
}
END_TEST

/* Words that are no roots of the list, too; and letters that a keyboard lacked. */
START_TEST(kazakh_however_written) {
    assert_shared(WORDS("құрмет", "قۇرمەت", "курмет", "qūrmet", "qurmet"), JBK_KEY_KK);
    assert_shared(WORDS("қазір", "ٴقازىر", "казир", "qazır", "qazir"), JBK_KEY_KK);
    assert_shared(WORDS("прокурорлар", "پروكۋرورلار", "prokurorlar", "prokwrorlar"), JBK_KEY_KK);
    assert_shared(WORDS("обсерваторияда", "وبسەرۆاتوريادا", "observatoriada", "observatorïyada"),
                  JBK_KEY_KK);
    assert_shared(WORDS("ойын", "ويىن", "oiyn", "oıyn", "oi'yn", "oyın"), JBK_KEY_KK);
    assert_shared(WORDS("айтса", "ايتسا", "aitsa", "aıtsa", "aytsa", "айтты"), JBK_KEY_KK);
    assert_shared(WORDS("үйі", "ٴۇيى", "уйи", "üiı", "u'i'i", "үйлер"), JBK_KEY_KK);
    assert_shared(WORDS("қазақ", "казак", "kazak", "qazaqtar"), JBK_KEY_KK);
    assert_shared(WORDS("шаруа", "sharua", "sarua", "şarua"), JBK_KEY_KK);
}
END_TEST

/* What a spelling leaves open is all that it can be; but a word whose letters are all there, and
 * which is a common one, is that word. */
START_TEST(kazakh_left_open) {
    assert_shared(WORDS("кол", "қол", "көл"), JBK_KEY_KK);
    assert_shared(WORDS("tıs", "тіс", "тыс"), JBK_KEY_KK);
    assert_shared(WORDS("соз", "сөз"), JBK_KEY_KK);
    assert_apart("бөл", WORDS("бол", "болды", "bolady"));
    assert_apart("өл", WORDS("ол", "оның"));
    assert_apart("жатса", WORDS("жаса", "жасады"));
    assert_apart("біледі", WORDS("биледі", "биле"));
}
END_TEST

START_TEST(kazakh_words_stay_apart) {
    assert_apart("көл", WORDS("қол", "қолы", "көлік", "қолдау"));
    assert_apart("бөл", WORDS("бол", "болды", "болған"));
    assert_apart("қала", WORDS("қалды", "қал", "қалың"));
    assert_apart("тіл", WORDS("тілек", "тілші"));
    assert_apart("ұл", WORDS("үлкен", "ұлы", "ұлт"));
}
END_TEST

START_TEST(languages_stay_apart) {
    assert_apart("мен", WORDS("men", "man", "menu"));
    assert_apart("бар", WORDS("bar", "bars"));
    assert_apart("су", WORDS("суд", "суда", "суды", "сути", "sue", "sun"));
    assert_apart("ат", WORDS("at", "от", "is"));
    assert_apart("мост", WORDS("most", "mast"));
    assert_apart("Қытай", WORDS("китаец", "кит", "kite"));
    assert_apart("ол", WORDS("он", "она", "all"));
    assert_apart("Kazakhstan", WORDS("Казахстан", "Қазақстан"));
    assert_apart("哈萨克斯坦", WORDS("Қазақстан", "哈萨克斯坦", "3"));
}
END_TEST

START_TEST(russian_names) {
    assert_shared(WORDS("Казахстан", "Казахстана", "Казахстаном", "Казахстане"), JBK_KEY_RU);
    assert_shared(WORDS("казах", "казахи", "казахов", "казахам", "казахами"), JBK_KEY_RU);
    assert_shared(WORDS("Китай", "Китая", "Китаю", "Китаем", "Китае"), JBK_KEY_RU);
    assert_shared(WORDS("Синьцзян", "Синьцзяна", "Синьцзяном", "Синьцзяне"), JBK_KEY_RU);
    assert_shared(WORDS("Токаев", "Токаева", "Токаеву", "Токаевым", "Токаеве"), JBK_KEY_RU);
    assert_shared(WORDS("Иванов", "Иванова", "Ивановым", "Ивановой"), JBK_KEY_RU);
    assert_shared(WORDS("слово", "слова", "словами"), JBK_KEY_RU);
    assert_apart("Китай", WORDS("киты", "китом", "казахи"));
}
END_TEST

START_TEST(english_and_uyghur) {
    assert_shared(WORDS("house", "houses", "house's", "House’s"), JBK_KEY_EN);
    assert_shared(WORDS("Kazakhstan", "Kazakhstan's"), JBK_KEY_EN);
    assert_shared(WORDS("شىنجاڭ", "شىنجاڭنىڭ", "شىنجاڭدا", "Shinjang"), JBK_KEY_UG);
    assert_shared(WORDS("ئۇيغۇر", "ئۇيغۇرلار", "ئۇيغۇرلارنىڭ", "Uyghur"), JBK_KEY_UG);
}
END_TEST

START_TEST(words_without_keys) {
    jbk_keys keys;
    static const char *const none[] = {"",    "3",      "31m", "哈萨克", "かな",
                                       "ไทย", "한국어", "u.s", "a哈"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        keys_of(none[i], &keys);
        ck_assert_msg(!keys.n, "%s has %zu keys", none[i], keys.n);
    }
}
END_TEST

/* Whatever the word: keys differ, nothing overflows, no letter stands for nothing. */
START_TEST(any_word_is_safe) {
    static const char *const pieces[] = {"а",  "қ", "ұ", "і", "я",  "ю", "ь", "нің", "ға", "ۇ",
                                         "ٴ",  "ە", "ى", "ك", "ئ",  "ۈ", "q", "y",   "'",  "ş",
                                         "sh", "ı", "ә", "e", "ng", "ғ", "ъ", "é",   "’",  "ة"};
    jbk_buf s = {0};
    jbk_keys keys;
    random_begin(1);
    for (int i = 0; i < 30000; i++) {
        s.len = 0;
        jbk_buf_reserve(&s, 1);
        if (i % 3)
            for (size_t n = random_below(i % 100 ? 12 : 100); n; n--)
                jbk_buf_str(&s, random_pick(pieces));
        else
            random_text(&s, random_below(20), i % 2);
        jbk_fold(&folded, s.data, s.len);
        jbk_keys_of(stemmer, folded.utf8.data, folded.utf8.len, &keys);
        ck_must(keys.n <= JBK_KEYS_MAX, "%zu keys", keys.n);
        for (size_t k = 0; k < keys.n; k++) {
            ck_must(keys.at[k].len && keys.at[k].kind, "an empty key of %s", hex_of(s.data, s.len));
            for (size_t j = 0; j < k; j++)
                ck_must(!same_key(&keys.at[j], &keys.at[k]), "one key twice");
        }
    }
    jbk_buf_free(&s);
}
END_TEST

/* --- pinyin --- */

static void assert_pinyin(const char *word, bool loose, const char *wanted) {
    jbk_buf out = {0};
    bool has = jbk_pinyin(word, strlen(word), loose, &out);
    ck_assert_msg(has == (wanted != NULL), "%s", word);
    ck_assert_str_eq(jbk_buf_cstr(&out), wanted ? wanted : "");
    jbk_buf_free(&out);
}

START_TEST(pinyin) {
    assert_pinyin("哈萨克斯坦", false, "ha sa ke si tan");
    assert_pinyin("中上场", false, "zhong shang chang");
    assert_pinyin("中上场", true, "zon san can");
    assert_pinyin("哈a", false, NULL);
    assert_pinyin("", false, NULL);
    ck_assert_str_eq(jbk_pinyin_of(0x4E2D), "zhong");
    ck_assert_ptr_null(jbk_pinyin_of('a'));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("keys");
    TCase *tcase = tcase_create("keys");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, kazakh_in_every_script);
    tcase_add_test(tcase, kazakh_however_written);
    tcase_add_test(tcase, kazakh_left_open);
    tcase_add_test(tcase, kazakh_words_stay_apart);
    tcase_add_test(tcase, languages_stay_apart);
    tcase_add_test(tcase, russian_names);
    tcase_add_test(tcase, english_and_uyghur);
    tcase_add_test(tcase, words_without_keys);
    tcase_add_test(tcase, any_word_is_safe);
    tcase_add_test(tcase, pinyin);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
