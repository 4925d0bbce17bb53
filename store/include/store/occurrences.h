/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where every term of a segment stands.
 *
 * A segment has two *lines*, one of its titles and one of its texts: the folded titles (texts) of
 * its documents one behind the other, a gap of one between them.  A *place* is a number of code
 * points from the beginning of the line.  A term has a list of places on each line, ascending. */
#ifndef JBK_STORE_OCCURRENCES_H
#define JBK_STORE_OCCURRENCES_H

#include "base/intern.h"
#include "store/volume.h"

typedef enum { JBK_LINE_TITLE, JBK_LINE_TEXT, JBK_LINES } jbk_line;

/* --- writing --- */

typedef struct {
    uint32_t word, place;
} jbk_occurrence;

/* The occurrences of a batch of documents.  {0} is empty and ready. */
typedef struct {
    JBK_VEC(jbk_occurrence) seen[JBK_LINES]; /* until they are packed */
    JBK_VEC(uint32_t) starts[JBK_LINES];     /* of each document */
    uint32_t end[JBK_LINES];                 /* of the batch's lines */
    jbk_buf lists;                           /* packed, of each word of the batch */
    JBK_VEC(uint32_t) offsets;               /* of each word's, in `lists` */
    uint32_t *numbers;                       /* the owner's: of each word, among those written */
} jbk_occurrences;

/* Begin a document whose folded title and text have so many code points: its places begin at
 * starts[line].at[n - 1]. */
void jbk_occurrences_begin(jbk_occurrences *o, const uint32_t len_cp[JBK_LINES]);
static inline void jbk_occurrences_see(jbk_occurrences *o, jbk_line line, uint32_t word,
                                       uint32_t at_cp) {
    uint32_t start = o->starts[line].at[o->starts[line].n - 1];
    jbk_vec_push(&o->seen[line], ((jbk_occurrence){word, start + at_cp}));
}
/* No more documents, of which there are `words` distinct words. */
void jbk_occurrences_pack(jbk_occurrences *o, size_t words);
size_t jbk_occurrences_bytes(const jbk_occurrences *o);
void jbk_occurrences_free(jbk_occurrences *o);

/* Write the occurrences of batches that follow each other.  `terms` are all of their words;
 * numbers[w] of a batch is where its word w is among them.  Fails with JBK_FULL where a line is
 * too long for one segment. */
JBK_MUST_CHECK jbk_status jbk_volume_add_occurrences(jbk_volume_writer *w,
                                                     const jbk_interned *terms, size_t n,
                                                     const jbk_occurrences *batches,
                                                     size_t nbatches, jbk_err *err);
/* The same of volumes that were appended one after the other, from the first on. */
JBK_MUST_CHECK jbk_status jbk_volume_merge_occurrences(jbk_volume_writer *w, jbk_volume *const *v,
                                                       size_t n, jbk_err *err);
/* Would they fit? */
JBK_MUST_CHECK jbk_status jbk_volumes_fit(jbk_volume *const *v, size_t n, bool *fit, jbk_err *err);

/* --- reading --- */

/* The places of a term on one line, in the file. */
typedef struct {
    const char *at, *end;
    uint32_t n;
} jbk_places;

/* Of a term on both lines; n is 0 where it does not stand there. */
JBK_MUST_CHECK jbk_status jbk_volume_places(jbk_volume *v, const char *term, size_t len,
                                            jbk_places out[JBK_LINES], jbk_err *err);
/* out[w] of each word w of `which`. */
JBK_MUST_CHECK jbk_status jbk_volume_places_of(jbk_volume *v, const jbk_intern *words,
                                               const uint32_t *which, size_t n,
                                               jbk_places (*out)[JBK_LINES], jbk_err *err);
/* The places from number `from` on, which is a multiple of JBK_PLACES_PIECE: as many or what is
 * left, *n of them.  False where the bytes are not what they should be. */
#define JBK_PLACES_PIECE 2048u
JBK_MUST_CHECK bool jbk_places_read_piece(const jbk_places *p, uint32_t from, uint32_t *out,
                                          uint32_t *n);
/* Append `shift` plus each place to out[0..n); false where the bytes are not what they should be.
 */
bool jbk_places_read(const jbk_places *p, uint32_t shift, uint32_t *out);

/* Is `place` one of them?  To be asked with ascending places; {0} with `of` set is ready. */
typedef struct {
    const jbk_places *of;
    uint32_t block; /* whose places are read; none where nread is 0 */
    uint32_t nread, next;
    uint32_t read[128];
} jbk_places_cursor;
JBK_MUST_CHECK bool jbk_places_has(jbk_places_cursor *c, uint32_t place, bool *has);
/* Those from `from` on and below `to` to out[0..*n), which has room for all of the list and is
 * given no more by ranges that ascend and do not overlap. */
JBK_MUST_CHECK bool jbk_places_within(jbk_places_cursor *c, uint32_t from, uint32_t to,
                                      uint32_t *out, uint32_t *n);

/* (*starts)[d] is the place where document d (local) begins on a line; [docs] its end.  NULL where
 * no document has anything there: then each takes one place.  They are the volume's, and
 * must not be asked for the first time by two threads at once; a merge of the volume ends them. */
JBK_MUST_CHECK jbk_status jbk_volume_line(jbk_volume *v, jbk_line line, const uint32_t **starts,
                                          jbk_err *err);

/* Terms one by one, in the order of the file; *term is NULL at the end.  What it points at lives
 * until the volume is closed. */
JBK_MUST_CHECK jbk_status jbk_volume_placed_term(jbk_volume *v, uint64_t i, jbk_word *term,
                                                 jbk_places out[JBK_LINES], jbk_err *err);
uint64_t jbk_volume_placed_terms(const jbk_volume *v);

#endif
