/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/reason.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

typedef enum { IS, HAS, HTTP } how;

typedef struct {
    how how;
    int status;
    char *text; /* normalised; of HTTP the code */
    size_t len;
} reason;

struct jbk_reasons {
    JBK_VEC(reason) list; /* later ones first in rank */
};

/* data/reasons.tsv, embedded by the build. */
extern const unsigned char jbk_reasons_table[];

/* ASCII letters small, runs of white space one blank, none at the ends, nor a full stop. */
static void normalise(const char *s, size_t len, jbk_buf *out) {
    static const char STOP[] = "。";
    out->len = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        bool white = c == ' ' || (c >= '\t' && c <= '\r');
        if (white && (!out->len || out->data[out->len - 1] == ' ')) continue;
        jbk_buf_byte(out, white ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
    }
    for (;;) {
        if (out->len && (out->data[out->len - 1] == ' ' || out->data[out->len - 1] == '.'))
            out->len--;
        else if (out->len >= 3 && !memcmp(out->data + out->len - 3, STOP, 3))
            out->len -= 3;
        else
            return;
    }
}

static bool parse_how(const char *s, size_t len, how *out) {
    static const char *const NAMES[] = {"is", "has", "http"};
    for (int i = 0; i < 3; i++) {
        if (strlen(NAMES[i]) != len || memcmp(NAMES[i], s, len) != 0) continue;
        *out = (how)i;
        return true;
    }
    return false;
}

/* "status TAB how TAB text"; what is wrong with it, or NULL. */
static const char *add_line(jbk_reasons *r, const char *s, size_t len) {
    if (len && s[len - 1] == '\r') len--;
    if (!len || *s == '#') return NULL;
    const char *tab = memchr(s, '\t', len), *end = s + len;
    const char *next = tab ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) : NULL;
    reason one = {0};
    if (!next) return "three columns are due, parted by tabs";
    one.status = jbk_status_find(s, (size_t)(tab - s));
    if (one.status <= JBK_STATUS_UNKNOWN) return "the first column is no status";
    if (!parse_how(tab + 1, (size_t)(next - tab - 1), &one.how))
        return "the second column is neither is, has nor http";
    jbk_buf text = {0};
    normalise(next + 1, (size_t)(end - next - 1), &text);
    one.len = text.len;
    one.text = text.len ? jbk_strndup(text.data, text.len) : NULL;
    jbk_buf_free(&text);
    if (!one.text) return "the third column is empty";
    jbk_vec_push(&r->list, one);
    return NULL;
}

/* Number of the line that is wrong, 0 where none is. */
static size_t add_table(jbk_reasons *r, const char *s, size_t len, const char **wrong) {
    size_t line = 1;
    if (len >= 3 && !memcmp(s, "\xEF\xBB\xBF", 3)) s += 3, len -= 3;
    for (size_t i = 0; i < len; line++) {
        const char *nl = memchr(s + i, '\n', len - i);
        size_t n = nl ? (size_t)(nl - s) - i : len - i;
        *wrong = add_line(r, s + i, n);
        if (*wrong) return line;
        i += n + 1;
    }
    return 0;
}

jbk_reasons *jbk_reasons_new(void) {
    jbk_reasons *r = jbk_calloc(1, sizeof *r);
    const char *table = (const char *)jbk_reasons_table, *wrong;
    (void)add_table(r, table, strlen(table), &wrong);
    return r;
}

void jbk_reasons_free(jbk_reasons *r) {
    if (!r) return;
    for (size_t i = 0; i < r->list.n; i++) free(r->list.at[i].text);
    jbk_vec_free(&r->list);
    free(r);
}

jbk_status jbk_reasons_add_file(jbk_reasons *r, const char *path, jbk_err *err) {
    FILE *f = fopen(path, "re");
    if (!f) return jbk_fail_sys(err, errno, "fopen", "cannot open %s", path);
    jbk_buf all = {0};
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) jbk_buf_add(&all, block, n);
    jbk_status status =
        ferror(f) ? jbk_fail_sys(err, errno, "fread", "cannot read %s", path) : JBK_OK;
    fclose(f);
    const char *wrong;
    size_t line = status ? 0 : add_table(r, all.data, all.len, &wrong);
    if (line)
        status = jbk_fail(err, JBK_USAGE, "reasons", "%s, line %zu: %s", path, line, wrong);
    jbk_buf_free(&all);
    return status;
}

/* The whole message before a part of it, a longer part before a shorter, later lines before
 * earlier. */
int jbk_reasons_find(const jbk_reasons *r, const char *message, size_t len) {
    jbk_buf m = {0};
    int status = -1;
    size_t longest = 0;
    normalise(message, len, &m);
    for (size_t i = r->list.n; i-- && m.len;) {
        const reason *one = &r->list.at[i];
        if (one->how == IS && one->len == m.len && !memcmp(one->text, m.data, m.len)) {
            status = one->status;
            break;
        }
        if (one->how != HAS || one->len <= longest || !memmem(m.data, m.len, one->text, one->len))
            continue;
        longest = one->len;
        status = one->status;
    }
    jbk_buf_free(&m);
    return status;
}

int jbk_reasons_find_http(const jbk_reasons *r, unsigned code) {
    char text[16];
    size_t len = (size_t)snprintf(text, sizeof text, "%u", code);
    for (size_t i = r->list.n; i--;) {
        const reason *one = &r->list.at[i];
        if (one->how == HTTP && one->len == len && !memcmp(one->text, text, len))
            return one->status;
    }
    return -1;
}
