/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record as it is stored: every field that was given, whole, so that columns can be made
 * from it again. */
#ifndef JBK_STORE_RECORD_H
#define JBK_STORE_RECORD_H

#include "base/err.h"
#include "base/field.h"
#include "base/mem.h"
#include "store/store.h"

typedef struct {
    jbk_str name; /* without "x." */
    jbk_str value;
} jbk_extra;

typedef struct {
    jbk_str field[JBK_FIELDS];  /* TEXT, KEYWORD and KEYWORDS fields */
    int64_t number[JBK_FIELDS]; /* TIME and COUNT fields, packed; else JBK_ABSENT */
    jbk_str digest;             /* identity of a record without id and url, hex */
    int64_t indexed_at;         /* packed time */
    JBK_VEC(jbk_extra) extras;  /* in input order */
    /* What it says of itself at other times than its own: "last seen alive on", "404 on".  It
     * goes into the post's history and is not stored with the record. */
    jbk_observations seen;
    jbk_buf url; /* where a stored url was made longer again, field[JBK_F_URL] points here */
} jbk_record;

void jbk_record_clear(jbk_record *r); /* all absent; keeps its memory */
void jbk_record_free(jbk_record *r);
/* Copy everything it points to into the arena. */
void jbk_record_keep(jbk_arena *arena, jbk_record *r);

/* The items of the two streams.  Title and text are one, all else the other. */
void jbk_record_put_text(const jbk_record *r, jbk_buf *out);
void jbk_record_put_rest(const jbk_record *r, jbk_buf *out);
/* Set the fields of r, which then point into the item. */
JBK_MUST_CHECK jbk_status jbk_record_get_text(const char *item, size_t len, jbk_record *r,
                                              jbk_err *err);
JBK_MUST_CHECK jbk_status jbk_record_get_rest(const char *item, size_t len, jbk_record *r,
                                              jbk_err *err); /* title and text come first */
/* All but title and text of a document, which are left absent.  Strings live until the next use of
 * the reader or of r. */
JBK_MUST_CHECK jbk_status jbk_record_read_rest(jbk_volume *v, jbk_reader *reader, uint32_t local,
                                               jbk_record *r, jbk_err *err);

/* Read document `doc` of the view whole.  Strings live until the reader's next use. */
JBK_MUST_CHECK jbk_status jbk_record_read(jbk_view *v, jbk_reader *reader, uint32_t doc,
                                          jbk_record *r, jbk_err *err);

/* What makes two records the same post: platform and id, else url, else the digest. */
void jbk_record_identity(const jbk_record *r, jbk_buf *out);
/* What `search --format ids` prints and other records call it: id, else url, else digest. */
jbk_str jbk_record_name(const jbk_record *r);

/* What the record itself says of its counts and status, and when. */
jbk_observation jbk_record_observation(const jbk_record *r);

/* Does it give anything at all? */
bool jbk_observation_says(const jbk_observation *o);

/* The columns that observations decide, and the values of one document in them. */
enum {
    JBK_SEEN_STATUS,
    JBK_SEEN_VIEWS, /* and the other counts, as in jbk_observation.counts */
    JBK_SEEN_GONE_FIRST = JBK_SEEN_VIEWS + 4,
    JBK_SEEN_LIVE_LAST,
    JBK_SEEN_FIELDS
};
extern const jbk_field_id jbk_seen_fields[JBK_SEEN_FIELDS];
typedef struct {
    int64_t value[JBK_SEEN_FIELDS]; /* as in the columns */
} jbk_standing;

/* What holds at `until_ms` (milliseconds since 1970; INT64_MAX: now): of each value the last
 * observation not after it that gives it, of those of one moment the one recorded last.
 *
 * Failed checks (any status but live) in a row, without a live one between, make a post gone
 * once there are as many as one of them asks for (`confirm`); until then the status stays what
 * it was.  gone_first is the first check of the row that made it gone, absent while it is not
 * gone; live_last is the last one that found it live.  It vanished between the two. */
jbk_standing jbk_history_standing(const jbk_observation *history, size_t n, int64_t until_ms);
bool jbk_status_is_gone(int64_t status);

/* What the lookup of a kind finds the record by: the id, or the digest where there is none; the
 * url.  The lookup of contents has the first eight bytes of the digest instead. */
jbk_str jbk_record_lookup_name(const jbk_record *r, jbk_run_kind kind);

/* What makes two contents one: a digest of title and text.  False, and nothing written, where
 * both are empty.  `scratch` is overwritten. */
#define JBK_CONTENT_DIGEST 16
bool jbk_record_content(const jbk_record *r, jbk_buf *scratch,
                        unsigned char out[JBK_CONTENT_DIGEST]);

bool jbk_observation_same(const jbk_observation *a, const jbk_observation *b);

extern const jbk_field_id jbk_count_fields[4]; /* as in jbk_observation.counts */

#endif
