/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Build-time generator: writes the words of Han characters that ICU cuts by, and what each costs,
 * as a tree in C.
 *
 *   gen_han_words > han_words_table.c
 *
 * ICU keeps them in its data as a UCharsTrie, whose format ucharstrie.h and ucharstriebuilder.h
 * describe.  The tree has its nodes level by level, children side by side in the order of their
 * characters; han_words.h has the rest. */
#include "han_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/udata.h>

typedef struct {
    uint16_t units[JBK_HAN_WORD_MAX];
    uint32_t len, cost;
} word;

static word *words;
static size_t nwords, room;

static void die(const char *what) {
    fprintf(stderr, "gen_han_words: %s\n", what);
    exit(1);
}

static void *need(void *p) {
    if (!p) die("out of memory");
    return p;
}

/* --- ICU's trie --- */

/* Of a word with any other character nothing can be in a row of Han characters. */
static void put(const uint16_t *units, size_t len, uint32_t cost) {
    if (len > JBK_HAN_WORD_MAX) return;
    for (size_t i = 0; i < len; i++)
        if (!jbk_is_han_unit(units[i])) return;
    if (!cost || cost > UINT8_MAX) die("ICU's words have other costs than they had");
    if (nwords == room) {
        room = room ? 2 * room : 1 << 16;
        words = need(realloc(words, room * sizeof *words));
    }
    word *w = &words[nwords++];
    memcpy(w->units, units, len * sizeof *units);
    w->len = (uint32_t)len;
    w->cost = cost;
}

enum { LINEAR = 0x30, VALUE = 0x40, FINAL = 0x8000, DEEPEST = 64, FEW_BRANCHES = 5 };

typedef struct {
    uint16_t units[DEEPEST]; /* on the way here */
    size_t len;
} path;

static void push(path *p, uint16_t unit) {
    if (p->len == DEEPEST) die("a word of ICU's is too long");
    p->units[p->len++] = unit;
}

/* A value of one to three units, whose lead was read. */
static uint32_t read_value(const uint16_t **at, uint32_t lead) {
    if (lead < 0x4000) return lead;
    uint32_t high = lead < 0x7FFF ? lead - 0x4000 : *(*at)++;
    return high << 16 | *(*at)++;
}

/* The same where a node follows, of which the lead's lower six bits tell. */
static uint32_t read_node_value(const uint16_t **at, uint32_t lead) {
    if (lead < 0x4040) return (lead >> 6) - 1;
    uint32_t high = lead < 0x7FC0 ? ((lead & 0x7FC0) - 0x4040) >> 6 : *(*at)++;
    return high << 16 | *(*at)++;
}

static uint32_t read_delta(const uint16_t **at) {
    uint32_t delta = *(*at)++;
    if (delta < 0xFC00) return delta;
    uint32_t high = delta < 0xFFFF ? delta - 0xFC00 : *(*at)++;
    return high << 16 | *(*at)++;
}

static void walk(const uint16_t *at, path *p);

static void walk_branches(const uint16_t *at, uint32_t n, path *p) {
    for (; n > FEW_BRANCHES; n -= n / 2) { /* half of them lie elsewhere */
        at++;
        uint32_t delta = read_delta(&at);
        walk_branches(at + delta, n / 2, p);
    }
    for (; n > 1; n--) {
        push(p, *at++);
        uint32_t lead = *at++, value = read_value(&at, lead & ~(uint32_t)FINAL);
        if (lead & FINAL)
            put(p->units, p->len, value);
        else
            walk(at + value, p);
        p->len--;
    }
    push(p, *at++);
    walk(at, p);
    p->len--;
}

static void walk(const uint16_t *at, path *p) {
    size_t len = p->len;
    for (;;) {
        uint32_t lead = *at++;
        if (lead & FINAL) {
            put(p->units, p->len, read_value(&at, lead & ~(uint32_t)FINAL));
            break;
        }
        if (lead >= VALUE) {
            put(p->units, p->len, read_node_value(&at, lead));
            lead &= VALUE - 1;
        }
        if (lead < LINEAR) {
            uint32_t n = 1 + (lead ? lead : *at++);
            walk_branches(at, n, p);
            break;
        }
        for (uint32_t n = lead - LINEAR + 1; n; n--) push(p, *at++);
    }
    p->len = len;
}

static void read_words(void) {
    enum { OFFSET = 0, TYPE = 4, TYPE_MASK = 7, UCHARS = 1 }; /* of the numbers at its head */
    UErrorCode e = U_ZERO_ERROR;
    UDataMemory *data = udata_open(U_ICUDATA_NAME "-brkitr", "dict", "cjdict", &e);
    if (U_FAILURE(e)) die("ICU has no dictionary of Chinese words");
    const int32_t *head = udata_getMemory(data);
    if ((head[TYPE] & TYPE_MASK) != UCHARS) die("ICU's dictionary is no UCharsTrie");
    path p = {.len = 0};
    walk((const uint16_t *)(const void *)((const char *)head + head[OFFSET]), &p);
    udata_close(data);
    if (!nwords) die("ICU's dictionary has no words of Han characters");
}

static int by_units(const void *x, const void *y) {
    const word *a = x, *b = y;
    for (uint32_t i = 0; i < a->len && i < b->len; i++)
        if (a->units[i] != b->units[i]) return a->units[i] < b->units[i] ? -1 : 1;
    return a->len < b->len ? -1 : a->len > b->len;
}

/* --- the tree --- */

typedef struct {
    size_t from, to; /* the words below */
    uint32_t depth;
    uint32_t child; /* its first, in the end */
} node;

/* The children of a node that `made` nodes are made before; the number of them. */
static size_t make_children(node *all, size_t parent, size_t made) {
    node p = all[parent];
    size_t n = 0;
    for (size_t from = p.from; from < p.to;) {
        if (words[from].len == p.depth) { /* the word that ends here */
            from++;
            continue;
        }
        size_t to = from + 1;
        while (to < p.to && words[to].units[p.depth] == words[from].units[p.depth]) to++;
        all[made + n++] = (node){from, to, p.depth + 1, 0};
        from = to;
    }
    return n;
}

static const word *word_at(const node *n) {
    const word *w = &words[n->from];
    return w->len == n->depth ? w : NULL;
}

int main(void) {
    size_t units = 1, made = 1;
    read_words();
    qsort(words, nwords, sizeof *words, by_units);
    for (size_t i = 0; i < nwords; i++) units += words[i].len;
    node *all = need(calloc(units + 1, sizeof *all));
    all[0].to = nwords;
    for (size_t i = 0; i < made; i++) {
        all[i].child = (uint32_t)made;
        made += make_children(all, i, made);
    }
    all[made].child = (uint32_t)made;
    if (made >> 24) die("ICU's words are too many");
    if (all[1].child > UINT16_MAX) die("ICU's words begin with too many characters");
    printf("/* Generated by gen_han_words.c from the dictionary of ICU %s, Unicode licence. */\n"
           "#include \"han_words.h\"\nconst uint16_t jbk_han_unit[] = {",
           U_ICU_VERSION);
    for (size_t i = 0; i < made; i++)
        printf("%u,%s", i ? words[all[i].from].units[all[i].depth - 1] : 0, i % 16 ? "" : "\n");
    printf("};\nconst uint32_t jbk_han_node[] = {");
    for (size_t i = 0; i <= made; i++) {
        const word *w = i && i < made ? word_at(&all[i]) : NULL;
        printf("%u,%s", all[i].child << 8 | (w ? w->cost : 0), i % 16 ? "" : "\n");
    }
    printf("};\n");
    free(all);
    free(words);
    return 0;
}
