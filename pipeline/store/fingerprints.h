/* Which recent articles share fingerprints with a text: an index in memory.
 *
 * A table of every fingerprint of a week's articles, in 8 bytes each, open-addressed: on disk the same would touch a
 * page for every fingerprint that is added. The store reads it from one row an article and keeps both in step. Of a
 * fingerprint 32 bits are kept, so that one in four milliards of pairs is taken for another, which dedupe's thresholds
 * do not notice. Every call is linear in `count`, whatever the texts have in common. One thread at a time. */
#ifndef PIPELINE_STORE_FINGERPRINTS_H
#define PIPELINE_STORE_FINGERPRINTS_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/store/store.h"

struct fingerprints;

struct fingerprints *fingerprints_new(void);
void fingerprints_free(struct fingerprints *fingerprints); /* accepts NULL */
/* An article with this id that is there already is replaced. `day` is "2026-01-29". */
void fingerprints_add(struct fingerprints *fingerprints, const char *id, const char *day, const uint64_t *hashes,
                      size_t count);
/* As store_match_fingerprints. Of a fingerprint that many articles share, fifty are known: it is a phrase of its site.
 */
size_t fingerprints_match(const struct fingerprints *fingerprints, const char *since, const uint64_t *hashes,
                          size_t count, struct fingerprint_match *ret_matches, size_t room);

#endif
