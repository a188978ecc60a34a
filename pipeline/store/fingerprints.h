/* An index in memory that finds recent articles sharing fingerprints with a text.
 *
 * It is an open-addressed table of every fingerprint of a week's articles, at 8 bytes each. A table on disk would touch
 * a page for each fingerprint added; instead, the store keeps one row per article, builds the index from these rows,
 * and changes both together. Only 32 bits of a fingerprint are kept. One pair in four billion is therefore a false
 * match, which the thresholds of dedupe tolerate. A call takes time nearly linear in `count`, whatever the texts have
 * in common and however many articles there are. Ids are 32 hexadecimal digits. One thread at a time. */
#ifndef PIPELINE_STORE_FINGERPRINTS_H
#define PIPELINE_STORE_FINGERPRINTS_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/store/store.h"

struct fingerprints;

struct fingerprints *fingerprints_new(void);
void fingerprints_free(struct fingerprints *fingerprints); /* accepts NULL */
/* Adds an article, replacing an earlier version with the same id. `day` is "2026-01-29". */
void fingerprints_add(struct fingerprints *fingerprints, const char *id, const char *day, const uint64_t *hashes,
                      size_t count);
/* See store_match_fingerprints(). At most fifty articles are found for one fingerprint; a fingerprint that more
 * articles share comes from boilerplate of their site. */
size_t fingerprints_match(const struct fingerprints *fingerprints, const char *since, const uint64_t *hashes,
                          size_t count, struct fingerprint_match *ret_matches, size_t room);

#endif
