/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html_meta.h"

#include "base/time.h"
#include "html_words.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* A value and how far it is trusted: the lowest rank wins, then the first. */
typedef struct {
    const char *s;
    int rank;
} found;

typedef enum {
    OG_TITLE,
    HEADLINE,
    TITLE,
    DESCRIPTION,
    PUBLISHED,
    AUTHOR,
    SECTION,
    SITE,
    URL,
    LANG,
    KINDS
} kind;

typedef struct {
    jbk_html_tree *tree;
    found best[KINDS];
    JBK_VEC(const char *) tags;
} reader;

static const char *trimmed(reader *r, const char *s) {
    while (*s && strchr(" \t\r\n", *s)) s++;
    size_t len = strlen(s);
    while (len && strchr(" \t\r\n", s[len - 1])) len--;
    return len ? jbk_arena_dup(&r->tree->arena, s, len) : NULL;
}

static bool is_date(const char *s) {
    jbk_time t;
    return jbk_time_parse(s, strlen(s), 0, &t) && t.precision >= JBK_PREC_DAY;
}

static bool is_url(const char *s) {
    return !strncasecmp(s, "http://", 7) || !strncasecmp(s, "https://", 8);
}

static void offer(reader *r, kind k, const char *value, int rank) {
    found *f = &r->best[k];
    if (!value || (f->s && f->rank <= rank)) return;
    const char *s = trimmed(r, value);
    if (!s || strlen(s) > 4000) return;
    if (k == PUBLISHED && !is_date(s)) return;
    if (k == AUTHOR && (is_url(s) || strlen(s) > 200)) return;
    if (k == URL && !is_url(s)) return;
    *f = (found){s, rank};
}

static void offer_tags(reader *r, const char *s) {
    static const char *const COMMAS[] = {"\xEF\xBC\x8C", "\xE3\x80\x81", "\xD8\x8C"};
    while (s && *s && r->tags.n < 100) {
        size_t n = strcspn(s, ",;"), gap = s[n] ? 1 : 0;
        for (size_t i = 0; i < 3; i++) { /* the commas of other scripts */
            const char *c = strstr(s, COMMAS[i]);
            if (c && (size_t)(c - s) < n) n = (size_t)(c - s), gap = 3;
        }
        char *part = jbk_arena_dup(&r->tree->arena, s, n);
        const char *tag = trimmed(r, part);
        if (tag && strlen(tag) <= 200 && !strchr(tag, JBK_SET_SEP)) jbk_vec_push(&r->tags, tag);
        s += n + gap;
    }
}

/* --- meta elements --- */

static const struct {
    const char *name;
    kind kind;
    int rank;
} METAS[] = {
    {"og:title", OG_TITLE, 0},
    {"twitter:title", OG_TITLE, 1},
    {"og:description", DESCRIPTION, 0},
    {"description", DESCRIPTION, 1},
    {"article:published_time", PUBLISHED, 0},
    {"og:published_time", PUBLISHED, 1},
    {"og:article:published_time", PUBLISHED, 1},
    {"bytedance:published_time", PUBLISHED, 1},
    {"og:release_date", PUBLISHED, 4},
    {"weibo:article:create_at", PUBLISHED, 4},
    {"publishdate", PUBLISHED, 5},
    {"publish_date", PUBLISHED, 5},
    {"publish-date", PUBLISHED, 5},
    {"publish_time", PUBLISHED, 5},
    {"published_time", PUBLISHED, 5},
    {"publication_date", PUBLISHED, 5},
    {"pubdate", PUBLISHED, 5},
    {"sailthru.date", PUBLISHED, 5},
    {"parsely-pub-date", PUBLISHED, 5},
    {"dc.date.issued", PUBLISHED, 5},
    {"dcterms.issued", PUBLISHED, 5},
    {"dc.date", PUBLISHED, 6},
    {"dcterms.created", PUBLISHED, 6},
    {"dcterms.date", PUBLISHED, 6},
    {"citation_publication_date", PUBLISHED, 6},
    {"date", PUBLISHED, 7},
    {"author", AUTHOR, 0},
    {"article:author", AUTHOR, 1},
    {"og:article:author", AUTHOR, 1},
    {"dc.creator", AUTHOR, 3},
    {"dcterms.creator", AUTHOR, 3},
    {"parsely-author", AUTHOR, 3},
    {"sailthru.author", AUTHOR, 3},
    {"mediaid", AUTHOR, 4},
    {"article:section", SECTION, 0},
    {"og:article:section", SECTION, 1},
    {"og:section", SECTION, 1},
    {"parsely-section", SECTION, 3},
    {"section", SECTION, 3},
    {"og:site_name", SITE, 0},
    {"application-name", SITE, 3},
    {"apple-mobile-web-app-title", SITE, 4},
    {"og:url", URL, 1},
    {"og:locale", LANG, 2},
    {"content-language", LANG, 3},
    {"dc.language", LANG, 3},
};

static void read_meta(reader *r, const jbk_html_node *n) {
    const char *content = jbk_html_attr_of(n, "content");
    static const char *const NAMES[] = {"property", "name", "http-equiv"};
    for (size_t k = 0; content && k < 3; k++) {
        const char *name = jbk_html_attr_of(n, NAMES[k]);
        if (!name) continue;
        for (size_t i = 0; i < sizeof METAS / sizeof *METAS; i++)
            if (!strcasecmp(name, METAS[i].name)) offer(r, METAS[i].kind, content, METAS[i].rank);
        if (!strcasecmp(name, "keywords") || !strcasecmp(name, "news_keywords") ||
            !strcasecmp(name, "article:tag") || !strcasecmp(name, "og:article:tag"))
            offer_tags(r, content);
    }
}

/* --- JSON-LD --- */

static const char *string_of(const json_t *v, const char *inner) {
    if (json_is_array(v)) v = json_array_get(v, 0);
    if (json_is_object(v)) v = json_object_get(v, inner);
    if (json_is_array(v)) v = json_array_get(v, 0);
    return json_string_value(v);
}

static bool is_type(const json_t *o, const char *word) {
    const json_t *t = json_object_get(o, "@type");
    if (json_is_string(t)) return strstr(json_string_value(t), word);
    for (size_t i = 0; i < json_array_size(t); i++) {
        const char *s = json_string_value(json_array_get(t, i));
        if (s && strstr(s, word)) return true;
    }
    return false;
}

static void read_ld(reader *r, const json_t *v, int depth) {
    size_t i;
    json_t *child;
    if (depth > 4) return;
    if (json_is_array(v)) json_array_foreach(v, i, child) read_ld(r, child, depth + 1);
    if (!json_is_object(v)) return;
    read_ld(r, json_object_get(v, "@graph"), depth + 1);
    read_ld(r, json_object_get(v, "mainEntity"), depth + 1);
    if (is_type(v, "WebSite")) offer(r, SITE, string_of(json_object_get(v, "name"), "@value"), 2);
    bool article = is_type(v, "Article") || is_type(v, "Posting") || is_type(v, "Report");
    if (!article && !is_type(v, "WebPage")) return;
    int rank = article ? 2 : 4;
    if (article) offer(r, HEADLINE, string_of(json_object_get(v, "headline"), "@value"), 0);
    offer(r, DESCRIPTION, string_of(json_object_get(v, "description"), "@value"), 2);
    offer(r, PUBLISHED, string_of(json_object_get(v, "datePublished"), "@value"), rank);
    offer(r, AUTHOR, string_of(json_object_get(v, "author"), "name"), 1);
    offer(r, SECTION, string_of(json_object_get(v, "articleSection"), "name"), 2);
    offer(r, SITE, string_of(json_object_get(v, "publisher"), "name"), 1);
    offer(r, LANG, string_of(json_object_get(v, "inLanguage"), "name"), 1);
    offer(r, URL, string_of(json_object_get(v, "mainEntityOfPage"), "@id"), 3);
    offer(r, URL, string_of(json_object_get(v, "url"), "@id"), 3);
    const json_t *keywords = json_object_get(v, "keywords");
    if (json_is_string(keywords)) offer_tags(r, json_string_value(keywords));
    json_array_foreach(keywords, i, child) offer_tags(r, json_string_value(child));
}

/* Pages of WeChat say when they were published in a script only: var ct = "1575856320". */
static void read_script_time(reader *r, const char *s, size_t len) {
    static const char *const NAMES[] = {"var ct", "createTimestamp", "publish_time"};
    for (size_t i = 0; i < 3; i++) {
        const char *p = memmem(s, len, NAMES[i], strlen(NAMES[i]));
        if (!p) continue;
        p += strlen(NAMES[i]);
        while (p < s + len && strchr(" =:\"'|", *p)) p++;
        size_t n = 0;
        while (p + n < s + len && n < 40 && p[n] && strchr("0123456789-:/ T+", p[n])) n++;
        char *value = jbk_arena_dup(&r->tree->arena, p, n);
        if (n >= 8) offer(r, PUBLISHED, value, 8);
    }
}

static void read_script(reader *r, const jbk_html_node *n) {
    jbk_buf s = {0};
    for (const jbk_html_node *c = n->first; c; c = c->next) jbk_buf_add(&s, c->text, c->len);
    const char *type = jbk_html_attr_of(n, "type");
    if (type && strcasestr(type, "ld+json")) {
        json_t *v = json_loadb(s.data ? s.data : "", s.len, JSON_DISABLE_EOF_CHECK, NULL);
        read_ld(r, v, 0);
        json_decref(v);
    } else if (s.len) {
        read_script_time(r, s.data, s.len);
    }
    jbk_buf_free(&s);
}

/* --- elements of the body --- */

/* The element's text, in the arena; NULL where it is none or too long. */
static const char *element_text(reader *r, const jbk_html_node *n) {
    jbk_buf b = {0};
    jbk_html_text(n, &b);
    const char *s = b.len && b.len < 1000 ? jbk_arena_dup(&r->tree->arena, b.data, b.len) : NULL;
    jbk_buf_free(&b);
    return s;
}

static const char *prop_value(reader *r, const jbk_html_node *n) {
    const char *v = jbk_html_attr_of(n, "content");
    if (!v) v = jbk_html_attr_of(n, "datetime");
    if (v) return v;
    for (const jbk_html_node *c = n; c; c = jbk_html_next(c, n, false)) {
        const char *prop = jbk_html_attr_of(c, "itemprop");
        if (c != n && c->tag != JBK_TAG_TEXT && prop && !strcmp(prop, "name")) {
            v = jbk_html_attr_of(c, "content");
            return v ? v : element_text(r, c);
        }
    }
    return element_text(r, n);
}

static void read_props(reader *r, const jbk_html_node *n) {
    const char *prop = jbk_html_attr_of(n, "itemprop");
    if (!prop) return;
    static const struct {
        const char *name;
        kind kind;
        int rank;
    } PROPS[] = {{"datePublished", PUBLISHED, 3}, {"dateCreated", PUBLISHED, 7},
                 {"author", AUTHOR, 2},           {"creator", AUTHOR, 3},
                 {"articleSection", SECTION, 3},  {"headline", HEADLINE, 1},
                 {"inLanguage", LANG, 3},         {"description", DESCRIPTION, 3}};
    for (size_t i = 0; i < sizeof PROPS / sizeof *PROPS; i++)
        if (!strcasecmp(prop, PROPS[i].name))
            offer(r, PROPS[i].kind, prop_value(r, n), PROPS[i].rank);
    if (!strcasecmp(prop, "keywords")) offer_tags(r, prop_value(r, n));
}

/* "作者：张三" without what the line calls it. */
static const char *without_label(const char *s) {
    static const char *const LABELS[] = {
        "作者：",   "作者:", "文：", "Автор: ",  "Автор:", "Автор ",
        "Авторы: ", "By ",   "by ",  "Author: ", "Мәтін: "};
    for (size_t i = 0; s && i < sizeof LABELS / sizeof *LABELS; i++)
        if (!strncmp(s, LABELS[i], strlen(LABELS[i]))) return s + strlen(LABELS[i]);
    return s;
}

/* The last link of the way to the page. */
static void read_crumbs(reader *r, const jbk_html_node *n) {
    const jbk_html_node *last = NULL;
    size_t links = 0;
    for (const jbk_html_node *c = n; c; c = jbk_html_next(c, n, false))
        if (c->tag == JBK_TAG_A) last = c, links++;
    if (links > 1 && links < 8) offer(r, SECTION, element_text(r, last), 5);
}

static void read_element(reader *r, const jbk_html_node *n) {
    const char *rel = jbk_html_attr_of(n, "rel");
    if (n->tag == JBK_TAG_META) read_meta(r, n);
    if (n->tag == JBK_TAG_SCRIPT) read_script(r, n);
    if (n->tag == JBK_TAG_TITLE) offer(r, TITLE, element_text(r, n), 0);
    if (n->tag == JBK_TAG_HTML) {
        offer(r, LANG, jbk_html_attr_of(n, "lang"), 0);
        offer(r, LANG, jbk_html_attr_of(n, "xml:lang"), 1);
    }
    if (n->tag == JBK_TAG_LINK && rel && !strcasecmp(rel, "canonical"))
        offer(r, URL, jbk_html_attr_of(n, "href"), 0);
    if (n->tag == JBK_TAG_A && rel && !strcasecmp(rel, "author"))
        offer(r, AUTHOR, element_text(r, n), 5);
    if (n->tag == JBK_TAG_TIME)
        offer(r, PUBLISHED, jbk_html_attr_of(n, "datetime"),
              jbk_html_attr_of(n, "pubdate") || jbk_html_attr_of(n, "itemprop") ? 3 : 9);
    read_props(r, n);
    if (!n->text || n->tag == JBK_TAG_BODY) return;
    unsigned h = jbk_html_hints(n->text, n->len);
    if (h & JBK_HINT_CRUMBS) read_crumbs(r, n);
    bool comment = strcasestr(n->text, "comment") || strcasestr(n->text, "reply");
    if ((h & JBK_HINT_AUTHOR) && !comment) offer(r, AUTHOR, without_label(element_text(r, n)), 6);
    if (strstr(n->text, "js_name")) offer(r, AUTHOR, element_text(r, n), 5); /* WeChat's account */
}

static int compare_strings(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *join_tags(reader *r) {
    jbk_buf b = {0};
    if (!r->tags.n) return NULL;
    qsort(r->tags.at, r->tags.n, sizeof *r->tags.at, compare_strings);
    for (size_t i = 0; i < r->tags.n; i++) {
        if (i && !strcmp(r->tags.at[i], r->tags.at[i - 1])) continue;
        if (i) jbk_buf_byte(&b, JBK_SET_SEP);
        jbk_buf_str(&b, r->tags.at[i]);
    }
    const char *s = jbk_arena_dup(&r->tree->arena, b.data, b.len);
    jbk_buf_free(&b);
    return s;
}

void jbk_html_meta_read(jbk_html_tree *t, jbk_html_meta *out) {
    reader r = {.tree = t};
    for (const jbk_html_node *n = t->root; n; n = jbk_html_next(n, t->root, false))
        if (n->tag != JBK_TAG_TEXT) read_element(&r, n);
    if (t->saved_from) offer(&r, URL, t->saved_from, 4);
    *out = (jbk_html_meta){.og_title = r.best[OG_TITLE].s,
                           .headline = r.best[HEADLINE].s,
                           .title = r.best[TITLE].s,
                           .description = r.best[DESCRIPTION].s,
                           .published = r.best[PUBLISHED].s,
                           .author = r.best[AUTHOR].s,
                           .section = r.best[SECTION].s,
                           .site = r.best[SITE].s,
                           .url = r.best[URL].s,
                           .lang = r.best[LANG].s,
                           .tags = join_tags(&r)};
    jbk_vec_free(&r.tags);
}

/* --- a date in a line --- */

static size_t number(const char *s, size_t len, size_t *i, size_t most) {
    size_t n = 0;
    while (*i < len && n < most && s[*i] >= '0' && s[*i] <= '9') ++*i, ++n;
    return n;
}

static bool sign(const char *s, size_t len, size_t *i, const char *one, const char *other) {
    size_t n = strlen(other);
    if (*i < len && strchr(one, s[*i])) return ++*i, true;
    if (n && len - *i >= n && !memcmp(s + *i, other, n)) return *i += n, true;
    return false;
}

/* hh:mm[:ss] behind a date, with what stands between. */
static void clock_after(const char *s, size_t len, size_t *end) {
    size_t i = *end;
    while (i < len && (s[i] == ' ' || s[i] == ',' || s[i] == 'T')) i++;
    if (!number(s, len, &i, 2) || i == len || s[i] != ':') return;
    i++;
    if (number(s, len, &i, 2) != 2) return;
    size_t minutes = i;
    if (i < len && s[i] == ':' && (i++, number(s, len, &i, 2) == 2)) minutes = i;
    *end = minutes;
}

const char *jbk_html_date_in(const char *s, size_t len, jbk_arena *arena) {
    for (size_t i = 0; i < len; i++) {
        if (s[i] < '0' || s[i] > '9' || (i && s[i - 1] >= '0' && s[i - 1] <= '9')) continue;
        size_t at = i;
        char date[16], *value = NULL;
        if (number(s, len, &at, 4) == 4 && sign(s, len, &at, "-/.", "年")) {
            if (!number(s, len, &at, 2) || !sign(s, len, &at, "-/.", "月")) continue;
            if (!number(s, len, &at, 2)) continue;
            (void)sign(s, len, &at, "", "日");
            size_t end = at;
            clock_after(s, len, &end);
            value = jbk_arena_dup(arena, s + i, end - i);
        } else { /* dd.mm.yyyy, as it is written with points in Russian and Kazakh */
            at = i;
            if (number(s, len, &at, 2) != 2 || !sign(s, len, &at, ".", "")) continue;
            if (number(s, len, &at, 2) != 2 || !sign(s, len, &at, ".", "")) continue;
            if (number(s, len, &at, 4) != 4) continue;
            size_t end = at;
            clock_after(s, len, &end);
            int n = snprintf(date, sizeof date, "%.4s-%.2s-%.2s ", s + i + 6, s + i + 3, s + i);
            if (n < 0 || (size_t)n >= sizeof date) continue;
            value = jbk_arena_alloc(arena, (size_t)n + (end - at) + 1);
            memcpy(value, date, (size_t)n);
            size_t skip = at;
            while (skip < end && (s[skip] == ' ' || s[skip] == ',')) skip++;
            memcpy(value + n, s + skip, end - skip);
            value[(size_t)n + end - skip] = '\0';
        }
        if (is_date(value)) return value;
    }
    return NULL;
}
