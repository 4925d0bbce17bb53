/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/pinyin.h"

#include "base/utf8.h"
#include "pinyin_entry.h"

const char *jbk_pinyin_of(uint32_t cp) {
    size_t low = 0, high = jbk_pinyin_characters;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (jbk_pinyin_table[mid].cp < cp)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == jbk_pinyin_characters || jbk_pinyin_table[low].cp != cp) return NULL;
    return jbk_pinyin_syllables[jbk_pinyin_table[low].syllable];
}

static void add_loose(jbk_buf *out, const char *syllable) {
    size_t len = strlen(syllable);
    if (len > 2 && syllable[len - 1] == 'g' && syllable[len - 2] == 'n') len--;
    jbk_buf_byte(out, syllable[0]);
    size_t i = strchr("zcs", syllable[0]) && syllable[1] == 'h' ? 2 : 1;
    jbk_buf_add(out, syllable + i, len - i);
}

bool jbk_pinyin(const char *word, size_t len, bool loose, jbk_buf *out) {
    size_t start = out->len;
    for (size_t i = 0; i < len;) {
        const char *syllable = jbk_pinyin_of(jbk_utf8_next(word, len, &i));
        if (!syllable) {
            out->len = start;
            return false;
        }
        if (out->len > start) jbk_buf_byte(out, ' ');
        if (loose)
            add_loose(out, syllable);
        else
            jbk_buf_str(out, syllable);
    }
    return out->len > start;
}
