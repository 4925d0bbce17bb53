/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for damage.  Everywhere else the store stops at the first thing that is wrong; here
 * it tells of each and goes on.  Nothing here trusts what it reads: not a length, not a
 * number, not the shape of meta.mdb, which LMDB itself would follow into nowhere. */
#ifndef JBK_STORE_VERIFY_H
#define JBK_STORE_VERIFY_H

#include "store/store.h"

/* The tables of meta.mdb. */
typedef enum {
    JBK_TABLE_META,
    JBK_TABLE_SEGMENTS,
    JBK_TABLE_COLUMNS,
    JBK_TABLE_VALUES,
    JBK_TABLE_CODES,
    JBK_TABLE_OBSERVATIONS,
    JBK_TABLE_INPUTS,
    JBK_TABLE_PENDING,
    JBK_TABLES
} jbk_table_id;
extern const char *const jbk_table_names[JBK_TABLES];

/* Told of each thing that is wrong.  `what` lives during the call; documents first .. +n are
 * touched as far as is known (n may be 0). */
typedef struct {
    void (*tell)(void *arg, const char *what, uint32_t first, uint32_t n);
    void *arg;
} jbk_damage_ear;

/* --- meta.mdb: its pages, before LMDB may touch them --- */

/* What can be used of it. */
typedef struct {
    bool usable;            /* the file can be opened at all */
    bool table[JBK_TABLES]; /* this table can be read */
} jbk_meta_state;

/* Verify the newest generation's trees: every page in its place and once, every node inside
 * its page, keys in order, the counts as recorded, free pages free.  `tell` gets texts that name
 * the table.  Fails (JBK_IO) where there is no such file or the system refuses. */
JBK_MUST_CHECK jbk_status jbk_meta_verify(const char *dir, jbk_damage_ear ear, jbk_meta_state *out,
                                          jbk_err *err);

/* --- the rows of a table --- */

/* A row, its checksum verified.  `good` is false where it is wrong: the key may be, too. */
typedef struct {
    const char *key, *value; /* in the map, until the view closes */
    size_t key_len, len;
    bool good;
} jbk_row;
/* Every row in the order of keys.  `each` ends the walk by returning false. */
JBK_MUST_CHECK jbk_status jbk_view_each_row(jbk_view *v, jbk_table_id table,
                                            bool (*each)(void *arg, const jbk_row *row), void *arg,
                                            jbk_err *err);

/* A row of the table of observations, of documents block * JBK_HISTORY_BLOCK on, as it was
 * recorded; false, with what could be read, where it is cut off. */
#define JBK_HISTORY_BLOCK 256u
bool jbk_history_read_part(uint32_t block, const char *bytes, size_t len, jbk_recorded_list *out);

/* A row of the table of pending observations; the name points into it. */
bool jbk_pending_read_row(const char *bytes, size_t len, jbk_str *name, jbk_recorded_list *out);

/* As jbk_view_open, but what is wrong with the list of segments and with their records files is
 * told and gone on from: the view then has gaps, and segments whose volume is NULL.
 * `trouble` gets, for a segment whose records file does not open, that failure. */
typedef struct {
    jbk_damage_ear rows; /* the table of segments, and the rows of `meta` a view needs */
    void (*trouble)(void *arg, const jbk_segment_info *segment, const jbk_err *why);
    void *arg;
} jbk_view_ear;
JBK_MUST_CHECK jbk_status jbk_view_open_torn(jbk_store *s, const jbk_view_ear *ear, jbk_view **out,
                                             jbk_err *err);

/* --- a records file --- */

/* Read every page; append the runs of those whose checksums are wrong.  *pages: how many there
 * are. */
typedef struct {
    uint64_t first, n;
} jbk_page_run;
typedef JBK_VEC(jbk_page_run) jbk_page_runs;
void jbk_volume_verify_pages(jbk_volume *v, jbk_page_runs *bad, uint64_t *pages);
/* What stands on a page: "blocks of text", "words", ...; static. */
const char *jbk_volume_part(jbk_volume *v, uint64_t page);

/* Sections, block directories, lookups, words, suffixes and keys: each in its bounds, sorted,
 * complete.  Documents told are local.  What stands on a damaged page is passed over. */
void jbk_volume_verify(jbk_volume *v, jbk_damage_ear ear);

/* Does the lookup have this very entry, by what is kept of the hash?  False also where it cannot be
 * read. */
bool jbk_volume_has_entry(jbk_volume *v, jbk_run_kind kind, uint64_t hash, uint32_t doc);
/* 0 where it cannot be read. */
uint64_t jbk_volume_entries(jbk_volume *v, jbk_run_kind kind);

/* Does the word with that number have a key with this hash?  False also where it cannot be read. */
bool jbk_volume_has_key(jbk_volume *v, uint32_t hash, uint32_t word);
uint64_t jbk_volume_keys(const jbk_volume *v); /* keys of all words together */

/* --- files --- */

/* Numbers of the files called NNNNNN.records (or .postings) in the folder, ascending. */
typedef JBK_VEC(uint32_t) jbk_file_numbers;
void jbk_store_files(const char *dir, const char *ending, jbk_file_numbers *out);
/* Is somebody writing to the index now? */
bool jbk_store_is_written(const char *dir);

#endif
