/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/encoding.h"

#include "base/utf8.h"
#include "encoding_model.h"

#include <stdlib.h>
#include <strings.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

/* A Kazakh code page is windows-1251 but for these bytes; ICU has neither of the two. */
typedef struct {
    uint8_t byte;
    uint16_t cp;
} change;

static const change KZ1048[] = {
    {0x8D, 0x49A}, {0x8E, 0x4BA}, {0x9D, 0x49B}, {0x9E, 0x4BB}, {0xA1, 0x4B0}, {0xA2, 0x4B1},
    {0xA3, 0x4D8}, {0xA5, 0x4E8}, {0xAA, 0x492}, {0xAF, 0x4AE}, {0xB4, 0x4E9}, {0xBA, 0x493},
    {0xBC, 0x4D9}, {0xBD, 0x4A2}, {0xBE, 0x4A3}, {0xBF, 0x4AF}, {0, 0}};
static const change PTCP154[] = {
    {0x80, 0x496}, {0x81, 0x492}, {0x82, 0x4EE}, {0x83, 0x493}, {0x86, 0x4B6}, {0x87, 0x4AE},
    {0x88, 0x4B2}, {0x89, 0x4AF}, {0x8A, 0x4A0}, {0x8B, 0x4E2}, {0x8C, 0x4A2}, {0x8D, 0x49A},
    {0x8E, 0x4BA}, {0x8F, 0x4B8}, {0x90, 0x497}, {0x98, 0x4B3}, {0x99, 0x4B7}, {0x9A, 0x4A1},
    {0x9B, 0x4E3}, {0x9C, 0x4A3}, {0x9D, 0x49B}, {0x9E, 0x4BB}, {0x9F, 0x4B9}, {0xA4, 0x4E8},
    {0xA5, 0x498}, {0xA6, 0x4B0}, {0xAA, 0x4D8}, {0xAD, 0x4EF}, {0xAF, 0x49C}, {0xB1, 0x4B1},
    {0xB4, 0x499}, {0xB5, 0x4E9}, {0xBA, 0x4D9}, {0xBD, 0x4AA}, {0xBE, 0x4AB}, {0xBF, 0x49D},
    {0, 0}};

struct jbk_encoding {
    const char *name;
    const char *icu;       /* what ICU calls it */
    const change *changes; /* to windows-1251 */
    const char *labels;    /* others than the name, blanks around each */
    /* SELDOM: as likely as another is not enough. */
    enum { NEVER, ALWAYS, SELDOM } guess;
};

/* Where readings are equally likely, the earlier one is meant. */
static const jbk_encoding TABLE[] = {
    {"UTF-8", "UTF-8", NULL, " utf8 unicode-1-1-utf-8 x-unicode20utf8 utf_8 ascii us-ascii ",
     ALWAYS},
    {"UTF-16LE", "UTF-16LE", NULL, " utf-16 utf16 utf16le unicode ucs-2 iso-10646-ucs-2 csunicode ",
     SELDOM},
    {"UTF-16BE", "UTF-16BE", NULL, " utf16be unicodefffe ", SELDOM},
    {"UTF-32LE", "UTF-32LE", NULL, " utf-32 utf32 ", NEVER},
    {"UTF-32BE", "UTF-32BE", NULL, " utf32be ", NEVER},
    {"GB18030", "gb18030", NULL,
     " gbk gb2312 gb_2312 gb_2312-80 x-gbk cp936 936 ms936 windows-936 euc-cn euccn chinese "
     "csgb2312 "
     "iso-ir-58 csiso58gb231280 gb2312-80 gb-18030 gb_18030 gb18030-2000 gb18030-2005 "
     "gb18030-2022 ",
     ALWAYS},
    {"Big5", "Big5", NULL, " big5-eten cn-big5 x-x-big5 csbig5 cp950 950 windows-950 ms950 ",
     ALWAYS},
    {"Big5-HKSCS", "ibm-1375", NULL, " big5hkscs big5-hk ", SELDOM},
    {"windows-1251", "windows-1251", NULL, " cp1251 x-cp1251 win-1251 win1251 cp-1251 1251 ",
     ALWAYS},
    {"KOI8-R", "KOI8-R", NULL, " koi koi8 koi8_r cskoi8r ", ALWAYS},
    {"KOI8-U", "KOI8-U", NULL, " koi8-ru koi8_u ", NEVER},
    {"IBM866", "ibm-866", NULL, " 866 cp866 ibm-866 csibm866 dos-866 ", ALWAYS},
    {"ISO-8859-5", "ISO-8859-5", NULL,
     " cyrillic iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 iso-ir-144 csisolatincyrillic ",
     ALWAYS},
    {"x-mac-cyrillic", "x-mac-cyrillic", NULL, " mac-cyrillic maccyrillic x-mac-ukrainian ",
     SELDOM},
    {"IBM855", "ibm-855", NULL, " 855 cp855 ibm-855 csibm855 ", SELDOM},
    {"KZ-1048", "windows-1251", KZ1048, " kz1048 rk1048 strk1048-2002 cskz1048 ", ALWAYS},
    {"PTCP154", "windows-1251", PTCP154, " pt154 cp154 cyrillic-asian csptcp154 ", SELDOM},
    {"EUC-TW", "EUC-TW", NULL, " euctw x-euc-tw cns11643 ", SELDOM},
    {"windows-1252", "windows-1252", NULL,
     " cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 latin1 latin-1 l1 "
     "iso-ir-100 csisolatin1 cp819 ibm819 ansi_x3.4-1968 ",
     ALWAYS},
    {"windows-1254", "windows-1254", NULL, " cp1254 iso-8859-9 latin5 iso8859-9 ", NEVER},
    {"windows-1256", "windows-1256", NULL, " cp1256 x-cp1256 ", ALWAYS},
    {"ISO-8859-6", "ISO-8859-6", NULL, " arabic iso8859-6 ", NEVER},
    {"Shift_JIS", "windows-31j", NULL, " sjis shift-jis x-sjis ms_kanji csshiftjis windows-31j ",
     ALWAYS},
    {"EUC-JP", "EUC-JP", NULL, " eucjp x-euc-jp cseucpkdfmtjapanese ", ALWAYS},
    {"EUC-KR", "windows-949", NULL, " euckr ks_c_5601-1987 korean cp949 windows-949 cseuckr ",
     ALWAYS},
    {"ISO-2022-JP", "ISO-2022-JP", NULL, " csiso2022jp ", NEVER},
    {"HZ-GB-2312", "HZ-GB-2312", NULL, " hz ", NEVER},
};
enum { NTABLE = sizeof TABLE / sizeof *TABLE };

const jbk_encoding *const jbk_utf8_encoding = &TABLE[0];

const char *jbk_encoding_name(const jbk_encoding *e) { return e->name; }

static bool in_list(const char *list, const char *label, size_t len) {
    for (const char *s = list; *s; s++) {
        if (*s == ' ' && !strncasecmp(s + 1, label, len) && s[1 + len] == ' ') return true;
    }
    return false;
}

const jbk_encoding *jbk_encoding_find(const char *label, size_t len) {
    while (len && ((unsigned char)label[len - 1] <= ' ' || strchr("\"';", label[len - 1]))) len--;
    while (len && ((unsigned char)*label <= ' ' || strchr("\"'", *label))) label++, len--;
    if (!len || len > 40 || memchr(label, ' ', len) || memchr(label, '\0', len)) return NULL;
    for (size_t i = 0; i < NTABLE; i++) {
        const jbk_encoding *e = &TABLE[i];
        bool named = strlen(e->name) == len && !strncasecmp(e->name, label, len);
        if (named || in_list(e->labels, label, len)) return e;
    }
    return NULL;
}

static const jbk_encoding *by_name(const char *name) {
    return jbk_encoding_find(name, strlen(name));
}

const jbk_encoding *jbk_encoding_bom(const char *s, size_t len, size_t *mark) {
    *mark = 3;
    if (len >= 3 && !memcmp(s, "\xEF\xBB\xBF", 3)) return jbk_utf8_encoding;
    *mark = 4;
    if (len >= 4 && !memcmp(s, "\xFF\xFE\0\0", 4)) return by_name("UTF-32LE");
    if (len >= 4 && !memcmp(s, "\0\0\xFE\xFF", 4)) return by_name("UTF-32BE");
    if (len >= 4 && !memcmp(s, "\x84\x31\x95\x33", 4)) return by_name("GB18030");
    *mark = 2;
    if (len >= 2 && !memcmp(s, "\xFF\xFE", 2)) return by_name("UTF-16LE");
    if (len >= 2 && !memcmp(s, "\xFE\xFF", 2)) return by_name("UTF-16BE");
    *mark = 0;
    return NULL;
}

/* --- conversion --- */

struct jbk_decoder {
    const jbk_encoding *encoding;
    UConverter *from, *to;
    UChar pivot[1024], *pivot_read, *pivot_write;
    uint64_t bad;
    bool begun;
};

static void on_bad(const void *context, UConverterToUnicodeArgs *args, const char *bytes,
                   int32_t len, UConverterCallbackReason reason, UErrorCode *e) {
    static const UChar MARK[] = {JBK_REPLACEMENT};
    jbk_decoder *d = (jbk_decoder *)(uintptr_t)context;
    if (reason > UCNV_IRREGULAR) return; /* reset, close, clone */
    *e = U_ZERO_ERROR;
    d->bad++;
    ucnv_cbToUWriteUChars(args, MARK, 1, 0, e);
    (void)bytes, (void)len;
}

jbk_status jbk_decoder_new(const jbk_encoding *encoding, jbk_decoder **out, jbk_err *err) {
    UErrorCode e = U_ZERO_ERROR;
    jbk_decoder *d = jbk_calloc(1, sizeof *d);
    *out = NULL;
    d->encoding = encoding;
    d->pivot_read = d->pivot_write = d->pivot;
    d->from = ucnv_open(encoding->icu, &e);
    d->to = ucnv_open("UTF-8", &e);
    if (U_SUCCESS(e)) ucnv_setToUCallBack(d->from, on_bad, d, NULL, NULL, &e);
    if (U_FAILURE(e)) {
        jbk_decoder_free(d);
        return jbk_fail(err, JBK_INTERNAL, "ucnv_open", "ICU cannot convert %s: %s", encoding->name,
                        u_errorName(e));
    }
    *out = d;
    return JBK_OK;
}

void jbk_decoder_free(jbk_decoder *d) {
    if (!d) return;
    if (d->from) ucnv_close(d->from);
    if (d->to) ucnv_close(d->to);
    free(d);
}

uint64_t jbk_decoder_bad(const jbk_decoder *d) { return d->bad; }

static void add_bytes(jbk_decoder *d, const char *bytes, size_t len, bool last, jbk_buf *out) {
    const char *s = bytes, *end = bytes + len;
    for (;;) {
        jbk_buf_reserve(out, len * 2 + 64);
        char *target = out->data + out->len;
        UErrorCode e = U_ZERO_ERROR;
        ucnv_convertEx(d->to, d->from, &target, out->data + out->cap, &s, end, d->pivot,
                       &d->pivot_read, &d->pivot_write, d->pivot + 1024, false, last, &e);
        out->len = (size_t)(target - out->data);
        if (e != U_BUFFER_OVERFLOW_ERROR) break;
    }
    if (!last) return;
    ucnv_reset(d->from);
    ucnv_reset(d->to);
    d->pivot_read = d->pivot_write = d->pivot;
}

/* The code page's own letters by hand; one byte is one character, so it may be cut anywhere. */
static void add_changed(jbk_decoder *d, const char *bytes, size_t len, bool last, jbk_buf *out) {
    const change *by_byte[256] = {0};
    for (const change *c = d->encoding->changes; c->byte; c++) by_byte[c->byte] = c;
    size_t from = 0;
    for (size_t i = 0; i < len; i++) {
        const change *c = by_byte[(uint8_t)bytes[i]];
        if (!c) continue;
        add_bytes(d, bytes + from, i - from, true, out);
        jbk_utf8_put(out, c->cp);
        from = i + 1;
    }
    add_bytes(d, bytes + from, len - from, last, out);
}

void jbk_decoder_add(jbk_decoder *d, const char *bytes, size_t len, bool last, jbk_buf *out) {
    size_t start = out->len;
    if (d->encoding->changes)
        add_changed(d, bytes, len, last, out);
    else
        add_bytes(d, bytes, len, last, out);
    if (!d->begun && out->len > start) {
        if (out->len - start >= 3 && !memcmp(out->data + start, "\xEF\xBB\xBF", 3)) {
            memmove(out->data + start, out->data + start + 3, out->len - start - 3);
            out->len -= 3;
        }
        d->begun = true;
    }
    if (last) d->begun = false;
}

uint64_t jbk_encoding_convert(const jbk_encoding *e, const char *bytes, size_t len, jbk_buf *out) {
    jbk_decoder *d;
    if (e == jbk_utf8_encoding) {
        if (len >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) bytes += 3, len -= 3;
        uint64_t bad = jbk_utf8_count_bad(bytes, len);
        if (bad)
            jbk_utf8_repair(bytes, len, out);
        else
            jbk_buf_add(out, bytes, len);
        return bad;
    }
    if (jbk_decoder_new(e, &d, NULL)) jbk_out_of_memory(); /* it is in the table */
    jbk_decoder_add(d, bytes, len, true, out);
    uint64_t bad = jbk_decoder_bad(d);
    jbk_decoder_free(d);
    return bad;
}

/* --- detection --- */

/* Not controls, private use, surrogates and what is not assigned. */
#define TEXT_TYPES                                                                                 \
    (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK | U_GC_P_MASK | U_GC_S_MASK | U_GC_Z_MASK |           \
     U_GC_CF_MASK)

typedef struct {
    const char *bytes;
    size_t len;
    bool more;
    jbk_buf scratch;
} sample;

/* Without a character that goes on behind the end. */
static size_t whole_utf8(const char *s, size_t len) {
    size_t at = len;
    for (int i = 0; i < 3 && at; i++) {
        if (!jbk_utf8_is_start(s[--at])) continue;
        return jbk_utf8_len((unsigned char)s[at]) > len - at ? at : len;
    }
    return len;
}

static double likelihood(sample *s, const jbk_encoding *e) {
    s->scratch.len = 0;
    if (e == jbk_utf8_encoding) {
        size_t len = s->more ? whole_utf8(s->bytes, s->len) : s->len;
        jbk_utf8_repair(s->bytes, len, &s->scratch);
    } else {
        jbk_decoder *d;
        if (jbk_decoder_new(e, &d, NULL)) return -1e300;
        jbk_decoder_add(d, s->bytes, s->len, !s->more, &s->scratch);
        jbk_decoder_free(d);
    }
    return jbk_text_likelihood(s->scratch.data, s->scratch.len);
}

static const jbk_encoding *most_likely(sample *s, double *best) {
    const jbk_encoding *found = jbk_utf8_encoding;
    *best = likelihood(s, found);
    for (size_t i = 1; i < NTABLE; i++) {
        const jbk_encoding *e = &TABLE[i];
        if (e->guess == NEVER) continue;
        double p = likelihood(s, e) - (e->guess == SELDOM ? 4 : 0);
        if (p <= *best) continue;
        *best = p;
        found = e;
    }
    return found;
}

/* Is there a well-formed sequence? */
static bool has_utf8(const char *s, size_t len) {
    for (size_t i = 0; i < len;) {
        bool ascii = jbk_utf8_ascii(s[i]);
        if (jbk_utf8_next(s, len, &i) != JBK_REPLACEMENT && !ascii) return true;
    }
    return false;
}

/* Lines with more than ASCII that are well-formed throughout, one of them with so many bytes that
 * go on a character that chance does not make them, or so many well-formed sequences to so few
 * others, are no accident in any other encoding. */
static bool is_utf8_with_faults(const char *s, size_t len) {
    enum { FEW = 4, NO_CHANCE = 6 }; /* each fits by chance in one of eight at most */
    size_t good = 0, bad = 0, good_lines = 0, lines = 0;
    bool sure_line = false;
    for (size_t i = 0; i < len;) {
        size_t line_good = 0, line_bad = 0, going_on = 0;
        while (i < len && s[i] != '\n') {
            if (jbk_utf8_ascii(s[i])) {
                i++;
                continue;
            }
            size_t start = i;
            bool replaced = jbk_utf8_next(s, len, &i) == JBK_REPLACEMENT;
            line_bad += replaced;
            line_good += !replaced;
            if (!replaced) going_on += i - start - 1;
        }
        i++;
        good += line_good;
        bad += line_bad;
        lines += line_good || line_bad;
        good_lines += line_good >= FEW && !line_bad;
        sure_line |= going_on >= NO_CHANCE && !line_bad;
    }
    return (good >= 8 && bad * 8 <= good) ||
           ((good_lines >= 2 || sure_line) && good_lines * 4 >= lines);
}

static bool is_text(const char *s, size_t len) {
    for (size_t i = 0; i < len;) {
        UChar32 cp = (UChar32)jbk_utf8_next(s, len, &i);
        bool blank = cp == '\t' || cp == '\n' || cp == '\r' || cp == '\f' || cp == 0xFEFF;
        if (!blank && (cp == JBK_REPLACEMENT || !(U_MASK(u_charType(cp)) & TEXT_TYPES)))
            return false;
    }
    return true;
}

const jbk_encoding *jbk_encoding_wide(const char *bytes, size_t len) {
    static const char *const WIDE[] = {"UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE"};
    const jbk_encoding *found = NULL;
    sample s = {
        .bytes = bytes, .len = len < JBK_ENCODING_SAMPLE ? len : JBK_ENCODING_SAMPLE, .more = true};
    double best = likelihood(&s, jbk_utf8_encoding); /* ASCII in twos can be rare Han */
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++) {
        const jbk_encoding *e = by_name(WIDE[i]);
        double p = likelihood(&s, e);
        if (p <= best || !s.scratch.len || !is_text(s.scratch.data, s.scratch.len)) continue;
        found = e;
        best = p;
    }
    jbk_buf_free(&s.scratch);
    return found;
}

/* Two bytes that may be a mark are one where what follows is UTF-16. */
static bool is_utf16(sample *s, const jbk_encoding *e) {
    return likelihood(s, e) > likelihood(s, jbk_utf8_encoding) - 40;
}

const jbk_encoding *jbk_encoding_detect(const char *bytes, size_t len, bool more,
                                        const jbk_encoding *declared) {
    size_t mark, high = 0, all = more ? whole_utf8(bytes, len) : len;
    const jbk_encoding *e = jbk_encoding_bom(bytes, len, &mark);
    if (len > JBK_ENCODING_SAMPLE) len = JBK_ENCODING_SAMPLE, more = true;
    sample s = {.bytes = bytes, .len = len, .more = more};
    if (e && mark == 2 && !is_utf16(&s, e)) e = NULL;
    if (e) goto out;
    for (size_t i = 0; i < len; i++) high += !jbk_utf8_ascii(bytes[i]);
    bool nuls = len && memchr(bytes, '\0', len);
    if (nuls && (e = jbk_encoding_wide(bytes, len))) goto out;
    if (!high && !nuls) { /* escape sequences are ASCII; so are UTF-16's NULs beside letters */
        e = declared ? declared : jbk_utf8_encoding;
        goto out;
    }
    double best = 0;
    size_t whole = more ? whole_utf8(bytes, len) : len;
    bool utf8 = !nuls && !jbk_utf8_count_bad(bytes, whole);
    bool faulty = !utf8 && is_utf8_with_faults(bytes, all);
    e = utf8 || faulty ? jbk_utf8_encoding : most_likely(&s, &best);
    /* So few bytes contradict nothing, unless none of them is right. */
    bool hopeless = declared == jbk_utf8_encoding && high >= 4 && !has_utf8(bytes, whole);
    if (declared && high < 8 && !nuls && !utf8 && !hopeless) e = declared;
    if (declared && e != declared && !faulty) {
        if (utf8) best = likelihood(&s, e);
        double margin = utf8 ? 0 : 40 + 0.3 * (double)(high + (nuls ? len : 0));
        if (likelihood(&s, declared) > best - margin) e = declared;
    }
out:
    jbk_buf_free(&s.scratch);
    return e;
}
