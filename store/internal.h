/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JBK_STORE_INTERNAL_H
#define JBK_STORE_INTERNAL_H

#include "store/store.h"
#include "store/verify.h"

#include <lmdb.h>

/* The LMDB tables.  Every value ends in a checksum of key and value. */
enum {
    T_META = JBK_TABLE_META,         /* name -> bytes */
    T_SEGMENTS = JBK_TABLE_SEGMENTS, /* base (be32) -> segment_row */
    T_COLUMNS = JBK_TABLE_COLUMNS,   /* field (be32), chunk (be32) -> chunk_row, data */
    T_VALUES = JBK_TABLE_VALUES,     /* field, code -> string */
    T_CODES = JBK_TABLE_CODES,       /* field, hash (8 bytes) -> codes (u32 each) that hash so */
    T_OBSERVATIONS = JBK_TABLE_OBSERVATIONS, /* block, part (be32) -> observations */
    T_PENDING =
        JBK_TABLE_PENDING,       /* hash of a name (8 bytes), count (be32) -> name, observations */
    T_INPUTS = JBK_TABLE_INPUTS, /* hash of a path (8 bytes) -> jbk_input_row, path */
};

extern const char *const jbk_table_names[JBK_TABLES];
/* Address space, not disk: LMDB's file grows as it fills. */
#define JBK_MAP_BYTES ((size_t)1 << 38)

typedef struct {
    jbk_volume *volume;
    uint32_t number;
} open_volume;

struct jbk_store {
    char *dir;
    MDB_env *env;
    MDB_dbi table[JBK_TABLES];
    bool write;
    int lock_fd;
    uint32_t next_number;
    uint32_t meta_number; /* of the LMDB file: a purge begins a new one */
    JBK_VEC(open_volume) volumes;
};

struct jbk_view {
    jbk_store *store;
    MDB_txn *txn;
    uint64_t generation;
    uint32_t docs;
    JBK_VEC(jbk_segment_info) segments;
    jbk_dicts dicts;
};

struct jbk_commit {
    jbk_store *store;
    MDB_txn *txn;
    bool quiet; /* no answer changes: the generation stays */
};

typedef struct {
    uint32_t number, base, docs;
    uint32_t records_sum;  /* jbk_volume_sum of the records file; 0: not known */
    uint64_t postings_sum; /* checksum of the postings file */
} segment_row;

/* Keys in the meta table. */
/* The number of a commit that failed while its first page was written. */
#define JBK_FAILED_COMMIT "commit.failed"

#define META_FORMAT "format"
#define META_GENERATION "generation"

/* rows.c: table access with checksums. */
typedef struct {
    unsigned char bytes[16];
    size_t len;
} row_key;
row_key jbk_key2(uint32_t a, uint32_t b);
row_key jbk_key_hash(uint32_t field, uint64_t hash);

jbk_status jbk_mdb_fail(jbk_err *err, int rc, const char *where, const char *what);
/* *value is NULL where there is no such row. */
JBK_MUST_CHECK jbk_status jbk_row_get(MDB_txn *txn, MDB_dbi dbi, const void *key, size_t klen,
                                      const char **value, size_t *len, jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_row_put(MDB_txn *txn, MDB_dbi dbi, const void *key, size_t klen,
                                      const void *value, size_t len, jbk_err *err);
/* Verify and strip the checksum of a value read by a cursor. */
JBK_MUST_CHECK jbk_status jbk_row_check(const MDB_val *key, const MDB_val *stored,
                                        const char **value, size_t *len, jbk_err *err);

/* history.c: observations as bytes, each string once. */
typedef struct {
    jbk_buf bytes;
    JBK_VEC(jbk_str) strings;
} part_writer;
void jbk_part_put(part_writer *w, uint32_t doc, const jbk_observation *o);
void jbk_part_free(part_writer *w);

/* store.c: "meta.mdb", "meta-2.mdb", ... in `dir`; free() it. */
char *jbk_meta_path(const char *dir, uint32_t number);
/* The one with the highest number. */
char *jbk_store_find_meta(const char *dir);

/* tree.c: LMDB believes what it reads: a page that leads nowhere would end the program, and one
 * that leads elsewhere would hide rows.  So all pages but those of long values are walked before it
 * may follow them; for a writer those too, and the free ones, over which it will write. */
JBK_MUST_CHECK jbk_status jbk_meta_followable(const char *dir, bool write, jbk_err *err);
/* Bytes of free pages, proven: every page of the file is in use or free, and only once. */
JBK_MUST_CHECK jbk_status jbk_meta_free_bytes(jbk_store *s, MDB_txn *held, uint64_t *out,
                                              jbk_err *err);

/* lock.c */
JBK_MUST_CHECK jbk_status jbk_lock_take(const char *dir, int *fd, jbk_err *err);
void jbk_lock_release(int fd);

#endif
