/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include "base/mem.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <xxhash.h>

uint64_t jbk_hash(const void *bytes, size_t len) { return XXH3_64bits(bytes, len); }

uint64_t jbk_hash_seed(const void *bytes, size_t len, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes, len, seed);
}

void jbk_sha256_raw(const void *bytes, size_t len, uint8_t out[32]) {
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    sha256_update(&ctx, len, bytes);
    sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

static void write_hex(const uint8_t digest[SHA256_DIGEST_SIZE], char out[JBK_SHA256_HEX]) {
    base16_encode_update(out, SHA256_DIGEST_SIZE, digest);
    out[JBK_SHA256_HEX - 1] = '\0';
}

struct jbk_sha256 {
    struct sha256_ctx ctx;
};

jbk_sha256 *jbk_sha256_new(void) {
    jbk_sha256 *h = jbk_alloc(sizeof *h);
    sha256_init(&h->ctx);
    return h;
}

void jbk_sha256_add(jbk_sha256 *h, const void *bytes, size_t len) {
    sha256_update(&h->ctx, len, bytes);
}

void jbk_sha256_end(jbk_sha256 *h, char out[JBK_SHA256_HEX]) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&h->ctx, sizeof digest, digest);
    write_hex(digest, out);
    free(h);
}

void jbk_sha256_hex(const void *bytes, size_t len, char out[JBK_SHA256_HEX]) {
    uint8_t digest[SHA256_DIGEST_SIZE];
    jbk_sha256_raw(bytes, len, digest);
    write_hex(digest, out);
}
