/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every block gets a score: good where it reads like sentences, bad where it is made of links,
 * stands under a bad name, in a list of things alike, or behind a line after which no article
 * goes on.  The element whose blocks have the greatest sum is the main text; what is bad in it is
 * left out. */
#include "html_main.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "html_blocks.h"
#include "html_words.h"

#include <stdlib.h>
#include <strings.h>

typedef struct {
    jbk_html_tree *tree;
    const jbk_html_clues *clues;
    jbk_html_blocks blocks;
    uint32_t heading; /* block of the main heading, or NONE */
    uint32_t lead;    /* the first block after it that reads like text, or NONE */
    JBK_VEC(double) sums;
    JBK_VEC(uint32_t) texts; /* how many lines before each read like text */
} page;

#define NONE UINT32_MAX

static const char *text_of(const page *p, const jbk_html_block *b) {
    return p->blocks.text.data + b->start;
}

static bool holds(const jbk_html_node *n, uint32_t block) {
    return block != NONE && n->from <= block && block < n->to;
}

static jbk_html_node *first_node(const page *p) { return p->tree->root; }

static jbk_html_node *node_after(const page *p, const jbk_html_node *n, bool skip) {
    return jbk_html_next(n, p->tree->root, skip);
}

/* --- the heading --- */

/* How much of a title the line is: its length where the title holds it, and more where a heading
 * begins it; else 0. */
static size_t title_match(const page *p, const jbk_html_block *b) {
    for (size_t i = 0; i < 4; i++) {
        const char *title = p->clues->titles[i];
        if (!title || strlen(title) < b->len) continue;
        if (!memcmp(title, text_of(p, b), b->len)) return b->len + (b->heading ? 8 : 0);
        if (memmem(title, strlen(title), text_of(p, b), b->len)) return b->len;
    }
    return 0;
}

static void find_heading(page *p) {
    size_t best = 0;
    uint32_t h1 = NONE;
    p->heading = NONE;
    for (uint32_t i = 0; i < p->blocks.at.n; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        if (b->weight < 4 || b->len > 1000) continue;
        if (b->heading == 1 && h1 == NONE && b->weight >= 8) h1 = i;
        size_t match = title_match(p, b) * (b->heading ? 2 : 1);
        if (jbk_html_is_linked(b)) match /= 2; /* the same in a list of news */
        if (match <= best) continue;
        best = match;
        p->heading = i;
    }
    if (best < 16 && h1 != NONE) p->heading = h1;
    if (best && best < 16 && p->heading != h1 && !p->blocks.at.at[p->heading].heading)
        p->heading = NONE; /* "Main", in a menu */
}

/* --- names --- */

static bool has_word(const char *s, const char *word) { return s && strcasestr(s, word); }

static unsigned node_hints(const jbk_html_node *n) {
    unsigned h = n->text ? jbk_html_hints(n->text, n->len) : 0;
    const char *role = jbk_html_attr_of(n, "role"), *prop = jbk_html_attr_of(n, "itemprop");
    if (n->tag == JBK_TAG_NAV || n->tag == JBK_TAG_ASIDE || n->tag == JBK_TAG_FOOTER ||
        n->tag == JBK_TAG_FIGCAPTION || n->tag == JBK_TAG_HEADER)
        h |= JBK_HINT_BAD;
    if (n->tag == JBK_TAG_ARTICLE || n->tag == JBK_TAG_MAIN) h |= JBK_HINT_GOOD;
    if (has_word(role, "navigation") || has_word(role, "banner") || has_word(role, "contentinfo") ||
        has_word(role, "complementary") || has_word(role, "search") || has_word(role, "dialog") ||
        has_word(prop, "comment") || has_word(jbk_html_attr_of(n, "itemtype"), "comment"))
        h |= JBK_HINT_BAD;
    if (has_word(prop, "articleBody") || (n->text && strstr(n->text, "js_content")))
        h |= JBK_HINT_BODY | JBK_HINT_GOOD;
    if (has_word(prop, "date") || has_word(prop, "author") || n->tag == JBK_TAG_TIME)
        h |= JBK_HINT_MINOR;
    return h;
}

static void mark(page *p, const jbk_html_node *n, bool bad, bool minor, bool good) {
    for (uint32_t i = n->from; i < n->to; i++) {
        jbk_html_block *b = &p->blocks.at.at[i];
        b->bad |= bad;
        b->minor |= minor;
        b->good |= good;
    }
}

/* A bad name is not believed of what holds the heading, or the body by its name. */
static void mark_names(page *p) {
    const jbk_html_node *body = NULL;
    for (const jbk_html_node *n = first_node(p); n; n = node_after(p, n, false))
        if (n->tag != JBK_TAG_TEXT && !body && (node_hints(n) & JBK_HINT_BODY) && n->to > n->from)
            body = n;
    const jbk_html_node *next;
    for (const jbk_html_node *n = first_node(p); n; n = next) {
        next = node_after(p, n, false);
        if (n->tag == JBK_TAG_TEXT || n->from == n->to || n->tag == JBK_TAG_BODY) continue;
        unsigned h = node_hints(n);
        bool around = holds(n, p->heading) || (body && n->from <= body->from && body->to <= n->to);
        if (around && n->tag != JBK_TAG_FIGCAPTION) h &= ~(unsigned)(JBK_HINT_BAD | JBK_HINT_MINOR);
        mark(p, n, h & JBK_HINT_BAD, h & JBK_HINT_MINOR, h & JBK_HINT_GOOD);
    }
}

/* --- the end of the article --- */

static void count_texts(page *p) {
    uint32_t n = 0;
    for (uint32_t i = 0; i <= p->blocks.at.n; i++) {
        jbk_vec_push(&p->texts, n);
        if (i == p->blocks.at.n) break;
        const jbk_html_block *b = &p->blocks.at.at[i];
        n += jbk_html_is_sentence(b) && !jbk_html_is_linked(b) && !b->bad && i != p->heading;
    }
}

static bool text_before(const page *p, uint32_t from, uint32_t to) {
    return from < to && p->texts.at[to] > p->texts.at[from];
}

/* "Comments (12)" and the like: what follows it in its part of the page is bad; where nothing
 * stands before it there, the part is what is around. */
static void mark_endings(page *p) {
    for (uint32_t i = 0; i < p->blocks.at.n; i++) {
        jbk_html_block *b = &p->blocks.at.at[i];
        if (b->bad || !jbk_html_ends_article(text_of(p, b), b->len)) continue;
        if (p->heading != NONE ? i < p->heading : !text_before(p, 0, i)) {
            b->bad = true;
            continue;
        }
        const jbk_html_node *part = b->owner;
        uint32_t after = p->heading == NONE ? 0 : p->heading + 1;
        while (part->parent && part->from == i && part->to == i + 1) part = part->parent;
        /* A part that begins with this line, and has no text before. */
        while (part->parent && !text_before(p, part->from < after ? after : part->from, i) &&
               !holds(part, p->heading) && part->parent->from >= after &&
               !text_before(p, part->parent->from, i))
            part = part->parent;
        for (uint32_t k = i; k < part->to; k++) p->blocks.at.at[k].bad = true;
    }
}

/* --- lists of things alike --- */

typedef struct {
    const jbk_html_node *node;
    uint32_t shape;
    uint64_t inner;
} member;

static int compare_members(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->shape != y->shape) return x->shape < y->shape ? -1 : 1;
    return x->node->from < y->node->from ? -1 : x->node->from > y->node->from;
}

/* What stands in it, two levels deep, repetitions aside. */
static uint64_t inner_shape(const jbk_html_node *n, int levels) {
    uint64_t h = 0, last = 0;
    while (n->first && !n->first->next && n->first->tag != JBK_TAG_TEXT) n = n->first;
    for (const jbk_html_node *c = n->first; c; c = c->next) {
        if (c->tag == JBK_TAG_TEXT || c->tag == JBK_TAG_BR || c->from == c->to) continue;
        uint64_t shape[2] = {c->shape, levels > 1 ? inner_shape(c, levels - 1) : 0};
        uint64_t own = jbk_hash(shape, sizeof shape);
        if (own != last) h = jbk_hash_seed(&own, sizeof own, h);
        last = own;
    }
    return h;
}

/* More than one line, and one of them short as a name, a date or a button is. */
static bool is_composed(const page *p, const jbk_html_node *n) {
    if (n->tag == JBK_TAG_TEXT || n->tag == JBK_TAG_TD || n->to - n->from < 2) return false;
    bool brief = false, text = false;
    for (uint32_t i = n->from; i < n->to; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        bool sentence = jbk_html_is_sentence(b) && !jbk_html_is_linked(b);
        text |= !jbk_html_is_linked(b);
        brief |= !sentence && b->weight < 60 && (!b->heading || jbk_html_is_linked(b));
    }
    return brief && text;
}

static bool mostly_alike(const member *m, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n && j < 50; j++) same += m[i].inner == m[j].inner;
        if (same * 3 >= (n < 50 ? n : 50) * 2) return true;
        if (i >= 3) break;
    }
    return false;
}

static void mark_group(page *p, const member *m, size_t n) {
    if (n < 3 || !mostly_alike(m, n)) return;
    /* A thread: its first post is what the heading names, the others answer it.  Where another
     * than the first holds the lead, these are the page's columns. */
    size_t first = holds(m[0].node, p->lead) ? 1 : 0;
    for (size_t i = 1; i < n; i++)
        if (holds(m[i].node, p->lead)) return;
    for (size_t i = first; i < n; i++)
        for (uint32_t k = m[i].node->from; k < m[i].node->to; k++) p->blocks.at.at[k].item = true;
}

static void mark_items(page *p) {
    JBK_VEC(member) found = {0};
    for (const jbk_html_node *n = first_node(p); n; n = node_after(p, n, false)) {
        if (n->tag == JBK_TAG_TEXT || n->to - n->from < 4) continue;
        found.n = 0;
        for (const jbk_html_node *c = n->first; c; c = c->next) {
            member m = {c, c->shape, 0};
            if (!is_composed(p, c)) continue;
            m.inner = inner_shape(c, 2);
            jbk_vec_push(&found, m);
        }
        if (found.n < 3) continue;
        qsort(found.at, found.n, sizeof *found.at, compare_members);
        for (size_t i = 0, j; i < found.n; i = j) {
            for (j = i; j < found.n && found.at[j].shape == found.at[i].shape;) j++;
            mark_group(p, found.at + i, j - i);
        }
    }
    jbk_vec_free(&found);
}

/* --- scores --- */

/* A line that begins with a date as bylines do: in figures, or with the time of day. */
static bool begins_with_date(const char *s, size_t len) {
    size_t i = 0, digits = 0;
    while (i < len && i < 12 && ((s[i] >= '0' && s[i] <= '9') || strchr("-./:", s[i])))
        digits += s[i] >= '0' && s[i] <= '9', i++;
    if (digits >= 6) return true;
    return digits == 4 && len > i && !memcmp(s + i, "年", len - i < 3 ? len - i : 3) &&
           memchr(s, ':', len < 40 ? len : 40);
}

/* A line about the text, not of it. */
static bool is_credit(const page *p, const jbk_html_block *b) {
    const char *s = text_of(p, b);
    if (b->weight > 160) return false;
    if (jbk_html_is_rights(s, b->len) || jbk_html_is_call(s, b->len)) return true;
    size_t digits = 0;
    for (size_t i = 0; i < b->len; i++) digits += s[i] >= '0' && s[i] <= '9';
    bool sentence = b->closed && b->weight > 30;
    if (b->weight <= 120 && !sentence && digits >= 6 && begins_with_date(s, b->len)) return true;
    if (b->weight <= 80 && !sentence && jbk_html_is_credit(s, b->len)) return true;
    return b->weight <= 60 && !sentence && digits >= 6 && digits * 4 >= b->weight;
}

static bool same_text(const page *p, const jbk_html_block *a, const jbk_html_block *b) {
    return a->len == b->len && !memcmp(text_of(p, a), text_of(p, b), a->len);
}

/* What the heading stands over: the first line that reads like a sentence, or like speech
 * without points; where there is none, the first that could be anything. */
static void find_lead(page *p) {
    uint32_t fallback = NONE;
    p->lead = NONE;
    for (uint32_t i = p->heading == NONE ? 0 : p->heading + 1; i < p->blocks.at.n; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        if (b->bad || jbk_html_is_linked(b) || is_credit(p, b)) continue;
        if (b->heading) continue;
        /* A post may say no more than its title. */
        bool again = p->heading != NONE && same_text(p, b, &p->blocks.at.at[p->heading]);
        if (!again && title_match(p, b)) continue;
        bool plain = b->weight >= 20 && b->linked * 5 <= b->weight; /* no row of buttons */
        bool speech = p->heading != NONE && !b->minor && (again || plain);
        if (jbk_html_is_sentence(b) || speech) {
            p->lead = i;
            return;
        }
        if (fallback == NONE && !b->minor && b->weight >= 4) fallback = i;
    }
    p->lead = fallback;
}

static bool is_described(const page *p, const jbk_html_block *b) {
    const char *d = p->clues->description;
    if (!d || b->weight < 10) return false;
    size_t n = jbk_utf8_cut(d, strlen(d), 60);
    if (n > b->len) n = b->len;
    return n >= 20 && memmem(text_of(p, b), b->len, d, n) != NULL;
}

static double score(const page *p, uint32_t i) {
    const jbk_html_block *b = &p->blocks.at.at[i];
    double weight = b->weight, own = weight - b->linked;
    if (b->bad || b->item) return -0.35 * weight - 2;
    if (is_credit(p, b)) return -3;
    if (jbk_html_is_linked(b)) return -0.3 * (weight < 80 ? weight : 80) - 4;
    if (!jbk_html_is_sentence(b)) return b->minor ? -2 : i == p->lead ? own + 40 : -1;
    double s = own;
    if (b->minor) s *= 0.3;
    if (b->good) s *= 1.25;
    if (i == p->lead) s += 40 + own * 0.5;
    if (is_described(p, b)) s += 100 + own * 0.5;
    if (p->heading != NONE && i < p->heading) s *= 0.4;
    return s;
}

static void set_scores(page *p) {
    double sum = 0;
    jbk_vec_push(&p->sums, 0.0);
    for (uint32_t i = 0; i < p->blocks.at.n; i++) {
        p->blocks.at.at[i].score = score(p, i);
        sum += p->blocks.at.at[i].score;
        jbk_vec_push(&p->sums, sum);
    }
}

static double sum_of(const page *p, const jbk_html_node *n) {
    return p->sums.at[n->to] - p->sums.at[n->from];
}

/* Under a heading that is known the text is where its first sentence is. */
static const jbk_html_node *choose(const page *p) {
    const jbk_html_node *best = NULL, *body = NULL;
    double best_sum = 0, body_sum = 0;
    bool led = p->heading != NONE && p->lead != NONE;
    for (const jbk_html_node *n = first_node(p); n; n = node_after(p, n, false)) {
        if (n->tag == JBK_TAG_TEXT || n->from == n->to || (led && !holds(n, p->lead))) continue;
        double s = sum_of(p, n);
        if (s > 0 && s >= best_sum) { /* of equals the innermost */
            best = n;
            best_sum = s;
        }
        if (s > body_sum && (node_hints(n) & JBK_HINT_BODY)) {
            body = n;
            body_sum = s;
        }
    }
    return body && body_sum * 3 > best_sum ? body : best;
}

/* --- what is taken of the chosen element --- */

static bool is_kept(const page *p, uint32_t i) {
    const jbk_html_block *b = &p->blocks.at.at[i];
    if (b->bad || b->item || b->heading == 1 || i == p->heading) return false;
    if (jbk_html_is_linked(b) || is_credit(p, b)) return false;
    if (b->minor && !jbk_html_is_sentence(b)) return i == p->lead;
    return true;
}

/* Short lines before the first sentence and after the last belong to the frame, unless they
 * stand among the sentences' own. */
static bool is_frame(const page *p, uint32_t i, uint32_t first, uint32_t last) {
    const jbk_html_block *b = &p->blocks.at.at[i];
    if (i >= first && i <= last) return false;
    const jbk_html_block *near = &p->blocks.at.at[i < first ? first : last];
    if (b->heading) return true;
    if (i < first && title_match(p, b)) return true;
    return b->owner != near->owner &&
           (b->owner->shape != near->owner->shape || b->owner->parent != near->owner->parent);
}

/* A chosen line stands for its neighbours of the same shape: paragraphs side by side among other
 * things. */
static void widen(const page *p, const jbk_html_node *main, uint32_t *from, uint32_t *to) {
    *from = main->from;
    *to = main->to;
    if (!main->parent || main->to - main->from > 1) return;
    for (const jbk_html_node *n = main->parent->first; n; n = n->next) {
        if (n->shape != main->shape || n->to - n->from != 1 || sum_of(p, n) <= 0) continue;
        if (n->from < *from) *from = n->from;
        if (n->to > *to) *to = n->to;
    }
}

/* Side by side in one element, or in boxes of a kind, however deep: of the elements around the two,
 * up to where they meet, at most one pair differs, and two are alike, or one around the lines. */
static bool stand_together(const jbk_html_block *a, const jbk_html_block *b) {
    const jbk_html_node *x = a->owner, *y = b->owner;
    if (x == y || x->parent == y || y->parent == x) return true;
    size_t alike = 0, others = 0;
    bool same_boxes = x->shape != y->shape; /* of different lines */
    for (int level = 0; level < 5 && x && y && x != y; level++) {
        if (!level && x->parent == y->parent) return true;
        alike += x->shape == y->shape;
        others += x->shape != y->shape;
        x = x->parent;
        y = y->parent;
    }
    return x == y && (!others || (others == 1 && alike + same_boxes >= 2));
}

/* Where text goes on elsewhere behind links, it is another text. */
static void cut_behind_links(const page *p, uint32_t from, uint32_t *to) {
    const jbk_html_block *before = NULL;
    size_t links = 0;
    for (uint32_t i = p->lead != NONE && p->lead > from ? p->lead : from; i < *to; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        links += jbk_html_is_linked(b) || b->bad || b->item;
        if (!is_kept(p, i) || !jbk_html_is_sentence(b)) continue;
        if (before && links >= 2 && !stand_together(before, b)) {
            *to = i;
            return;
        }
        before = b;
        links = 0;
    }
}

static void take(const page *p, const jbk_html_node *main, jbk_buf *out) {
    uint32_t first = NONE, last = NONE, from, to;
    widen(p, main, &from, &to);
    /* What stands before the heading of what reads like text is of the frame. */
    if (p->heading != NONE && p->lead != NONE && from <= p->heading && p->lead < to)
        from = p->heading + 1;
    cut_behind_links(p, from, &to);
    for (uint32_t i = from; i < to; i++) {
        if (!is_kept(p, i)) continue;
        if (!jbk_html_is_sentence(&p->blocks.at.at[i]) && i != p->lead) continue;
        if (first == NONE) first = i;
        last = i;
    }
    for (uint32_t i = from; i < to; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        if (!is_kept(p, i) || (first != NONE && is_frame(p, i, first, last))) continue;
        if (out->len) jbk_buf_byte(out, '\n');
        jbk_buf_add(out, text_of(p, b), b->len);
    }
}

/* Where nothing reads like text: the longest line that is not bad. */
static void take_longest(const page *p, jbk_buf *out) {
    const jbk_html_block *best = NULL;
    for (uint32_t i = 0; i < p->blocks.at.n; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        if (!is_kept(p, i)) continue;
        if (!best || b->weight > best->weight) best = b;
    }
    if (best) jbk_buf_add(out, text_of(p, best), best->len);
}

static void take_heading(const page *p, const jbk_html_node *main, jbk_html_main_text *out) {
    if (p->heading == NONE) return;
    const jbk_html_block *h = &p->blocks.at.at[p->heading];
    jbk_buf_add(&out->heading, text_of(p, h), h->len);
    uint32_t end = p->lead != NONE ? p->lead : main ? main->from : p->heading;
    for (uint32_t i = p->heading + 1; i < end && i < p->heading + 12; i++) {
        const jbk_html_block *b = &p->blocks.at.at[i];
        if (b->weight > 120) continue;
        jbk_buf_add(&out->dateline, text_of(p, b), b->len);
        jbk_buf_byte(&out->dateline, '\n');
    }
}

void jbk_html_main(jbk_html_tree *t, const jbk_html_clues *clues, jbk_html_main_text *out) {
    page p = {.tree = t, .clues = clues};
    jbk_html_blocks_collect(t, &p.blocks);
    find_heading(&p);
    mark_names(&p);
    count_texts(&p);
    mark_endings(&p);
    find_lead(&p);
    mark_items(&p);
    set_scores(&p);
    const jbk_html_node *main = choose(&p);
    if (main) take(&p, main, &out->text);
    if (!out->text.len) take_longest(&p, &out->text);
    take_heading(&p, main, out);
    jbk_html_blocks_free(&p.blocks);
    jbk_vec_free(&p.sums);
    jbk_vec_free(&p.texts);
}

void jbk_html_main_free(jbk_html_main_text *m) {
    jbk_buf_free(&m->text);
    jbk_buf_free(&m->heading);
    jbk_buf_free(&m->dateline);
}
