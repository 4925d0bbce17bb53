/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WARC and ARC files: each response, resource, conversion and revisit is an item, whole with its
 * head; other records are counted.  Where the bytes are no record, or a record's length leads
 * elsewhere than to the next, all up to the next head is one reject, and reading goes on there. */
#include "readers.h"

#include "warc.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

typedef struct {
    jbk_buf ahead; /* read, from `at` on not yet cut */
    size_t at;
    uint64_t offset; /* of ahead.data[at] */
    int arc;         /* version of an ARC file; 0: WARC */
    bool refused;    /* some record */
} archive;

static void *open_archive(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    (void)source, (void)arena;
    archive *a = jbk_calloc(1, sizeof *a);
    size_t len;
    const char *head = jbk_feed_head(in, &len);
    if (len >= 11 && !memcmp(head, "filedesc://", 11)) {
        const char *nl = memchr(head, '\n', len);
        a->arc = nl && nl + 1 < head + len && nl[1] == '2' ? 2 : 1;
    }
    return a;
}

static void close_archive(void *state) {
    archive *a = state;
    jbk_buf_free(&a->ahead);
    free(a);
}

static const char *here(const archive *a) { return a->ahead.data + a->at; }
static size_t have(const archive *a) { return a->ahead.len - a->at; }

static void skip(archive *a, size_t n) {
    a->at += n;
    a->offset += n;
}

/* Have `need` bytes ahead, or all there are; returns how many there are. */
static size_t fill(archive *a, jbk_feed *in, size_t need) {
    if (a->at && (have(a) < need || a->at == a->ahead.len)) {
        if (have(a)) memmove(a->ahead.data, here(a), have(a));
        a->ahead.len -= a->at;
        a->at = 0;
    }
    size_t len;
    const char *s;
    while (have(a) < need && (s = jbk_feed_peek(in, &len))) {
        jbk_buf_add(&a->ahead, s, len);
        jbk_feed_take(in, len);
    }
    return have(a);
}

static bool begins_record(const archive *a, const char *s, size_t len) {
    if (!a->arc) return jbk_warc_begins(s, len);
    const char *nl = memchr(s, '\n', len);
    size_t blanks = 0, scheme = 0, line = nl ? (size_t)(nl - s) : 0;
    while (scheme < line && s[scheme] >= 'a' && s[scheme] <= 'z') scheme++;
    if (scheme < 3 || line < scheme + 3 || s[scheme] != ':') return false;
    if (memcmp(s, "dns", 3) != 0 && memcmp(s + scheme, "://", 3) != 0) return false;
    for (size_t i = 0; i < line; i++) blanks += s[i] == ' ';
    return blanks >= 4; /* a broken head among them: it is told of by itself */
}

/* Where the first line after `from` begins that begins a record; `len` where none does. */
static size_t next_record(const archive *a, const char *s, size_t len, size_t from) {
    for (size_t i = from; i < len;) {
        const char *nl = memchr(s + i, '\n', len - i);
        if (!nl) break;
        i = (size_t)(nl - s) + 1;
        if (begins_record(a, s + i, len - i)) return i;
    }
    return len;
}

/* All up to the next record, which is not before `from`, is one reject. */
static void refuse(archive *a, jbk_feed *in, jbk_items *out, size_t from, jbk_reject_code code,
                   const char *why) {
    jbk_items_begin(out, JBK_ITEM_WARC, 0, a->offset);
    for (;;) {
        size_t len = fill(a, in, from + JBK_WARC_HEAD_MAX), next = len;
        if (from < len) next = next_record(a, here(a), len, from);
        bool found = next < len, more = !found && len >= from + JBK_WARC_HEAD_MAX;
        /* A head may begin in what stands at the end: keep that for the next turn. */
        size_t n = more ? len - JBK_WARC_HEAD_MAX / 2 : next;
        jbk_items_add(out, here(a), n);
        skip(a, n);
        from = 0;
        if (!more) break;
    }
    jbk_items_refuse(out, code, why);
    a->refused = true;
}

static bool is(jbk_str s, const char *word) {
    return s.len == strlen(word) && !strncasecmp(s.s, word, s.len);
}

static bool is_wanted(const jbk_warc_head *h) {
    return is(h->type, "response") || is(h->type, "resource") || is(h->type, "conversion") ||
           is(h->type, "revisit");
}

static void begin_item(const archive *a, jbk_items *out) {
    jbk_items_begin(out, JBK_ITEM_WARC, 0, a->offset);
    if (!a->arc) return;
    int *version = jbk_arena_alloc(&out->arena, sizeof *version);
    *version = a->arc;
    out->growing.context = version;
}

/* A record that does not fit into memory goes by; its item keeps the beginning and the digest. */
static void take_large(archive *a, jbk_feed *in, jbk_items *out, uint64_t total, bool wanted) {
    begin_item(a, out);
    while (total) {
        size_t n = fill(a, in, 1 << 16);
        if (!n) break;
        if (n > total) n = (size_t)total;
        if (wanted) jbk_items_add(out, here(a), n);
        skip(a, n);
        total -= n;
    }
    if (wanted && total)
        jbk_items_refuse(out, JBK_REJ_CUT_SHORT, "the file ends inside the record");
    else if (wanted)
        jbk_items_end(out);
    else
        out->others++, jbk_items_drop(out);
}

/* Is the end of a record at `n` followed by the blank lines that are due, or by the next one, or by
 * nothing? */
static bool ends_well(const archive *a, size_t n, size_t len) {
    const char *s = here(a);
    if (!a->arc && len - n >= 4 && !memcmp(s + n, "\r\n\r\n", 4)) return true;
    while (n < len && (s[n] == '\r' || s[n] == '\n')) n++;
    return n == len || begins_record(a, s + n, len - n);
}

static void tell_end(jbk_feed *in, jbk_items *out, archive *a) {
    const char *problem = jbk_feed_problem(in);
    jbk_buf why = {0};
    jbk_buf_str(&why, "the file ends inside the record");
    if (problem) jbk_buf_printf(&why, ": %s", problem);
    if (problem) jbk_feed_told(in);
    refuse(a, in, out, 1, JBK_REJ_CUT_SHORT, jbk_buf_cstr(&why));
    jbk_buf_free(&why);
}

/* Whether what is there of a response that was cut short holds its whole body. */
static bool has_body(const archive *a, const jbk_warc_head *h, size_t len) {
    jbk_http_head http;
    if (len <= h->len || !jbk_http_head_read(here(a) + h->len, len - h->len, &http)) return false;
    return http.has_length && !http.chunked && http.length <= len - h->len - http.head_len;
}

static void take_record(archive *a, jbk_feed *in, jbk_items *out, const jbk_warc_head *h) {
    bool wanted = is_wanted(h);
    uint64_t total = h->len + h->block_len;
    if (total > JBK_ITEM_MAX) {
        take_large(a, in, out, total, wanted);
        return;
    }
    size_t n = (size_t)total, len = fill(a, in, n + JBK_WARC_HEAD_MAX);
    if (len < n && wanted && !jbk_feed_problem(in) && has_body(a, h, len)) {
        begin_item(a, out);
        jbk_items_add(out, here(a), len);
        jbk_items_end(out);
        skip(a, len);
    } else if (len < n) {
        tell_end(in, out, a);
    } else if (jbk_feed_damaged(in, a->offset, a->offset + n)) {
        /* Where bytes are missing, the next record stands within its length. */
        size_t from = ends_well(a, n, len) ? n - 1 : 1;
        refuse(a, in, out, from, JBK_REJ_DIGEST, "a record in a gzip member that is damaged");
    } else if (!ends_well(a, n, len)) {
        refuse(a, in, out, 1, JBK_REJ_WARC_SYNTAX, "a record whose length is wrong");
    } else {
        begin_item(a, out);
        if (wanted) jbk_items_add(out, here(a), n);
        if (wanted)
            jbk_items_end(out);
        else
            out->others++, jbk_items_drop(out);
        skip(a, n);
    }
}

static bool next_item(void *state, jbk_feed *in, jbk_items *out) {
    archive *a = state;
    size_t len;
    while ((len = fill(a, in, JBK_WARC_HEAD_MAX))) {
        size_t n = 0;
        while (n < len && (here(a)[n] == '\r' || here(a)[n] == '\n')) n++;
        skip(a, n);
        if (!n) break;
    }
    if (!len) {
        if (a->refused) jbk_feed_told(in); /* what broke the stream broke a record */
        return false;
    }
    jbk_warc_head h;
    if (!a->arc && !jbk_warc_begins(here(a), len)) {
        refuse(a, in, out, 1, JBK_REJ_WARC_SYNTAX, "not the head of a WARC record");
        return true;
    }
    size_t head = a->arc ? len : jbk_warc_head_len(here(a), len);
    if (!head) {
        if (len < JBK_WARC_HEAD_MAX)
            tell_end(in, out, a);
        else
            refuse(a, in, out, 1, JBK_REJ_WARC_SYNTAX, "a WARC record whose head does not end");
        return true;
    }
    const char *problem = a->arc ? jbk_arc_head_read(here(a), head, a->arc, &h)
                                 : jbk_warc_head_read(here(a), head, &h);
    if (problem)
        refuse(a, in, out, 1, JBK_REJ_WARC_SYNTAX, problem);
    else
        take_record(a, in, out, &h);
    return true;
}

static bool looks_like_archive(const char *head, size_t len, const char *name) {
    return jbk_warc_begins(head, len) || jbk_name_ends(name, ".warc") ||
           (len >= 11 && !memcmp(head, "filedesc://", 11));
}

const jbk_input_format jbk_read_warc = {"warc",        open_archive,       next_item,
                                        close_archive, looks_like_archive, true};
