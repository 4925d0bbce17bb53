/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/keys.h"

#include "base/mem.h"
#include "kk_letters.h"

#include <libstemmer.h>
#include <stdlib.h>

struct jbk_stemmer {
    struct sb_stemmer *russian, *english;
};

jbk_status jbk_stemmer_new(jbk_stemmer **out, jbk_err *err) {
    *out = NULL;
    jbk_stemmer *s = jbk_calloc(1, sizeof *s);
    s->russian = sb_stemmer_new("russian", "UTF_8");
    s->english = sb_stemmer_new("english", "UTF_8");
    if (!s->russian || !s->english) {
        jbk_stemmer_free(s);
        return jbk_fail(err, JBK_INTERNAL, "sb_stemmer_new",
                        "Snowball has no stemmer for Russian or English");
    }
    *out = s;
    return JBK_OK;
}

void jbk_stemmer_free(jbk_stemmer *s) {
    if (!s) return;
    sb_stemmer_delete(s->russian);
    sb_stemmer_delete(s->english);
    free(s);
}

static bool snowball(struct sb_stemmer *stemmer, const char *word, size_t len, jbk_key *out) {
    const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, (int)len);
    if (!stem) jbk_out_of_memory();
    out->len = (uint8_t)sb_stemmer_length(stemmer);
    memcpy(out->bytes, stem, out->len);
    return true;
}

bool jbk_script_key(jbk_key_kind kind, const char *word, size_t len, jbk_key *out) {
    kk_word w;
    out->kind = (uint8_t)kind;
    if (!kk_read(word, len, &w)) return false;
    out->len = (uint8_t)kk_key(&w, w.n, out->bytes);
    return out->len != 0;
}

bool jbk_stem(jbk_stemmer *s, jbk_key_kind kind, const char *word, size_t len, jbk_key *out) {
    out->kind = (uint8_t)kind;
    if (kind == JBK_KEY_RU || kind == JBK_KEY_EN)
        return snowball(kind == JBK_KEY_RU ? s->russian : s->english, word, len, out);
    return jbk_script_key(kind, word, len, out);
}

void jbk_keys_of(jbk_stemmer *s, const char *word, size_t len, jbk_keys *out) {
    kk_word w;
    out->n = 0;
    if (!kk_read(word, len, &w)) return;
    if (jbk_stem(s, JBK_KEY_KK, word, len, &out->at[out->n])) out->n++;
    if (w.certain) return;
    jbk_key_kind other = w.script == JBK_SCRIPT_CYRL   ? JBK_KEY_RU
                         : w.script == JBK_SCRIPT_LATN ? JBK_KEY_EN
                                                       : JBK_KEY_UG;
    if (jbk_stem(s, other, word, len, &out->at[out->n])) out->n++;
}
