/* Which language a text is in: every feature of its words (grams.h) votes for some languages and against others, by
 * weights that tools/train_votes learned from text: multinomial logistic regression over hashed features (Weinberger et
 * al. 2009; Joulin et al. 2016), kept only for the features that tell most, and there for the languages that use them.
 * Languages of one family of scripts compete with one another only; which family counts is seen from the letters.
 *
 * The file tables/votes.model is mapped, not read, and is little-endian: struct votes_head; struct
 * votes_language for each language, by families; struct votes_family for each of them; for each family with several
 * languages its offsets, one uint32_t more than it has buckets, and behind them the buckets. A bucket holds entries:
 * the lowest 16 bits of the feature's hash, the number of votes, and as many pairs of language (in the family) and
 * signed weight; or VOTES_DENSE and one weight for each of VOTES_LANGUAGES. A feature is in the bucket that
 * votes_bucket() gives. */
#ifndef STAGES_LANGUAGE_VOTES_H
#define STAGES_LANGUAGE_VOTES_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "stages/language/grams.h"
#include "stages/language/letters.h"

#define VOTES_MAGIC "DRGVOTE2"
/* A weight of one is this much of the logarithm of odds. */
#define VOTES_STEP (1.0 / 32)
enum { VOTES_CODE = 12, VOTES_LANGUAGES = 64, VOTES_MAX = 128, VOTES_FAMILIES = 8, VOTES_DENSE = 255 };
/* A capitalised word is often a name, which tells less: its votes count 6 eighths. */
enum { VOTES_FULL = 8, VOTES_CAPITAL = 6 };

struct votes_head {
    char magic[8];
    uint32_t languages, families;
};

struct votes_language {
    char code[VOTES_CODE]; /* ends with NUL */
    int32_t prior;         /* how often it is met, as the logarithm of odds in the units of votes.sums */
};

struct votes_family {
    uint32_t script;        /* its first one's index */
    uint32_t first, count;  /* its languages */
    uint32_t buckets;       /* 0: only one language, no features */
    uint32_t offsets, size; /* where they are in the file; bytes of all buckets behind them */
};

struct votes_model;
bool votes_map(const char *path, struct votes_model **ret_model, struct failure *ret_failure);
void votes_close(struct votes_model *model); /* accepts NULL */

/* What a text, or several ones together, said. Zeroed to begin with. */
struct votes {
    uint32_t bytes[LETTERS_SCRIPTS]; /* of the letters of each script */
    size_t letters;
    int32_t sums[VOTES_FAMILIES][VOTES_LANGUAGES]; /* in eighths of a weight */
};
/* Adds at most the first `max_letters` letters of a text, from its first 16 x `max_letters` bytes; linear in them. */
void votes_add(const struct votes_model *model, struct span text, size_t max_letters, struct votes *votes);
void votes_merge(struct votes *votes, const struct votes *more);

struct guess {
    const char *code, *runner_up; /* static in the model; "" when nothing can be said */
    double certainty;             /* 0 to 1 */
};
struct guess votes_guess(const struct votes_model *model, const struct votes *votes);
/* How much likelier, as the logarithm of odds, the guess is than `code`; INFINITY when that is in other letters, or
 * not known. */
double votes_margin(const struct votes_model *model, const struct votes *votes, const char *code);
/* ISO 15924 of most letters, "" without letters. */
const char *votes_script(const struct votes *votes);

static inline uint32_t votes_bucket(uint64_t gram, uint32_t buckets) {
    return (uint32_t)((gram >> 32) * buckets >> 32);
}

#endif
