/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON that is not in lines: an array, whose elements are the items, or objects one after the
 * other, each from a line of its own.  Values are only cut here, by their brackets and quotes;
 * what is wrong inside one is found when it is parsed, and spoils no other. */
#include "maps.h"
#include "readers.h"

#include <stdlib.h>

typedef enum {
    TOP,   /* a value is due */
    AFTER, /* the end is due, or an object on a new line */
    FIRST, /* in the array: a value or its end */
    VALUE, /* after a comma: a value */
    COMMA  /* after a value: a comma or the end */
} place;

typedef struct {
    place at;
    uint64_t line, line_start; /* number of this line, and its offset */
    bool new_line;             /* since the last value */
} json_reader;

static void *open_json(jbk_feed *in, jbk_source *source, jbk_arena *arena) {
    (void)source, (void)arena;
    size_t len;
    const char *head = jbk_feed_head(in, &len);
    json_reader *r = jbk_calloc(1, sizeof *r);
    if (len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3)) jbk_feed_take(in, 3);
    r->line = 1;
    r->line_start = jbk_feed_offset(in);
    return r;
}

static void take(json_reader *r, jbk_feed *in, const char *s, size_t n) {
    uint64_t offset = jbk_feed_offset(in);
    for (const char *p = s; (p = memchr(p, '\n', n - (size_t)(p - s))); p++) {
        r->line++;
        r->line_start = offset + (uint64_t)(p - s) + 1;
        r->new_line = true;
    }
    jbk_feed_take(in, n);
}

/* The next byte that is no white space, not yet taken; -1 at the end. */
static int skip_blanks(json_reader *r, jbk_feed *in) {
    size_t len;
    for (const char *s; (s = jbk_feed_peek(in, &len));) {
        size_t n = 0;
        while (n < len && (s[n] == ' ' || s[n] == '\t' || s[n] == '\n' || s[n] == '\r')) n++;
        int c = n < len ? (unsigned char)s[n] : -1;
        take(r, in, s, n);
        if (c >= 0) return c;
    }
    return -1;
}

static void begin(json_reader *r, jbk_feed *in, jbk_items *out) {
    uint64_t offset = jbk_feed_offset(in);
    jbk_items_begin(out, JBK_ITEM_JSON, r->line, offset);
    out->growing.column = (size_t)(offset - r->line_start);
}

/* Where a value ends. */
typedef struct {
    size_t depth;
    bool in_string, escaped, bare, ended;
} value_end;

/* How many of the bytes belong to the value. */
static size_t scan(value_end *v, const char *s, size_t len) {
    for (size_t i = 0; i < len; i++) {
        char c = s[i];
        if (v->in_string) {
            /* A string holds no line end: a quote is missing, and is best thought to be here. */
            bool closed = !v->escaped && (c == '"' || c == '\n');
            v->escaped = !v->escaped && c == '\\';
            v->in_string = !closed;
            if (closed && !v->depth) return v->ended = true, i + 1;
        } else if (c == '"' || c == '{' || c == '[') {
            if (v->bare) return v->ended = true, i;
            v->in_string = c == '"';
            v->depth += c != '"';
        } else if (v->depth) {
            v->depth -= c == '}' || c == ']';
            if (!v->depth) return v->ended = true, i + 1;
        } else {
            if (c == ',' || c == ']' || c == ' ' || c == '\n' || c == '\r' || c == '\t')
                return v->ended = true, i;
            v->bare = true;
        }
    }
    return len;
}

static void cut_value(json_reader *r, jbk_feed *in, jbk_items *out) {
    begin(r, in, out);
    value_end v = {0};
    size_t len;
    for (const char *s; !v.ended && (s = jbk_feed_peek(in, &len));) {
        size_t n = scan(&v, s, len);
        jbk_items_add(out, s, n);
        take(r, in, s, n);
    }
    jbk_items_end(out);
    r->new_line = false;
}

/* Tell what is wrong with the next `n` bytes, or with all that is left. */
static void refuse(json_reader *r, jbk_feed *in, jbk_items *out, size_t n, const char *what) {
    begin(r, in, out);
    char *reason = jbk_printf("%s (column %zu)", what, out->growing.column + 1);
    size_t len;
    for (const char *s; n && (s = jbk_feed_peek(in, &len)); n -= len) {
        if (len > n) len = n;
        jbk_items_add(out, s, len);
        take(r, in, s, len);
    }
    jbk_items_refuse(out, JBK_REJ_JSON_SYNTAX, reason);
    free(reason);
}

static void take_one(json_reader *r, jbk_feed *in) {
    size_t len;
    take(r, in, jbk_feed_peek(in, &len), 1);
}

static bool next_json(void *state, jbk_feed *in, jbk_items *out) {
    json_reader *r = state;
    int c = skip_blanks(r, in);
    bool in_array = r->at == FIRST || r->at == VALUE || r->at == COMMA;
    if (c < 0) {
        if (r->at == TOP) refuse(r, in, out, 0, "no JSON value");
        if (in_array && !jbk_feed_problem(in))
            refuse(r, in, out, 0, "']' expected at the end of the file");
        return false;
    }
    if (r->at == AFTER && c == '{' && r->new_line) {
        cut_value(r, in, out);
    } else if (r->at == AFTER) {
        refuse(r, in, out, SIZE_MAX, "the end of the file expected");
    } else if (r->at == TOP && c == '[') {
        take_one(r, in);
        r->at = FIRST;
    } else if (r->at == TOP) {
        cut_value(r, in, out);
        r->at = AFTER;
    } else if (c == ']') {
        if (r->at == VALUE) refuse(r, in, out, 0, "a value expected before ']'");
        take_one(r, in);
        r->at = AFTER;
    } else if (c == ',') {
        if (r->at != COMMA)
            refuse(r, in, out, 1, "a value expected before ','");
        else
            take_one(r, in);
        r->at = VALUE;
    } else {
        if (r->at == COMMA) refuse(r, in, out, 0, "',' or ']' expected");
        cut_value(r, in, out);
        r->at = COMMA;
    }
    return true;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static size_t skip(const char *s, size_t len, size_t i) {
    while (i < len && blank(s[i])) i++;
    return i;
}

bool jbk_json_spans_lines(const char *head, size_t len) {
    size_t i = skip(head, len, len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0);
    const char *end = i < len && head[i] == '{' ? memchr(head + i, '\n', len - i) : NULL;
    if (!end) return false;
    value_end v = {0};
    scan(&v, head + i, (size_t)(end - head) - i);
    i = skip(head, len, (size_t)(end - head));
    return !v.ended && i < len && head[i] != '{'; /* else that line is broken, and another begins */
}

/* Some name of the object that begins here may be of a title or text: settings and the like
 * are objects too. */
static bool has_known_name(const char *s, size_t len) {
    size_t depth = 0, start = 0;
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        if (in_string && s[i] == '\\') {
            i++;
        } else if (s[i] == '"') {
            in_string = !in_string;
            if (in_string) start = i + 1;
            size_t next = in_string ? len : skip(s, len, i + 1);
            if (depth == 1 && next < len && s[next] == ':' &&
                jbk_maps_know_text(s + start, i - start))
                return true;
        } else if (!in_string) {
            depth += s[i] == '{' || s[i] == '[';
            if (s[i] == '}' || s[i] == ']') depth -= depth > 0;
        }
    }
    return false;
}

/* An array; or an object that goes on past its line. */
static bool looks_like_json(const char *head, size_t len, const char *name) {
    (void)name;
    size_t i = skip(head, len, len >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0);
    if (i < len && head[i] == '[') {
        i = skip(head, len, i + 1);
        return i < len && head[i] && strchr("{[\"]-0123456789tfn", head[i]);
    }
    return jbk_json_spans_lines(head, len) && has_known_name(head, len);
}

const jbk_input_format jbk_read_json = {"json", open_json, next_json, free, looks_like_json};
