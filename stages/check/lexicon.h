/* The bilingual lexicon: which English words translate the units of a word (word_units.h), and how probably.
 * tools/train_lexicon.c learns it from sentences and dictionaries.
 *
 * The file tables/lexicon.model is mapped and is little-endian. It consists of: a struct lexicon_head; a struct
 * lexicon_language for each language, ordered by code; the units of the English words as sorted uint32_t; the rarity of
 * each of these words, one byte each; and for each language the coverage of the words, half a byte each, its offsets
 * (one uint32_t more than it has buckets), and its buckets. The rarities, the coverage and the buckets of each language
 * are padded with zeros to a multiple of four bytes.
 *
 * The buckets are a sequence of half bytes, the lower half of each byte first, and the offsets count these. A number of
 * several half bytes begins with the lowest. A bucket consists of entries in ascending order of their fingerprints. An
 * entry is the fingerprint of the unit, which is its lowest 12 bits, and 1 to LEXICON_TRANSLATIONS translations, the
 * most probable first. A translation is five half bytes: 15 bits for the index of the English word, one that is set in
 * the last translation of the entry, and four for the level of the probability. Level n is from 2^(-n/2) to
 * 2^((1-n)/2), and 0 is certain. lexicon_bucket() determines the bucket of a unit; with eight units in a bucket, one
 * unknown unit in 500 is taken for a known one.
 */
#ifndef STAGES_CHECK_LEXICON_H
#define STAGES_CHECK_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

#define LEXICON_MAGIC "DRGLEXI2"
enum { LEXICON_CODE = 12, LEXICON_LANGUAGES = 128, LEXICON_WORDS = 0x7FFF, LEXICON_TRANSLATIONS = 8 };
/* Half bytes for the fingerprint and for a translation. */
enum { LEXICON_FINGERPRINT = 3, LEXICON_TRANSLATION = 5 };
/* The parts of a translation as a number: the bits of the word, the flag, the position of the level. */
enum { LEXICON_WORD_BITS = 0x7FFF, LEXICON_LAST = 0x8000, LEXICON_LEVEL_BIT = 16 };
/* Steps of probability per factor of two and per level, and the last level. */
enum { LEXICON_STEPS = 32, LEXICON_LEVEL = LEXICON_STEPS / 2, LEXICON_LEVEL_MAX = 15 };
/* Steps of rarity per factor of ten, and their maximum; number of levels of coverage. */
enum { LEXICON_RARITY_STEPS = 16, LEXICON_RAREST = 0xFF, LEXICON_COVERAGES = 6 };

struct lexicon_head {
    char magic[8];
    uint32_t size; /* of the file */
    uint32_t languages, words;
};

struct lexicon_language {
    char code[LEXICON_CODE]; /* ends with NUL */
    uint32_t buckets;        /* > 0 */
    uint32_t size;           /* number of half bytes in all buckets, without the padding */
};

struct lexicon;
/* One language of the lexicon; belongs to it. */
struct lexicon_part;

/* Maps the file. Returns false with a failure if it is missing or damaged: everything that is used as an index or an
 * offset is checked here, except the entries, which lexicon_find() reads with care. */
bool lexicon_map(const char *path, struct lexicon **ret_lexicon, struct failure *ret_failure);
/* lexicon_map() of tables/lexicon.model in the data folder. */
bool lexicon_open(const char *data_folder, struct lexicon **ret_lexicon, struct failure *ret_failure);
void lexicon_close(struct lexicon *lexicon); /* accepts NULL */

/* Returns the part for a language; that for "sr" if there is none for "sr-Latn". NULL if there is none. */
const struct lexicon_part *lexicon_find_language(const struct lexicon *lexicon, struct span code);

struct translation {
    uint16_t word; /* index of the English word, below LEXICON_WORDS */
    uint8_t steps; /* lexicon_probability() */
};
/* Returns the number of known translations of a unit, 0 if it is unknown. Takes constant time on average and allocates
 * nothing; damaged entries give no translation, or wrong ones. */
size_t lexicon_find(const struct lexicon_part *part, uint64_t unit, struct translation ret_found[LEXICON_TRANSLATIONS]);
/* Fetch the memory that lexicon_find() will read first, and what it will read after that, so that several look-ups wait
 * for it together: call the first for all units, then the second. */
void lexicon_prefetch(const struct lexicon_part *part, uint64_t unit);
void lexicon_prefetch_entries(const struct lexicon_part *part, uint64_t unit);

/* Returns the index of an English word by its unit (word_units_english()), or LEXICON_WORDS if it is unknown. */
uint16_t lexicon_find_word(const struct lexicon *lexicon, uint32_t unit);
/* Returns -log10 of the word's share of all English content words, in steps; LEXICON_RAREST for LEXICON_WORDS. */
uint8_t lexicon_rarity(const struct lexicon *lexicon, uint16_t word);

/* Returns how often a word in a good translation from the language has a support, that is, a unit of the source with a
 * translation to this word of at least 1/50: 0 hardly ever (below 5 %), or the word was seen less than twice; 1 below
 * 30 %; 2 below 55 %; 3 below 75 %; 4 below 90 %; 5 nearly always. Where the coverage is low, a missing support tells
 * little. The training pairs were counted, so it is less in other texts. 0 for LEXICON_WORDS. Takes constant time. */
unsigned lexicon_coverage(const struct lexicon_part *part, uint16_t word);

/* The probability that a unit is translated by the word, from 1 down to 1/256. */
double lexicon_probability(uint8_t steps);

/* The level that the file has for a probability, and the middle of a level. */
static inline uint8_t lexicon_level(uint8_t steps) {
    int level = (steps + LEXICON_LEVEL - 1) / LEXICON_LEVEL;
    return (uint8_t)(level > LEXICON_LEVEL_MAX ? LEXICON_LEVEL_MAX : level);
}

static inline uint8_t lexicon_steps(uint8_t level) {
    return (uint8_t)(level == 0 ? 0 : level * LEXICON_LEVEL - LEXICON_LEVEL / 2);
}

static inline uint16_t lexicon_fingerprint(uint64_t unit) {
    return unit & 0xFFF;
}

static inline uint32_t lexicon_bucket(uint64_t unit, uint32_t buckets) {
    return (uint32_t)((unit >> 32) * buckets >> 32);
}

/* The number of bytes that so many half bytes take. */
static inline size_t lexicon_bytes(size_t halves) {
    return halves / 2 + halves % 2;
}

static inline size_t lexicon_padding(size_t size) {
    return -size % 4;
}

#endif
