/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A volume: the records of one segment in one immutable, checksummed file.  Here is my local
 * document number, give me its text; here is a hash, give me the documents; here is a piece of
 * a word, give me the words.  docs/FORMAT.md has the layout. */
#ifndef JBK_STORE_VOLUME_H
#define JBK_STORE_VOLUME_H

#include "base/err.h"
#include "base/mem.h"

/* Two streams of blocks: what is searched, and the rest of the record. */
typedef enum { JBK_STREAM_TEXT, JBK_STREAM_RECORD, JBK_STREAMS } jbk_stream;

/* Hash lookups: hash of the id, of the url, of title and text; the hashes of the text's sketch. */
typedef enum { JBK_RUN_ID, JBK_RUN_URL, JBK_RUN_CONTENT, JBK_RUN_SKETCH, JBK_RUNS } jbk_run_kind;

typedef struct {
    uint64_t hash;
    uint32_t doc; /* local */
} jbk_run_entry;
typedef JBK_VEC(jbk_run_entry) jbk_run;

/* A lookup keeps half of a hash, or three quarters of it where it is of a sketch; the rest is zero
 * here.  Hashes of which the same is kept are one to it: what it finds is to be compared. */
uint64_t jbk_lookup_kept(jbk_run_kind kind, uint64_t hash);

/* Dictionaries that blocks are compressed with; an index trains them once. */
typedef struct {
    jbk_buf bytes[JBK_STREAMS]; /* empty: none */
} jbk_dicts;

/* --- compressing, in any thread --- */

/* Blocks of consecutive items, compressed, in memory.  {0} is empty and ready. */
typedef struct {
    uint32_t first;   /* local number of the first item */
    uint32_t raw_len; /* bytes before compression */
    uint64_t offset;  /* of the compressed bytes */
    uint32_t packed_len;
    uint32_t items;
} jbk_block_entry;

typedef struct {
    jbk_buf packed;
    JBK_VEC(jbk_block_entry) entries;
    jbk_buf raw; /* the block that grows */
    uint32_t items, raw_items;
} jbk_blocks;

typedef struct jbk_packer jbk_packer; /* compression state of one thread */
JBK_MUST_CHECK jbk_status jbk_packer_new(const jbk_dicts *dicts, jbk_packer **out, jbk_err *err);
void jbk_packer_free(jbk_packer *p);

/* Append one item; its bytes are raw[0..len). */
JBK_MUST_CHECK jbk_status jbk_blocks_add(jbk_blocks *b, jbk_packer *p, jbk_stream stream,
                                         const void *item, size_t len, jbk_err *err);
/* Compress what is left. */
JBK_MUST_CHECK jbk_status jbk_blocks_end(jbk_blocks *b, jbk_packer *p, jbk_stream stream,
                                         jbk_err *err);
void jbk_blocks_free(jbk_blocks *b);

/* Train dictionaries from samples laid end to end, lens[i] bytes each.  Leaves *dict empty
 * where the samples are too few to be worth it.  No more than the first JBK_DICT_SAMPLES bytes are
 * looked at: of half as many an index is 0.4% larger, of twice as many as much smaller. */
enum { JBK_DICT_SAMPLES = 1 << 20 };
void jbk_dict_train(const char *samples, const size_t *lens, size_t n, jbk_buf *dict);

/* --- writing: one thread --- */

typedef struct jbk_volume_writer jbk_volume_writer;
typedef struct jbk_volume jbk_volume;
typedef struct jbk_reader jbk_reader;

JBK_MUST_CHECK jbk_status jbk_volume_create(const char *path, jbk_volume_writer **out,
                                            jbk_err *err);
/* Append blocks of both streams; both must have the same number of items. */
JBK_MUST_CHECK jbk_status jbk_volume_add(jbk_volume_writer *w, const jbk_blocks b[JBK_STREAMS],
                                         jbk_err *err);
/* Lookups, once all documents are there.  Sorts `run` in place, fastest where it is in the order of
 * documents, and leaves of its hashes what is kept. */
JBK_MUST_CHECK jbk_status jbk_volume_add_run(jbk_volume_writer *w, jbk_run_kind kind, jbk_run *run,
                                             jbk_err *err);
/* Append the documents of another volume, their blocks as they are.  The dictionaries must be the
 * same. */
JBK_MUST_CHECK jbk_status jbk_volume_copy(jbk_volume_writer *w, jbk_volume *v, jbk_err *err);
/* The same, compressed anew into blocks of full size. */
JBK_MUST_CHECK jbk_status jbk_volume_repack(jbk_volume_writer *w, jbk_volume *v, jbk_reader *r,
                                            jbk_packer *p, jbk_err *err);
/* Are the blocks of these volumes, on average, less than half full? */
JBK_MUST_CHECK jbk_status jbk_volumes_crumbled(jbk_volume *const *v, size_t n, bool *crumbled,
                                               jbk_err *err);
/* The lookups of volumes that were appended one after the other, from the first on. */
JBK_MUST_CHECK jbk_status jbk_volume_merge_run(jbk_volume_writer *w, jbk_run_kind kind,
                                               jbk_volume *const *v, size_t n, jbk_err *err);
/* The words that are new with this segment: n strings, sorted bytewise, distinct, without the
 * byte 0xFF; kinds[i] is the caller's byte for each, of which JBK_LEX_PLAIN is ours. */
typedef struct {
    const char *s;
    uint32_t len;
} jbk_word;
#define JBK_LEX_PLAIN 0x80 /* found by its beginning only, never by its inside */
JBK_MUST_CHECK jbk_status jbk_volume_add_words(jbk_volume_writer *w, const jbk_word *words,
                                               const uint8_t *kinds, size_t n, jbk_err *err);
/* What words have in common: the hash of something made from a word (the caller's stem, say) and
 * the word's number among those added.  Sorts `keys` in place and drops repetitions.  `maker` is
 * the digest of how keys are made, never 0; whoever makes them otherwise cannot use them. */
typedef struct {
    uint32_t hash, word;
} jbk_key_entry;
typedef JBK_VEC(jbk_key_entry) jbk_key_entries;
JBK_MUST_CHECK jbk_status jbk_volume_add_keys(jbk_volume_writer *w, uint64_t maker,
                                              jbk_key_entries *keys, jbk_err *err);
/* fsync and close.  Frees w also on failure. */
JBK_MUST_CHECK jbk_status jbk_volume_finish(jbk_volume_writer *w, jbk_err *err);
void jbk_volume_abandon(jbk_volume_writer *w); /* NULL is fine */

/* --- reading: any number of threads, each with its own reader --- */

JBK_MUST_CHECK jbk_status jbk_volume_open(const char *path, jbk_volume **out, jbk_err *err);
void jbk_volume_close(jbk_volume *v);
uint32_t jbk_volume_docs(const jbk_volume *v);
uint64_t jbk_volume_bytes(const jbk_volume *v);
/* Tells this file from every other: made of all its pages' checksums, never 0. */
uint32_t jbk_volume_sum(const jbk_volume *v);

/* Holds the blocks last read of each stream, so that neighbours cost nothing: a few small ones, or
 * one that is large. */
JBK_MUST_CHECK jbk_status jbk_reader_new(const jbk_dicts *dicts, jbk_reader **out, jbk_err *err);
void jbk_reader_free(jbk_reader *r);

/* The item of document `doc` (local); *item lives until the next call with this reader and
 * stream. */
JBK_MUST_CHECK jbk_status jbk_volume_item(jbk_volume *v, jbk_reader *r, jbk_stream stream,
                                          uint32_t doc, const char **item, size_t *len,
                                          jbk_err *err);

/* Append the local numbers of the documents with that hash, or with one of which the same is kept:
 * ascending, each once. */
typedef JBK_VEC(uint32_t) jbk_docs;
JBK_MUST_CHECK jbk_status jbk_volume_lookup(jbk_volume *v, jbk_run_kind kind, uint64_t hash,
                                            jbk_docs *out, jbk_err *err);
/* Of each entry, so that a document may come twice; without the first `skip` of them, and `max` at
 * most. */
JBK_MUST_CHECK jbk_status jbk_volume_lookup_some(jbk_volume *v, jbk_run_kind kind, uint64_t hash,
                                                 uint64_t skip, uint64_t max, jbk_docs *out,
                                                 jbk_err *err);

/* A lookup from its first entry to its last: by what is kept of the hashes, then by document. */
typedef struct {
    uint64_t n;                               /* entries */
    unsigned bucket_bits, tag_bits, doc_bits; /* leading bits of a hash, the others, a document */
    uint64_t starts, len;                     /* bytes: where buckets' starts are, the section */
} jbk_lookup_shape;
typedef struct {
    jbk_run_kind kind;
    jbk_lookup_shape shape;
    const unsigned char *packed; /* in the file */
    const uint32_t *starts;
    uint64_t at, bucket;
} jbk_lookup_cursor;
JBK_MUST_CHECK jbk_status jbk_volume_run(jbk_volume *v, jbk_run_kind kind, jbk_lookup_cursor *out,
                                         jbk_err *err);
/* False at the end.  In a damaged file entries may be unsorted, and of documents that are not. */
bool jbk_lookup_next(jbk_lookup_cursor *c, jbk_run_entry *out);
/* On to the first entry that is not before this hash; never back. */
void jbk_lookup_seek(jbk_lookup_cursor *c, uint64_t hash);

/* Compressed and raw bytes of a stream, for `info`. */
JBK_MUST_CHECK jbk_status jbk_volume_sizes(jbk_volume *v, jbk_stream stream, uint64_t *packed,
                                           uint64_t *raw, jbk_err *err);

/* --- words --- */

typedef struct {
    jbk_word word; /* points into the file */
    uint32_t at;   /* where in the word what was asked for stands, bytes */
} jbk_word_hit;
typedef JBK_VEC(jbk_word_hit) jbk_word_hits;

uint32_t jbk_volume_words(const jbk_volume *v);
JBK_MUST_CHECK jbk_status jbk_volume_word(jbk_volume *v, uint32_t i, jbk_word_hit *out,
                                          jbk_err *err);
/* What the caller gave with it. */
JBK_MUST_CHECK jbk_status jbk_volume_word_kind(jbk_volume *v, uint32_t i, uint8_t *kind,
                                               jbk_err *err);
/* *found says whether the word is there. */
JBK_MUST_CHECK jbk_status jbk_volume_has_word(jbk_volume *v, const char *s, size_t len, bool *found,
                                              jbk_err *err);
/* Does any word, plain ones included, start with s?  Is s one? */
JBK_MUST_CHECK jbk_status jbk_volume_leads(jbk_volume *v, const char *s, size_t len, bool *starts,
                                           bool *is_word, jbk_err *err);
/* Append all words, plain ones included, that start with s. */
JBK_MUST_CHECK jbk_status jbk_volume_prefix(jbk_volume *v, const char *s, size_t len,
                                            jbk_word_hits *out, jbk_err *err);
/* Append the words that are not plain and that contain s (once for every place), begin with
 * s, or end with s. */
typedef enum { JBK_WITHIN, JBK_BEGINS, JBK_ENDS } jbk_where;
JBK_MUST_CHECK jbk_status jbk_volume_pieces(jbk_volume *v, const char *s, size_t len,
                                            jbk_where where, jbk_word_hits *out, jbk_err *err);
/* How many jbk_volume_pieces would append. */
JBK_MUST_CHECK jbk_status jbk_volume_count_pieces(jbk_volume *v, const char *s, size_t len,
                                                  jbk_where where, uint64_t *n, jbk_err *err);
/* Append all words, plain ones included, that contain s or end with s, each once, in order; `at`
 * is the first place.  Walks over all words. */
JBK_MUST_CHECK jbk_status jbk_volume_infix(jbk_volume *v, const char *s, size_t len,
                                           jbk_where where, jbk_word_hits *out, jbk_err *err);

/* What keys were made by; 0 where there are none. */
JBK_MUST_CHECK jbk_status jbk_volume_key_maker(jbk_volume *v, uint64_t *maker, jbk_err *err);
/* Append the words that have a key with this hash; another key may hash so, too. */
JBK_MUST_CHECK jbk_status jbk_volume_keyed(jbk_volume *v, uint32_t hash, jbk_word_hits *out,
                                           jbk_err *err);

#endif
