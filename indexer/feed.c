/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feed.h"

#include "gunzip.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

/* Archives in one another, the outermost first. */
typedef struct {
    struct archive *archive;
    char *member; /* where it has members; else NULL */
} level;

struct jbk_feed {
    char *path;
    jbk_gunzip *gunzip; /* unpacks the file itself; NULL: it is not gzip */
    level levels[JBK_FEED_DEPTH];
    int depth; /* levels that are open */
    bool begun;
    char *name, *problem;
    bool told;
    jbk_buf head; /* read ahead; head.data[head_at..] is still to be taken */
    size_t head_at;
    const char *block; /* after the head: what libarchive gave last, and what is left of it */
    size_t left;
    uint64_t offset, bytes;
    jbk_decoder *decoder; /* NULL: the bytes as they are */
    jbk_buf decoded;      /* what block points into, with a decoder */
    uint64_t bad;         /* of the decoders before */
};

jbk_feed *jbk_feed_new(const char *path) {
    jbk_feed *s = jbk_calloc(1, sizeof *s);
    s->path = jbk_strndup(path, strlen(path));
    return s;
}

static void close_level(jbk_feed *s) {
    level *l = &s->levels[--s->depth];
    archive_read_free(l->archive);
    free(l->member);
    *l = (level){0};
}

static void end_decoder(jbk_feed *s) {
    if (s->decoder) s->bad += jbk_decoder_bad(s->decoder);
    jbk_decoder_free(s->decoder);
    s->decoder = NULL;
}

void jbk_feed_free(jbk_feed *s) {
    if (!s) return;
    end_decoder(s);
    jbk_buf_free(&s->decoded);
    while (s->depth) close_level(s);
    jbk_gunzip_close(s->gunzip);
    free(s->path);
    free(s->name);
    free(s->problem);
    jbk_buf_free(&s->head);
    free(s);
}

static void set_problem(jbk_feed *s, struct archive *a) {
    const char *why = archive_error_string(a);
    if (!why) why = "unreadable";
    if (!s->problem) s->problem = jbk_strndup(why, strlen(why));
}

/* What libarchive did not see, for it was given what could be unpacked. */
static bool set_gunzip_problem(jbk_feed *s) {
    const char *why = s->gunzip ? jbk_gunzip_problem(s->gunzip) : NULL;
    if (why && !s->problem) s->problem = jbk_strndup(why, strlen(why));
    return why != NULL;
}

/* An archive inside another reads it block by block. */
static la_ssize_t read_outer(struct archive *inner, void *arg, const void **block) {
    struct archive *outer = arg;
    size_t len = 0;
    la_int64_t at;
    int rc = archive_read_data_block(outer, block, &len, &at);
    if (rc == ARCHIVE_EOF) return 0;
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN) return (la_ssize_t)len;
    const char *why = archive_error_string(outer);
    archive_set_error(inner, archive_errno(outer), "%s", why ? why : "unreadable");
    return -1;
}

static la_ssize_t read_gunzip(struct archive *a, void *arg, const void **block) {
    size_t len;
    (void)a;
    *block = jbk_gunzip_next(arg, &len);
    return *block ? (la_ssize_t)len : 0;
}

static struct archive *new_archive(void) {
    struct archive *a = archive_read_new();
    if (!a) jbk_out_of_memory();
    /* Not all filters: some would start other programs, some take text for packed bytes. */
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_zip(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    return a;
}

/* Open one more level, over the file or over the member of the level above. */
static bool open_level(jbk_feed *s) {
    struct archive *a = new_archive();
    bool named = strcmp(s->path, "-") != 0;
    if (!s->depth && named) s->gunzip = jbk_gunzip_open(s->path);
    int rc;
    if (s->depth)
        rc = archive_read_open(a, s->levels[s->depth - 1].archive, NULL, read_outer, NULL);
    else if (s->gunzip)
        rc = archive_read_open(a, s->gunzip, NULL, read_gunzip, NULL);
    else
        rc = archive_read_open_filename(a, named ? s->path : NULL, 1 << 18);
    s->levels[s->depth++] = (level){.archive = a};
    if (rc != ARCHIVE_OK) set_problem(s, a);
    return rc == ARCHIVE_OK;
}

static void set_name(jbk_feed *s) {
    jbk_buf b = {0};
    jbk_buf_str(&b, s->path);
    for (int i = 0; i < s->depth; i++) {
        if (!s->levels[i].member) continue;
        jbk_buf_byte(&b, '!');
        jbk_buf_str(&b, s->levels[i].member);
    }
    free(s->name);
    s->name = jbk_strndup(b.data, b.len);
    jbk_buf_free(&b);
}

static const char *member_name(struct archive_entry *entry) {
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name) name = archive_entry_pathname(entry);
    return name ? name : "?";
}

static bool is_container(struct archive *a) {
    int format = archive_format(a) & ARCHIVE_FORMAT_BASE_MASK;
    return format == ARCHIVE_FORMAT_ZIP || format == ARCHIVE_FORMAT_TAR;
}

/* Move the innermost level to its next member, going outwards where one has ended.  True: a
 * leaf is open, or there is a problem to be told. */
static bool advance(jbk_feed *s) {
    while (s->depth) {
        level *l = &s->levels[s->depth - 1];
        struct archive_entry *entry;
        int rc = archive_read_next_header(l->archive, &entry);
        if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN) {
            if (!is_container(l->archive)) {
                set_name(s);
                return true;
            }
            if (archive_entry_filetype(entry) != AE_IFREG) continue;
            free(l->member);
            const char *name = member_name(entry);
            l->member = jbk_strndup(name, strlen(name));
            if (s->depth == JBK_FEED_DEPTH) {
                s->problem = jbk_printf("archives in archives, more than %d deep", JBK_FEED_DEPTH);
            } else if (open_level(s)) {
                continue;
            }
            set_name(s);
            return true;
        }
        bool failed = rc != ARCHIVE_EOF;
        if (failed) set_problem(s, l->archive);
        if (!failed && s->depth == 1) failed = set_gunzip_problem(s);
        set_name(s);
        close_level(s);
        if (failed) return true;
    }
    return false;
}

bool jbk_feed_next(jbk_feed *s) {
    end_decoder(s);
    free(s->problem);
    s->problem = NULL;
    s->told = false;
    s->head.len = s->head_at = s->left = 0;
    s->offset = 0;
    if (!s->begun) {
        s->begun = true;
        if (!open_level(s)) {
            set_name(s);
            return true;
        }
    } else if (s->depth && !is_container(s->levels[s->depth - 1].archive)) {
        close_level(s); /* the leaf */
    }
    return advance(s);
}

const char *jbk_feed_name(const jbk_feed *s) { return s->name; }
const char *jbk_feed_problem(const jbk_feed *s) { return s->told ? NULL : s->problem; }
bool jbk_feed_damaged(const jbk_feed *s, uint64_t from, uint64_t to) {
    return s->gunzip && s->depth == 1 && !s->decoder && jbk_gunzip_damaged(s->gunzip, from, to);
}

void jbk_feed_told(jbk_feed *s) { s->told = true; }
uint64_t jbk_feed_offset(const jbk_feed *s) { return s->offset; }
uint64_t jbk_feed_bytes(const jbk_feed *s) { return s->bytes; }

void jbk_feed_read_elsewhere(jbk_feed *s, uint64_t n) { s->bytes += n; }

uint64_t jbk_feed_position(jbk_feed *s) {
    if (s->depth && s->gunzip) return jbk_gunzip_position(s->gunzip);
    la_int64_t at = s->depth ? archive_filter_bytes(s->levels[0].archive, -1) : 0;
    return at < 0 ? 0 : (uint64_t)at;
}

const char *jbk_feed_plain_path(const jbk_feed *s) {
    bool plain = s->depth == 1 && !s->problem && !s->gunzip && strcmp(s->path, "-") != 0 &&
                 archive_filter_count(s->levels[0].archive) == 1 &&
                 !is_container(s->levels[0].archive);
    return plain ? s->path : NULL;
}

/* More packed bytes of this member into s->block; false at its end. */
static bool next_bytes(jbk_feed *s) {
    if (s->problem || !s->depth) return false;
    struct archive *a = s->levels[s->depth - 1].archive;
    const void *block;
    size_t len = 0;
    la_int64_t at;
    int rc;
    do {
        rc = archive_read_data_block(a, &block, &len, &at);
    } while ((rc == ARCHIVE_OK || rc == ARCHIVE_WARN) && !len);
    if (rc == ARCHIVE_OK || rc == ARCHIVE_WARN) {
        s->block = block;
        s->left = len;
        return true;
    }
    if (rc != ARCHIVE_EOF)
        set_problem(s, a);
    else if (s->depth == 1)
        (void)set_gunzip_problem(s);
    return false;
}

/* More bytes of this member into s->block; false at its end. */
static bool next_block(jbk_feed *s) {
    if (!s->decoder) return next_bytes(s);
    bool more = true;
    s->decoded.len = 0;
    while (more && !s->decoded.len) {
        more = next_bytes(s);
        jbk_decoder_add(s->decoder, more ? s->block : "", more ? s->left : 0, !more, &s->decoded);
    }
    s->block = s->decoded.data;
    s->left = s->decoded.len;
    return s->left > 0;
}

void jbk_feed_decode(jbk_feed *s, const jbk_encoding *encoding) {
    size_t len;
    const char *raw = jbk_feed_head(s, &len);
    if (jbk_decoder_new(encoding, &s->decoder, NULL)) jbk_out_of_memory(); /* one of the table */
    jbk_buf head = {0};
    jbk_decoder_add(s->decoder, raw, len, false, &head);
    s->decoded.len = 0; /* what was read beyond the head */
    jbk_decoder_add(s->decoder, s->block, s->left, false, &s->decoded);
    s->block = s->decoded.data;
    s->left = s->decoded.len;
    jbk_buf_free(&s->head);
    s->head = head;
}

uint64_t jbk_feed_bad(const jbk_feed *s) {
    return s->bad + (s->decoder ? jbk_decoder_bad(s->decoder) : 0);
}

const char *jbk_feed_head(jbk_feed *s, size_t *len) {
    while (s->head.len < JBK_FEED_HEAD && (s->left || next_block(s))) {
        size_t n = JBK_FEED_HEAD - s->head.len;
        if (n > s->left) n = s->left;
        jbk_buf_add(&s->head, s->block, n);
        s->block += n;
        s->left -= n;
    }
    *len = s->head.len;
    return s->head.data;
}

const char *jbk_feed_peek(jbk_feed *s, size_t *len) {
    if (s->head_at < s->head.len) {
        *len = s->head.len - s->head_at;
        return s->head.data + s->head_at;
    }
    if (!s->left && !next_block(s)) return NULL;
    *len = s->left;
    return s->block;
}

void jbk_feed_take(jbk_feed *s, size_t n) {
    s->offset += n;
    s->bytes += n;
    if (s->head_at < s->head.len) {
        s->head_at += n;
    } else {
        s->block += n;
        s->left -= n;
    }
}
