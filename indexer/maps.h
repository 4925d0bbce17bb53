/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mappings: what the names of an input mean.  docs/MAPPINGS.md describes the files; those of
 * data/maps are compiled in. */
#ifndef JBK_INDEXER_MAPS_H
#define JBK_INDEXER_MAPS_H

#include "base/err.h"
#include "base/field.h"
#include "base/mem.h"

#include <jansson.h>
#include <stdint.h>

/* What a value becomes: a field, or one of these. */
enum {
    JBK_TO_EXTRA = JBK_FIELDS, /* x.NAME */
    JBK_TO_NOTHING,            /* left out */
    JBK_TO_PART,               /* part of what another rule joins */
    JBK_TO_SEEN                /* the time of the first observation; + 1 its status; and so on */
};
#define JBK_SEEN_MAX 4
#define JBK_TARGETS (JBK_TO_SEEN + 2 * JBK_SEEN_MAX)

typedef enum { JBK_AS_WRITTEN, JBK_AS_WEIBO_MID, JBK_AS_REASON } jbk_map_as;

typedef struct jbk_map_rule {
    int target;
    uint8_t rank;     /* among the rules of a target the first that finds a value wins */
    const char *path; /* as written: user.name, list[].title */
    const char *key;  /* its first step */
    size_t key_len;
    const char *below;    /* the others, "" where there are none */
    const char *name;     /* of an extra, else NULL */
    const char *join;     /* a key whose text is added after a blank, or NULL */
    const char *split;    /* what separates the values of a set, or NULL */
    const json_t *values; /* what the value becomes, or NULL */
    bool contains;        /* the value need only contain what `values` names */
    jbk_map_as as;
    const struct jbk_map_rule *next; /* of the same key */
} jbk_map_rule;

typedef struct {
    const char *name, *about;
    bool generic; /* made of the field table */
    JBK_VEC(jbk_map_rule) rules;
    const char *constant[JBK_TARGETS]; /* where no rule finds a value */
    size_t nseen;
    const json_t *absent; /* an array of what means nothing, or NULL */
    const json_t *recognise;
    bool has_zone;
    int zone_min;
    json_t *doc; /* holds all the strings */
    jbk_arena arena;
} jbk_map;

/* The first rule of a key, or NULL.  ASCII case is ignored. */
const jbk_map_rule *jbk_map_rules(const jbk_map *m, const char *key, size_t len);

/* The mappings of a run, in the order in which they are tried; the last is the generic one. */
typedef struct {
    JBK_VEC(jbk_map *) maps;
    bool fixed; /* there is one, and it is taken without looking */
} jbk_maps;

/* `choice`: "auto", the name of one compiled in, the beginning of several (mediacrawler), or a
 * file. */
JBK_MUST_CHECK jbk_status jbk_maps_open(const char *choice, jbk_maps *out, jbk_err *err);
void jbk_maps_close(jbk_maps *m);
void jbk_maps_list(const jbk_maps *m); /* to stdout */

/* Whether the field table or a mapping compiled in knows a column of this name; or knows it as
 * one that a title or text may come from. */
bool jbk_maps_know(const char *name, size_t len);
bool jbk_maps_know_text(const char *name, size_t len);

#endif
