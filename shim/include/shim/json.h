/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON objects read by simdjson, as jansson would read them.  Another C program may use it alone.
 */
#ifndef JBK_SHIM_JSON_H
#define JBK_SHIM_JSON_H

#include <jansson.h>
#include <stddef.h>

/* What a thread keeps between one object and the next; NULL at first. */
typedef struct jbk_json jbk_json;

/* The object that is written in s[0..len), UTF-8, the same that json_loadb makes of it; the
 * caller's.  NULL where json_loadb is to be asked: it is no JSON, no object, longer than 256 KiB,
 * nested more than 64 deep, or holds U+0000 or whole numbers beyond 64 bits. */
json_t *jbk_json_quick(jbk_json **kept, const char *s, size_t len);
void jbk_json_free(jbk_json *kept); /* NULL is fine */

/* For json_set_alloc_funcs: with these such an object lies together in memory, and costs less to
 * make and to drop.  It is then dropped by the thread that made it, or at another time than that
 * thread makes or drops one. */
void *jbk_json_alloc(size_t n);
void jbk_json_drop(void *at);

#endif
