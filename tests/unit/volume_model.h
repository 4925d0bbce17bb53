/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a volume should hold, made at random, and a volume beside it: a slow and obvious look at
 * everything it can be asked. */
#ifndef JBK_TEST_VOLUME_MODEL_H
#define JBK_TEST_VOLUME_MODEL_H

#include "store/volume.h"

#define KEY_MAKER UINT64_C(0x6B6579)

typedef struct {
    char *s;
    size_t len;
} bytes;

typedef struct {
    JBK_VEC(bytes) items[JBK_STREAMS];
    jbk_run runs[JBK_RUNS];
    JBK_VEC(bytes) words;
    JBK_VEC(uint8_t) kinds;
    jbk_key_entries keys;
    jbk_dicts dicts;
} model;

void model_free(model *m);
void model_add_items(model *m, size_t n);
void model_add_runs(model *m, size_t n);
void model_add_words(model *m, size_t n);
void model_add_keys(model *m);
/* Dictionaries for its blocks.  Begins the random numbers anew. */
void model_train(model *m);

/* In `parts` batches, as the indexer does. */
void model_write(const char *path, const model *m, size_t parts);
/* JBK_OK and whether what is read is what the model holds, or why it cannot be read: words; so
 * many questions for pieces of words; the volume at `path`, all of it. */
jbk_status model_read_words(jbk_volume *v, const model *m, bool *equal);
jbk_status model_read_pieces(jbk_volume *v, const model *m, int n, bool *equal);
jbk_status model_read(const char *path, const model *m, bool *equal);

#endif
