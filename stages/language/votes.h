/* Identifies the language of a text. Every feature of the words (grams.h) votes for some languages and against others,
 * with weights that tools/train_votes.c learned from text. The method is multinomial logistic regression over hashed
 * features (Weinberger et al. 2009; Joulin et al. 2016); only the most informative features are kept, with weights for
 * the languages that use them. Languages compete only within a family of scripts (see letters.h), which is determined
 * by the letters of the text. The file tables/votes.model is mapped and is little-endian. It consists of: a struct
 * votes_head; a struct votes_language for each language, ordered by family; a struct votes_family for each family; and
 * for each family with several languages, its offsets (one uint32_t more than it has buckets), followed by the buckets.
 * A bucket consists of entries: the lowest 16 bits of the feature's hash, the number of votes, and that many pairs of
 * language (its index in the family) and signed weight; or VOTES_DENSE and one weight for each of VOTES_LANGUAGES.
 * votes_bucket() determines the bucket of a feature. */
#ifndef STAGES_LANGUAGE_VOTES_H
#define STAGES_LANGUAGE_VOTES_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "stages/language/grams.h"
#include "stages/language/letters.h"

#define VOTES_MAGIC "DRGVOTE2"
/* The log-odds that correspond to a weight of 1. */
#define VOTES_STEP (1.0 / 32)
enum { VOTES_CODE = 12, VOTES_LANGUAGES = 64, VOTES_MAX = 128, VOTES_FAMILIES = 8, VOTES_DENSE = 255 };
/* A capitalized word is often a name, which says less about the language, so its votes count only six eighths of those
 * of other words. */
enum { VOTES_FULL = 8, VOTES_CAPITAL = 6 };

struct votes_head {
    char magic[8];
    uint32_t languages, families;
};

struct votes_language {
    char code[VOTES_CODE]; /* ends with NUL */
    int32_t prior;         /* log-odds of the frequency of the language, in the units of votes.sums */
};

struct votes_family {
    uint32_t script;        /* index of the first script of the family */
    uint32_t first, count;  /* range of the languages of the family */
    uint32_t buckets;       /* 0 if the family has only one language, and therefore no features */
    uint32_t offsets, size; /* offsets: position in the file; size: total bytes of the buckets after the offsets */
};

struct votes_model;
/* Maps the file. Returns false with a failure if it is missing or damaged. */
bool votes_map(const char *path, struct votes_model **ret_model, struct failure *ret_failure);
void votes_close(struct votes_model *model); /* accepts NULL */

/* The votes of one text, or the sum of those of several. Must be initialized to zero. */
struct votes {
    uint32_t bytes[LETTERS_SCRIPTS]; /* bytes of letters, indexed by script */
    size_t letters;
    int32_t sums[VOTES_FAMILIES][VOTES_LANGUAGES]; /* sums of the weights, in eighths */
};
/* The votes of words that occurred before. In an article, every second word is one of these. Must be initialized to
 * zero, and used with one model only. */
enum { VOTES_KNOWN = 256, VOTES_KNOWN_LETTERS = 14 };
struct votes_known {
    struct known_word {
        uint32_t letters[VOTES_KNOWN_LETTERS]; /* as in struct word */
        unsigned length, family;               /* length: 0 if there is no word here yet */
        int16_t votes[VOTES_LANGUAGES];
    } words[VOTES_KNOWN];
};

/* Adds the votes of at most the first `max_letters` letters of a text; at most 16 bytes per letter are read. `known`
 * may be NULL; the votes are the same. Takes linear time. */
void votes_add(const struct votes_model *model, struct span text, size_t max_letters, struct votes_known *known,
               struct votes *votes);
/* Adds the votes of `more` to `votes`. */
void votes_merge(struct votes *votes, const struct votes *more);

struct guess {
    const char *code, *runner_up; /* language codes owned by the model, or "" */
    double certainty;             /* from 0 to 1 */
};
/* Returns the most likely language, the second most likely language, and how certain the first is. */
struct guess votes_guess(const struct votes_model *model, const struct votes *votes);
/* Returns the log-odds of the most likely language against `code`, or INFINITY if `code` is in another family of
 * scripts or unknown. */
double votes_margin(const struct votes_model *model, const struct votes *votes, const char *code);
/* Returns the ISO 15924 code of the script with the most bytes of letters, or "" if there are no letters. */
const char *votes_script(const struct votes *votes);

static inline uint32_t votes_bucket(uint64_t gram, uint32_t buckets) {
    return (uint32_t)((gram >> 32) * buckets >> 32);
}

#endif
