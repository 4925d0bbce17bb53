/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gunzip.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { IN = 256 << 10, OUT = 256 << 10, TRY = 4 << 10 };

/* Unpacked bytes of a member that is not as it was written. */
typedef struct {
    uint64_t from, to;
} damage;

struct jbk_gunzip {
    FILE *file;
    z_stream z;
    uint64_t member;    /* where the one that is being read begins */
    uint64_t in_offset; /* of in[0] in the file */
    size_t in_len;
    bool open;        /* a member is being read */
    bool ended, lost; /* lost: no member began where one was due */
    uint64_t given;   /* unpacked bytes so far */
    uint64_t begin;   /* of them before this member */
    JBK_VEC(damage) damaged;
    char *problem;
    Bytef in[IN], out[OUT];
};

/* Move what is left to the front and read on; false where nothing came. */
static bool read_more(jbk_gunzip *g) {
    size_t left = g->z.avail_in;
    if (g->ended) return false;
    memmove(g->in, g->z.next_in, left);
    g->in_offset += g->in_len - left;
    size_t n = fread(g->in + left, 1, IN - left, g->file);
    g->in_len = left + n;
    g->ended = n == 0;
    g->z.next_in = g->in;
    g->z.avail_in = (uInt)g->in_len;
    return n > 0;
}

static uint64_t at(const jbk_gunzip *g) { return g->in_offset + (g->in_len - g->z.avail_in); }

static void tell(jbk_gunzip *g, const char *what) {
    if (!g->problem) g->problem = jbk_printf("%s at byte %llu", what, (unsigned long long)at(g));
}

jbk_gunzip *jbk_gunzip_open(const char *path) {
    FILE *f = fopen(path, "rbe");
    unsigned char mark[3];
    if (!f) return NULL;
    if (fread(mark, 1, 3, f) != 3 || mark[0] != 0x1F || mark[1] != 0x8B || mark[2] != 8) {
        fclose(f);
        return NULL;
    }
    rewind(f);
    jbk_gunzip *g = jbk_calloc(1, sizeof *g);
    g->file = f;
    g->z.next_in = g->in;
    if (inflateInit2(&g->z, 31) != Z_OK) jbk_out_of_memory();
    return g;
}

void jbk_gunzip_close(jbk_gunzip *g) {
    if (!g) return;
    inflateEnd(&g->z);
    fclose(g->file);
    free(g->problem);
    jbk_vec_free(&g->damaged);
    free(g);
}

uint64_t jbk_gunzip_position(const jbk_gunzip *g) { return at(g); }
const char *jbk_gunzip_problem(const jbk_gunzip *g) { return g->problem; }

bool jbk_gunzip_damaged(const jbk_gunzip *g, uint64_t from, uint64_t to) {
    for (size_t i = 0; i < g->damaged.n; i++)
        if (g->damaged.at[i].from < to && from < g->damaged.at[i].to) return true;
    return false;
}

/* Whether a member can begin here: its head is one, and its first bytes unpack. */
static bool unpacks(const Bytef *s, size_t len) {
    if (len < 18 || s[0] != 0x1F || s[1] != 0x8B || s[2] != 8 || (s[3] & 0xE0)) return false;
    Bytef scratch[TRY];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)s, .avail_in = (uInt)len};
    if (inflateInit2(&z, 31) != Z_OK) jbk_out_of_memory();
    z.next_out = scratch;
    z.avail_out = TRY;
    int rc = inflate(&z, Z_NO_FLUSH);
    inflateEnd(&z);
    return (rc == Z_OK && z.avail_out < TRY) || rc == Z_STREAM_END;
}

static bool has_mark(const jbk_gunzip *g) {
    return g->z.avail_in >= 3 && g->z.next_in[0] == 0x1F && g->z.next_in[1] == 0x8B &&
           g->z.next_in[2] == 8;
}

/* Go to where the next member begins; false where none does. */
static bool find_member(jbk_gunzip *g) {
    bool zeros = true;
    for (;;) {
        if (g->z.avail_in < 64 << 10 && !read_more(g) && !g->z.avail_in) return false;
        /* Where one is due, what a damaged one still gives is of use. */
        if ((!g->lost && has_mark(g)) || unpacks(g->z.next_in, g->z.avail_in)) break;
        g->lost = true;
        zeros &= *g->z.next_in == 0; /* padding of tapes is no damage */
        if (!zeros) tell(g, "bytes that are not gzip");
        g->z.next_in++;
        g->z.avail_in--;
    }
    g->member = at(g);
    g->begin = g->given;
    g->open = true;
    g->lost = false;
    inflateReset(&g->z);
    return true;
}

/* Behind the beginning of a member that is damaged, for the search for the next. */
static void leave_member(jbk_gunzip *g, size_t len, const char *what) {
    tell(g, what);
    jbk_vec_push(&g->damaged, ((damage){g->begin, g->given + len}));
    g->open = false;
    g->lost = true;
    if (g->member < g->in_offset) return; /* its beginning is not here any more: go on from here */
    size_t back = (size_t)(g->member - g->in_offset) + 1;
    g->z.next_in = g->in + back;
    g->z.avail_in = (uInt)(g->in_len - back);
}

const char *jbk_gunzip_next(jbk_gunzip *g, size_t *len) {
    for (;;) {
        if (!g->open && !find_member(g)) return NULL;
        g->z.next_out = g->out;
        g->z.avail_out = OUT;
        if (!g->z.avail_in) (void)read_more(g);
        bool ended = !g->z.avail_in;
        int rc = inflate(&g->z, Z_NO_FLUSH);
        *len = OUT - g->z.avail_out;
        if (rc == Z_MEM_ERROR) jbk_out_of_memory();
        if (rc == Z_STREAM_END)
            g->open = false;
        else if (rc != Z_OK && rc != Z_BUF_ERROR) {
            leave_member(g, *len, "a damaged gzip member");
            if (OUT - *len >= 2) { /* what follows shall not go on in the same line */
                memcpy(g->out + *len, "\n\n", 2);
                *len += 2;
            }
        } else if (ended && !*len) {
            tell(g, "a gzip file that ends too early");
            return NULL;
        }
        g->given += *len;
        if (*len) return (const char *)g->out;
    }
}
