/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hashes that find and checksums that guard (XXH3), and the digest people cite (SHA-256).
 * XXH3 is never trusted alone: what it finds is compared byte by byte. */
#ifndef JBK_BASE_HASH_H
#define JBK_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t jbk_hash(const void *bytes, size_t len);
uint64_t jbk_hash_seed(const void *bytes, size_t len, uint64_t seed);

#define JBK_SHA256_HEX 65
void jbk_sha256_raw(const void *bytes, size_t len, uint8_t out[32]);
void jbk_sha256_hex(const void *bytes, size_t len, char out[JBK_SHA256_HEX]);

typedef struct jbk_sha256 jbk_sha256;
jbk_sha256 *jbk_sha256_new(void);
void jbk_sha256_add(jbk_sha256 *h, const void *bytes, size_t len);
void jbk_sha256_end(jbk_sha256 *h, char out[JBK_SHA256_HEX]); /* frees h */

#endif
