/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ru_stem.h"

#include <stdbool.h>
#include <string.h>

static const char *const HARD[] = {"",   "а",  "у",   "ом", "е",  "ы", "и",
                                   "ов", "ам", "ами", "ах", "ой", NULL};
static const char *const SOFT[] = {"й", "я", "ю", "ем", "е", "и", "ев", "ям", "ями", "ях", NULL};

/* `anywhere`: what stands before the stem does not matter. */
static const struct {
    const char *stem;
    bool anywhere;
    const char *const *endings;
} NAMES[] = {
    /* Snowball takes -ан for a participle and -ах for a case. */
    {"стан", true, HARD},
    {"цзян", true, HARD},
    {"чжан", true, HARD},
    {"сян", true, HARD},
    {"хан", true, HARD},
    {"мусульман", false, HARD},
    {"казах", false, HARD},
    {"дунган", false, HARD},
    {"армян", false, HARD},
    {"иран", false, HARD},
    {"тегеран", false, HARD},
    {"ереван", false, HARD},
    {"астан", false, HARD},
    {"ферган", false, HARD},
    /* It takes -ая for an adjective. */
    {"кита", false, SOFT},
    {"индокита", false, SOFT},
    {"шанха", false, SOFT},
    {"алта", false, SOFT},
    {"аба", false, SOFT},
    {"дуба", false, SOFT},
    {"хано", false, SOFT},
    {"тарбагата", false, SOFT},
};

static bool is_ending(const char *s, size_t len, const char *const *endings) {
    for (; *endings; endings++)
        if (strlen(*endings) == len && !memcmp(*endings, s, len)) return true;
    return false;
}

size_t ru_name_stem(const char *word, size_t len) {
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        size_t n = strlen(NAMES[i].stem);
        for (size_t at = 0; at + n <= len; at += 2) {
            if (!memcmp(word + at, NAMES[i].stem, n) &&
                is_ending(word + at + n, len - at - n, NAMES[i].endings))
                return at + n;
            if (!NAMES[i].anywhere) break;
        }
    }
    return 0;
}

enum { LETTER = 2, SURNAME_MIN = 4 * LETTER }; /* bytes */

size_t ru_surname_stem(const char *stem, size_t len) {
    size_t ov = strlen("ов");
    if (len < ov + SURNAME_MIN) return len;
    const char *end = stem + len - ov;
    return !memcmp(end, "ов", ov) || !memcmp(end, "ев", ov) ? len - ov : len;
}
