/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_page.h"

#include "html_main.h"
#include "html_meta.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The encoding that the page's head declares: <meta charset=...>, or the content type, or an XML
 * declaration. */
static const jbk_encoding *declared_in(const char *s, size_t len) {
    if (len > 4096) len = 4096;
    for (size_t i = 0; i + 9 < len; i++) {
        size_t skip = 0;
        if (!strncasecmp(s + i, "charset", 7)) skip = 7;
        if (!strncasecmp(s + i, "encoding", 8) && i < 100) skip = 8;
        if (!skip) continue;
        size_t at = i + skip;
        while (at < len && strchr(" \t\r\n", s[at])) at++;
        if (at == len || s[at] != '=') continue;
        at++;
        while (at < len && strchr(" \t\r\n\"'", s[at])) at++;
        size_t n = 0;
        while (at + n < len && !strchr(" \t\r\n\"'>/;?", s[at + n])) n++;
        const jbk_encoding *e = jbk_encoding_find(s + at, n);
        /* A page that could be read so far is not UTF-16, whatever it says. */
        if (e && !strncmp(jbk_encoding_name(e), "UTF-", 4)) e = jbk_utf8_encoding;
        if (e) return e;
    }
    return NULL;
}

static jbk_str keep(jbk_arena *arena, const char *s, size_t len) {
    while (len && strchr(" \t\r\n", *s)) s++, len--;
    while (len && strchr(" \t\r\n", s[len - 1])) len--;
    return len ? (jbk_str){jbk_arena_dup(arena, s, len), len} : (jbk_str){NULL, 0};
}

static jbk_str keep_cstr(jbk_arena *arena, const char *s) {
    return s ? keep(arena, s, strlen(s)) : (jbk_str){NULL, 0};
}

/* --- the title --- */

/* What stands between a title and the name of the site: a border with blanks, or one of the
 * signs that Chinese sites set without. */
static const char *const BORDERS[] = {" | ", " - ", " — ", " – ", " :: ", " » ", "_", "|", "--"};

/* The start of the last part of the title, behind the last border, whose length goes to
 * *border; 0 where there is one part. */
static size_t last_part(const char *title, size_t len, size_t *border) {
    for (size_t at = len; at > 1; at--) {
        for (size_t i = 0; i < sizeof BORDERS / sizeof *BORDERS; i++) {
            *border = strlen(BORDERS[i]);
            if (at > *border && !strncmp(title + at - *border, BORDERS[i], *border)) return at;
        }
    }
    return 0;
}

/* The length of `title` without the name of the site behind it: `site`, or where that is not known
 * what is much shorter than the rest. */
static size_t without_site(const char *title, const char *site) {
    size_t len = strlen(title), at, border;
    while ((at = last_part(title, len, &border))) {
        size_t part = len - at, front = at - border;
        bool named = site && part <= strlen(site) && !strncmp(site, title + at, part);
        if (!named && (site || part * 2 > front)) break;
        len = front;
    }
    return len;
}

/* The heading on the page where the head's title holds it; else what the head says. */
static jbk_str choose_title(const jbk_html_meta *m, const jbk_buf *heading, jbk_arena *arena) {
    const char *titles[] = {m->og_title, m->headline, m->title};
    for (size_t i = 0; heading->len && i < 3; i++)
        if (titles[i] && memmem(titles[i], strlen(titles[i]), heading->data, heading->len) &&
            heading->len * 3 >= strlen(titles[i]))
            return keep(arena, heading->data, heading->len);
    if (m->og_title)
        return keep(arena, m->og_title, without_site(m->og_title, m->site ? m->site : ""));
    if (m->headline) return keep_cstr(arena, m->headline);
    if (heading->len) return keep(arena, heading->data, heading->len);
    if (m->title) return keep(arena, m->title, without_site(m->title, m->site));
    return (jbk_str){NULL, 0};
}

/* --- the language --- */

/* "ru-RU" and "zh_CN" as the language alone; what sites write for Kazakh and Uyghur put right. */
static jbk_str language(const char *s, jbk_arena *arena) {
    size_t n = s ? strcspn(s, "-_, ;") : 0;
    if (n < 2 || n > 3) return (jbk_str){NULL, 0};
    static const char *const WRONG[][2] = {{"kz", "kk"},  {"kaz", "kk"}, {"uy", "ug"},
                                           {"uig", "ug"}, {"rus", "ru"}, {"eng", "en"},
                                           {"cn", "zh"},  {"chi", "zh"}, {"zho", "zh"}};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++)
        if (strlen(WRONG[i][0]) == n && !strncasecmp(s, WRONG[i][0], n))
            return keep(arena, WRONG[i][1], 2);
    jbk_str out = keep(arena, s, n);
    char *c = (char *)(uintptr_t)out.s;
    for (size_t i = 0; i < out.len; i++) c[i] = (char)(c[i] | 32);
    return out;
}

const char *jbk_html_page_read(const char *bytes, size_t len, const jbk_encoding *declared,
                               jbk_arena *arena, jbk_html_page *out) {
    *out = (jbk_html_page){0};
    if (len > JBK_HTML_BYTES_MAX) return "larger than 32 MiB";
    if (!declared) declared = declared_in(bytes, len);
    out->encoding = jbk_encoding_detect(bytes, len, false, declared);
    jbk_buf utf8 = {0};
    out->bad = jbk_encoding_convert(out->encoding, bytes, len, &utf8);
    jbk_html_tree tree;
    const char *problem = jbk_html_parse(utf8.data, utf8.len, &tree);
    jbk_buf_free(&utf8);
    if (!problem) {
        jbk_html_meta m;
        jbk_html_main_text main = {0};
        jbk_html_meta_read(&tree, &m);
        jbk_html_clues clues = {{m.og_title, m.headline, m.title, NULL}, m.description};
        jbk_html_main(&tree, &clues, &main);
        out->text = keep(arena, main.text.data ? main.text.data : "", main.text.len);
        out->title = choose_title(&m, &main.heading, arena);
        out->published = keep_cstr(arena, m.published);
        if (!m.published && main.dateline.len)
            out->published =
                keep_cstr(arena, jbk_html_date_in(main.dateline.data, main.dateline.len, arena));
        out->author = keep_cstr(arena, m.author);
        out->section = keep_cstr(arena, m.section);
        out->site = keep_cstr(arena, m.site);
        out->url = keep_cstr(arena, m.url);
        out->tags = keep_cstr(arena, m.tags);
        out->lang = language(m.lang, arena);
        jbk_html_main_free(&main);
    }
    jbk_html_tree_free(&tree);
    return problem;
}
