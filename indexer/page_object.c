/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_object.h"

#include "base/utf8.h"
#include "html_page.h"
#include "html_tree.h"
#include "warc.h"

#include <stdlib.h>
#include <strings.h>

const char *const jbk_pass_names[JBK_PASSES] = {"other_records", "revisits",    "redirects",
                                                "gone",          "http_errors", "no_text"};

typedef struct {
    jbk_arena *arena;
    json_t **out;
    jbk_page_note *note;
    char **reason;
} job;

static jbk_reject_code refuse(const job *j, jbk_reject_code code, const char *why) {
    *j->reason = jbk_arena_dup(j->arena, why, strlen(why));
    return code;
}

static jbk_reject_code pass(const job *j, jbk_pass what) {
    j->note->pass = what;
    return JBK_REJ_NONE;
}

static void set(json_t *o, const char *key, jbk_str s) {
    if (!s.len) return;
    jbk_buf b = {0};
    jbk_utf8_repair(s.s, s.len, &b);
    json_object_set_new(o, key, json_stringn(b.data, b.len));
    jbk_buf_free(&b);
}

static void set_tags(json_t *o, jbk_str tags) {
    if (!tags.len) return;
    json_t *list = json_array();
    for (size_t i = 0; i <= tags.len;) {
        const char *end = memchr(tags.s + i, JBK_SET_SEP, tags.len - i);
        size_t n = end ? (size_t)(end - tags.s) - i : tags.len - i;
        json_array_append_new(list, json_stringn(tags.s + i, n));
        i += n + 1;
    }
    json_object_set_new(o, "tags", list);
}

static jbk_reject_code from_html(const job *j, const char *s, size_t len,
                                 const jbk_encoding *declared) {
    jbk_html_page p;
    const char *problem = jbk_html_page_read(s, len, declared, j->arena, &p);
    if (problem)
        return refuse(j, len > JBK_HTML_BYTES_MAX ? JBK_REJ_TOO_LONG : JBK_REJ_HTML, problem);
    json_t *o = *j->out = json_object();
    set(o, "url", p.url);
    set(o, "title", p.title);
    set(o, "text", p.text);
    set(o, "published_at", p.published);
    set(o, "author", p.author);
    set(o, "section", p.section);
    set(o, "site", p.site);
    set(o, "x.html_lang", p.lang);
    set_tags(o, p.tags);
    if (p.encoding != jbk_utf8_encoding)
        json_object_set_new(o, "x.encoding", json_string(jbk_encoding_name(p.encoding)));
    j->note->bad = p.bad;
    return JBK_REJ_NONE;
}

static jbk_reject_code from_text(const job *j, const char *s, size_t len,
                                 const jbk_encoding *declared) {
    jbk_buf b = {0};
    const jbk_encoding *e = jbk_encoding_detect(s, len, false, declared);
    j->note->bad = jbk_encoding_convert(e, s, len, &b);
    json_t *o = *j->out = json_object();
    set(o, "text", (jbk_str){b.data, b.len});
    if (e != jbk_utf8_encoding)
        json_object_set_new(o, "x.encoding", json_string(jbk_encoding_name(e)));
    jbk_buf_free(&b);
    return JBK_REJ_NONE;
}

static bool is(jbk_str s, const char *word) {
    return s.len == strlen(word) && !strncasecmp(s.s, word, s.len);
}

/* A page whose type is not said. */
static bool looks_like_html(const char *s, size_t len) {
    static const char ROOT[] = "<html", DOCTYPE[] = "<!doctype html";
    if (len > 1024) len = 1024;
    for (size_t i = 0; i + sizeof ROOT <= len; i++) {
        bool room = len - i >= sizeof DOCTYPE - 1;
        if (!strncasecmp(s + i, ROOT, sizeof ROOT - 1)) return true;
        if (room && !strncasecmp(s + i, DOCTYPE, sizeof DOCTYPE - 1)) return true;
    }
    return false;
}

static jbk_reject_code from_payload(const job *j, jbk_str type, jbk_str charset, const char *s,
                                    size_t len) {
    const jbk_encoding *declared = charset.len ? jbk_encoding_find(charset.s, charset.len) : NULL;
    bool html = is(type, "text/html") || is(type, "application/xhtml+xml");
    if (!type.len || is(type, "application/octet-stream") || is(type, "unk"))
        html = looks_like_html(s, len);
    if (html) return from_html(j, s, len, declared);
    if (is(type, "text/plain")) return from_text(j, s, len, declared);
    return pass(j, JBK_PASS_NO_TEXT);
}

/* --- archives --- */

/* "20140216050221" as a time. */
static jbk_str arc_date(jbk_str d, jbk_arena *arena) {
    if (d.len < 12 || memchr(d.s, '-', d.len)) return d;
    const char *s = d.s;
    char *t = jbk_printf("%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", s, s + 4, s + 6, s + 8, s + 10,
                         d.len >= 14 ? s + 12 : "00");
    jbk_str out = {jbk_arena_dup(arena, t, strlen(t)), strlen(t)};
    free(t);
    return out;
}

static jbk_reject_code from_response(const job *j, const jbk_warc_head *w, const jbk_http_head *h,
                                     const char *body, size_t len) {
    if (h->status >= 300 && h->status < 400) return pass(j, JBK_PASS_REDIRECT);
    if (h->status == 404 || h->status == 410 || h->status == 451) return pass(j, JBK_PASS_GONE);
    if (h->status < 200 || h->status >= 300) return pass(j, JBK_PASS_FAILED);
    jbk_buf whole = {0}, bare = {0};
    bool chunks = !h->chunked || jbk_http_unchunk(body, len, &whole);
    if (h->chunked) body = whole.data ? whole.data : "", len = whole.len;
    const char *problem = jbk_http_unpack(h->encoding, body, len, JBK_HTML_BYTES_MAX, &bare);
    jbk_reject_code code;
    if (problem == jbk_http_too_large)
        code = refuse(j, JBK_REJ_TOO_LONG, problem);
    else if (problem)
        code = refuse(j, JBK_REJ_HTTP_BODY, problem);
    else if (!chunks && !w->truncated.len)
        code = refuse(j, JBK_REJ_HTTP_BODY, "a body whose chunks are broken");
    else
        code = from_payload(j, h->content_type, h->charset, bare.data ? bare.data : "", bare.len);
    jbk_buf_free(&whole);
    jbk_buf_free(&bare);
    return code;
}

/* Tools differ in whether chunks belong to the payload. */
static bool payload_fits(const jbk_warc_head *w, const jbk_http_head *h, const char *s,
                         size_t len) {
    if (jbk_warc_digest_fits(w->payload_digest, s, len)) return true;
    if (!h->chunked) return false;
    jbk_buf whole = {0};
    (void)jbk_http_unchunk(s, len, &whole);
    bool fits = jbk_warc_digest_fits(w->payload_digest, whole.data, whole.len);
    jbk_buf_free(&whole);
    return fits;
}

static jbk_reject_code from_block(const job *j, const jbk_warc_head *w, const char *s, size_t len) {
    jbk_http_head h = {0};
    bool http = !is(w->type, "conversion") && jbk_http_head_read(s, len, &h);
    if (!w->truncated.len) {
        bool payload = payload_fits(w, &h, s + h.head_len, len - h.head_len);
        if (!payload)
            return refuse(j, JBK_REJ_DIGEST, "the record is not what its payload digest says");
        /* Where the payload is proven, the head alone was changed. */
        if (!w->payload_digest.len && !jbk_warc_digest_fits(w->block_digest, s, len))
            return refuse(j, JBK_REJ_DIGEST, "the record is not what its block digest says");
    }
    if (http) return from_response(j, w, &h, s + h.head_len, len - h.head_len);
    jbk_str type, charset;
    jbk_media_type(w->content_type, &type, &charset);
    if (is(type, "application/http"))
        return refuse(j, JBK_REJ_HTTP_BODY, "a response without the head of one");
    return from_payload(j, type, charset, s, len);
}

/* Not what crawlers keep about themselves: metadata:, dns: and the like. */
static bool is_page_address(jbk_str s) {
    static const char *const SCHEMES[] = {"http:", "https:", "ftp:", "file:", "urn:"};
    for (size_t i = 0; i < sizeof SCHEMES / sizeof *SCHEMES; i++)
        if (s.len > strlen(SCHEMES[i]) && !strncasecmp(s.s, SCHEMES[i], strlen(SCHEMES[i])))
            return true;
    return false;
}

/* The head of an item, where it is of a page. */
static jbk_reject_code read_head(const job *j, const jbk_items *items, const jbk_item *x,
                                 jbk_warc_head *w, bool *page) {
    const char *s = items->bytes.data + x->start;
    const int *arc = x->context;
    const char *problem =
        arc ? jbk_arc_head_read(s, x->len, *arc, w) : jbk_warc_head_read(s, x->len, w);
    if (problem || w->len > x->len)
        return refuse(j, JBK_REJ_WARC_SYNTAX, problem ? problem : "a record without a block");
    *page = is_page_address(w->target);
    return JBK_REJ_NONE;
}

static jbk_reject_code from_archive(const job *j, const jbk_items *items, const jbk_item *x) {
    jbk_warc_head w;
    bool page;
    jbk_reject_code head = read_head(j, items, x, &w, &page);
    if (head) return head;
    if (is(w.type, "revisit")) return pass(j, JBK_PASS_REVISIT);
    if (!page) return pass(j, JBK_PASS_OTHER);
    const char *s = items->bytes.data + x->start;
    size_t len = x->len;
    jbk_reject_code code = from_block(j, &w, s + w.len, len - w.len);
    if (code || !*j->out) return code;
    json_t *o = *j->out;
    const char *own = json_string_value(json_object_get(o, "url"));
    if (own && (strlen(own) != w.target.len || memcmp(own, w.target.s, w.target.len)))
        json_object_set_new(o, "x.canonical", json_string(own));
    set(o, "url", w.target);
    set(o, "collected_at", arc_date(w.date, j->arena));
    set(o, "x.truncated", w.truncated);
    return code;
}

jbk_reject_code jbk_page_object(const jbk_items *items, const jbk_item *x, jbk_arena *arena,
                                json_t **out, jbk_page_note *note, char **reason) {
    const char *s = items->bytes.data + x->start;
    job j = {arena, out, note, reason};
    *out = NULL;
    *note = (jbk_page_note){0};
    jbk_reject_code code =
        x->kind == JBK_ITEM_HTML ? from_html(&j, s, x->len, NULL) : from_archive(&j, items, x);
    if (code) {
        json_decref(*out);
        *out = NULL;
    }
    return code;
}

jbk_reject_code jbk_page_sighting(const jbk_items *items, const jbk_item *x, jbk_arena *arena,
                                  json_t **out, jbk_page_note *note, char **reason) {
    job j = {arena, out, note, reason};
    jbk_warc_head w;
    jbk_http_head h;
    bool page;
    *out = NULL;
    *note = (jbk_page_note){0};
    jbk_reject_code code = read_head(&j, items, x, &w, &page);
    if (code) return code;
    const char *block = items->bytes.data + x->start + w.len;
    size_t len = x->len - w.len;
    bool revisit = is(w.type, "revisit"), response = is(w.type, "response");
    if (!page || (!revisit && !response)) return pass(&j, JBK_PASS_OTHER);
    if (!w.truncated.len && !jbk_warc_digest_fits(w.block_digest, block, len))
        return refuse(&j, JBK_REJ_DIGEST, "the record is not what its block digest says");
    bool http = jbk_http_head_read(block, len, &h);
    int status = http ? h.status : revisit ? 200 : 0; /* a revisit may leave the head out */
    if (status >= 300 && status < 400) return pass(&j, JBK_PASS_REDIRECT);
    if ((status < 200 || status >= 300) && status != 404 && status != 410 && status != 451)
        return pass(&j, JBK_PASS_FAILED);
    json_t *o = *out = json_object();
    set(o, "url", w.target);
    set(o, "observed_at", arc_date(w.date, arena));
    json_object_set_new(o, "http_status", json_integer(status));
    return JBK_REJ_NONE;
}
