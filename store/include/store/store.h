/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index on disk: a folder with one LMDB file (what changes) and immutable segments (what
 * does not).  Readers see one committed generation, whole; one writer at a time makes the
 * next.  docs/FORMAT.md has the layout. */
#ifndef JBK_STORE_STORE_H
#define JBK_STORE_STORE_H

#include "base/err.h"
#include "base/field.h"
#include "store/volume.h"

#define JBK_FORMAT_VERSION 5

typedef struct jbk_store jbk_store;

typedef enum {
    JBK_OPEN_READ,  /* the index must exist */
    JBK_OPEN_TORN,  /* the same, after jbk_meta_verify has said what of it can be used */
    JBK_OPEN_WRITE, /* made if missing; takes the write lock; sweeps leftovers of a crash */
} jbk_open_mode;

/* `fold_digest` is what the index must have been made with (JBK_VERSION if not). */
JBK_MUST_CHECK jbk_status jbk_store_open(const char *dir, jbk_open_mode mode, uint64_t fold_digest,
                                         jbk_store **out, jbk_err *err);
void jbk_store_close(jbk_store *s);
const char *jbk_store_dir(const jbk_store *s);
bool jbk_store_is_index(const char *dir);      /* has a folder the files of one? */
char *jbk_store_meta_path(const jbk_store *s); /* free() it */

/* --- one generation, as long as the view is open --- */

/* Checksums of a file: of the whole, and the lower half of the jbk_hash of each 8,192 bytes. */
#define JBK_SUM_BLOCK 8192
typedef struct {
    uint64_t whole;
    JBK_VEC(uint32_t) block;
} jbk_file_sums;

typedef struct {
    uint32_t number; /* names its files */
    uint32_t base;   /* document number of its first document */
    uint32_t docs;
    jbk_file_sums postings; /* of its postings when they were made */
    char *postings_path;    /* owned by the view */
    char *records_path;
    jbk_volume *volume; /* owned by the store */
} jbk_segment_info;

typedef struct jbk_view jbk_view;

JBK_MUST_CHECK jbk_status jbk_view_open(jbk_store *s, jbk_view **out, jbk_err *err);
void jbk_view_close(jbk_view *v);
uint64_t jbk_view_generation(const jbk_view *v);
uint32_t jbk_view_docs(const jbk_view *v); /* document numbers given out, dead ones included */
const jbk_dicts *jbk_view_dicts(const jbk_view *v);
size_t jbk_view_segments(const jbk_view *v, const jbk_segment_info **out);
/* The segment that holds document number `doc`; NULL if none. */
const jbk_segment_info *jbk_view_segment_of(const jbk_view *v, uint32_t doc);

/* A row of the `meta` table: *bytes (in the map, until the view closes) is NULL where there is
 * none. */
#define JBK_META_DEAD "dead"           /* portable CRoaring bitmap of dead document numbers */
#define JBK_META_FORGOTTEN "forgotten" /* those of them that no command may show again */
#define JBK_META_PURGED "purged"       /* u64: how many of these have left the files */
#define JBK_META_REJECTS "rejects"     /* the indexer's: how much of the rejects is committed */
#define JBK_META_BY_URL "by_url"       /* there where some observation named a post by its url */
#define JBK_META_RUNS "runs"           /* jbk_indexing_run each: when documents were indexed */
#define JBK_META_STORIES "stories"     /* u64: how many documents have been put into families */
#define JBK_META_NAMES "names"         /* u64: the table of names of `mentions`, 0: several */
extern const char *const jbk_meta_dict[JBK_STREAMS]; /* compression dictionaries */
/* Documents from `first` on were indexed at `at`, up to those of the next one. */
typedef struct {
    uint32_t first, zero;
    int64_t at; /* packed time */
} jbk_indexing_run;
JBK_MUST_CHECK jbk_status jbk_view_meta(jbk_view *v, const char *key, const char **bytes,
                                        size_t *len, jbk_err *err);

/* Who has the index open.  A reader that stays keeps the pages of its commit, and all that were
 * freed since: meta.mdb grows meanwhile. */
typedef struct {
    unsigned readers;    /* processes besides this one, as far as the lock file tells */
    uint64_t behind;     /* commits since the oldest of them began */
    long oldest_pid;     /* 0: none is behind */
    uint64_t free_bytes; /* of meta.mdb, to be used again once no reader needs them */
} jbk_readers;
JBK_MUST_CHECK jbk_status jbk_view_readers(jbk_view *v, jbk_readers *out, jbk_err *err);

/* --- columns --- */

#define JBK_CHUNK 16384u /* documents */
#define JBK_ABSENT INT64_MIN

/* Values of documents chunk*JBK_CHUNK .. +n: value = base + scale * unsigned(data[i]); the
 * largest unsigned of the width is absent where has_absent.  Width 0: all are `base`, or all
 * absent.  `data` is in the map. */
typedef struct {
    const void *data;
    int64_t base;
    uint64_t scale;
    uint32_t n;
    uint8_t width; /* 0 to 8 bytes */
    bool has_absent;
} jbk_chunk;

/* A chunk that is not there has width 0, all absent, n = 0. */
JBK_MUST_CHECK jbk_status jbk_view_chunk(jbk_view *v, jbk_field_id field, uint32_t chunk,
                                         jbk_chunk *out, jbk_err *err);
int64_t jbk_chunk_get(const jbk_chunk *c, uint32_t i); /* i >= n: absent */
void jbk_chunk_decode(const jbk_chunk *c, int64_t out[JBK_CHUNK]);
/* out[k] := what stands at at[k] % JBK_CHUNK, of n that ascend within a chunk. */
void jbk_chunk_draw(const jbk_chunk *c, const uint32_t *at, uint32_t n, int64_t *out);

/* --- dictionaries of CODES columns; codes count from 0 in order of first appearance --- */

JBK_MUST_CHECK jbk_status jbk_view_value(jbk_view *v, jbk_field_id field, uint32_t code,
                                         const char **s, size_t *len, jbk_err *err);
/* JBK_NOT_FOUND, without a message, where no document ever had it. */
JBK_MUST_CHECK jbk_status jbk_view_code(jbk_view *v, jbk_field_id field, const char *s, size_t len,
                                        uint32_t *code, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_view_values(jbk_view *v, jbk_field_id field, uint32_t *n,
                                          jbk_err *err);

/* --- observations --- */

typedef struct {
    const char *s; /* NULL: absent */
    size_t len;    /* bytes */
} jbk_str;

/* What somebody saw of a post at one moment.  Start from jbk_observation_none(). */
typedef struct {
    int64_t at;        /* packed time */
    int32_t status;    /* jbk_post_status, -1 where not given */
    uint8_t confirm;   /* failed checks in a row that make a post gone; 0 and 1 are the same */
    bool at_assumed;   /* seen when indexed, not when said */
    bool by_url;       /* it named the post by its url, which other records may share */
    int64_t counts[4]; /* views, likes, comments, reposts: packed, or JBK_ABSENT */
    jbk_str message;   /* what the platform or the server said, at most JBK_MESSAGE_MAX bytes */
    jbk_str seen_by;   /* who saw it, at most JBK_SEEN_BY_MAX bytes */
} jbk_observation;
typedef JBK_VEC(jbk_observation) jbk_observations;
#define JBK_MESSAGE_MAX 1000
#define JBK_SEEN_BY_MAX 200
jbk_observation jbk_observation_none(void);
/* Copy its strings into the arena. */
void jbk_observation_keep(jbk_observation *o, jbk_arena *arena);

/* An observation and whose it is. */
typedef struct {
    uint32_t doc;
    jbk_observation seen;
} jbk_recorded;
typedef JBK_VEC(jbk_recorded) jbk_recorded_list;

/* Append the history of `doc` in the order it was recorded: nothing, where all that was ever
 * seen of it is in its record, else everything, the record's own observation included.  Strings
 * are in the map, until the view closes. */
JBK_MUST_CHECK jbk_status jbk_view_observations(jbk_view *v, uint32_t doc, jbk_observations *out,
                                                jbk_err *err);
/* The same of documents first .. end, in order of documents. */
JBK_MUST_CHECK jbk_status jbk_view_histories(jbk_view *v, uint32_t first, uint32_t end,
                                             jbk_recorded_list *out, jbk_err *err);

/* Observations of records that nobody has indexed yet wait under the record's name: its identity
 * (jbk_record_identity), or 'u' and a url, or 'd' and an id without platform. */
JBK_MUST_CHECK jbk_status jbk_view_pending(jbk_view *v, const char *name, size_t len,
                                           jbk_observations *out, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_view_pending_count(jbk_view *v, uint64_t *observations, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_view_pending_rows(jbk_view *v, size_t *rows, jbk_err *err);

/* --- the one commit point --- */

typedef struct jbk_commit jbk_commit;

/* Only on a store opened for writing; one at a time, begun and ended in one thread. */
JBK_MUST_CHECK jbk_status jbk_commit_begin(jbk_store *s, jbk_commit **out, jbk_err *err);
/* This commit changes no answer: the generation stays. */
void jbk_commit_quiet(jbk_commit *c);
/* The segment's files are in their places. */
JBK_MUST_CHECK jbk_status jbk_commit_segment(jbk_commit *c, uint32_t number, uint32_t base,
                                             uint32_t docs, const jbk_file_sums *postings,
                                             jbk_err *err);
/* Values of documents from the chunk's first on, as bytes: n <= JBK_CHUNK of them. */
void jbk_chunk_encode(const int64_t *values, uint32_t n, jbk_buf *out);
/* Read what jbk_chunk_encode has written; *out points into it. */
JBK_MUST_CHECK jbk_status jbk_chunk_view(const char *bytes, size_t len, jbk_chunk *out,
                                         jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_chunk(jbk_commit *c, jbk_field_id field, uint32_t chunk,
                                           const jbk_buf *bytes, jbk_err *err);
/* Change values of documents that are there; ascending by field, then document.  Of several
 * for one place the last holds. */
typedef struct {
    jbk_field_id field;
    uint32_t doc;
    int64_t value;
} jbk_patch;
JBK_MUST_CHECK jbk_status jbk_commit_patches(jbk_commit *c, const jbk_patch *patches, size_t n,
                                             jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_value(jbk_commit *c, jbk_field_id field, uint32_t code,
                                           const char *s, size_t len, jbk_err *err);
/* Append to histories; `list` is sorted by document and for each in the order to be kept. */
JBK_MUST_CHECK jbk_status jbk_commit_observations(jbk_commit *c, const jbk_recorded *list, size_t n,
                                                  jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_pending(jbk_commit *c, const char *name, size_t len,
                                             const jbk_observation *list, size_t n, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_drop_pending(jbk_commit *c, const char *name, size_t len,
                                                  jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_meta(jbk_commit *c, const char *key, const void *bytes,
                                          size_t len, jbk_err *err);
/* Taking away: a segment's row, a document's observations, a value that no document has (its
 * code stays, and means the empty string). */
JBK_MUST_CHECK jbk_status jbk_commit_drop_segment(jbk_commit *c, uint32_t base, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_drop_observations(jbk_commit *c, uint32_t doc, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_commit_drop_value(jbk_commit *c, jbk_field_id field, uint32_t code,
                                                jbk_err *err);
/* Before this nothing happened, after it everything did.  Frees c, also on failure. */
JBK_MUST_CHECK jbk_status jbk_commit_end(jbk_commit *c, jbk_err *err);
void jbk_commit_abort(jbk_commit *c); /* NULL is fine */

/* Write the LMDB file anew, row by row, so that nothing that was taken away is left in its
 * unused bytes; it says how many records are purged.  Readers of the old one go on undisturbed.
 * Only on a store opened for writing, without open views; close it afterwards. */
JBK_MUST_CHECK jbk_status jbk_store_rewrite(jbk_store *s, uint64_t purged, jbk_err *err);

/* --- files of a segment to be --- */

/* A number no segment of the store has used. */
uint32_t jbk_store_new_number(jbk_store *s);
/* Paths in the store's folder; free() them.  The finished ones and the scratch folder. */
char *jbk_store_postings_path(const jbk_store *s, uint32_t number);
char *jbk_store_records_path(const jbk_store *s, uint32_t number);
char *jbk_store_scratch_path(const jbk_store *s, const char *name);
/* Checksum of a whole file; and those of its blocks.  *out is {0} or used before. */
JBK_MUST_CHECK jbk_status jbk_file_sum(const char *path, uint64_t *sum, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_file_sum_blocks(const char *path, jbk_file_sums *out, jbk_err *err);
/* Remove a file or folder in the scratch folder. */
void jbk_store_drop_scratch(const char *path);
/* fsync the folder, after the files were fsynced and renamed into it. */
JBK_MUST_CHECK jbk_status jbk_store_sync_dir(jbk_store *s, jbk_err *err);

#endif
