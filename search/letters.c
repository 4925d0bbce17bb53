/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "letters.h"

#include "base/utf8.h"

#include <stdlib.h>

void jbk_letters_read(jbk_folded *folded, jbk_str s, jbk_letters *out) {
    out->cp.n = out->at.n = 0;
    folded->utf8_only = true;
    jbk_fold(folded, s.s, s.len);
    size_t len = folded->utf8.len;
    jbk_vec_reserve(&out->cp, len);
    jbk_vec_reserve(&out->at, len);
    out->cp.n = jbk_fold_letters(folded->utf8.data, len, out->cp.at, out->at.at);
    out->at.n = out->cp.n;
}

void jbk_letters_free(jbk_letters *l) {
    jbk_vec_free(&l->cp);
    jbk_vec_free(&l->at);
}

jbk_str jbk_letters_source(const jbk_letters *l, const jbk_folded *folded, jbk_str s, size_t from,
                           size_t to) {
    size_t start, end, last;
    if (from >= to) return (jbk_str){s.s, 0};
    size_t at = l->at.at[to - 1];
    last = at + jbk_utf8_len((unsigned char)folded->utf8.data[at]);
    jbk_fold_source(folded, l->at.at[from], last, &start, &end);
    return (jbk_str){s.s + start, end - start};
}
