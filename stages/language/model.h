/* What the program knows about languages, in two mapped files in the folder tables/. votes.model (votes.h) identifies
 * the language of a text. language.model measures how typical a text is of a language, which votes.model cannot do: for
 * every hashed n-gram of characters (1 to 4 letters, case-folded, with a space at the edges of words) and every
 * language, it has one byte, the surprisal of the n-gram in that language. It is created by tools/train_model.c. Its
 * format: magic number; number of languages; their codes (12 bytes each, padded with NUL); then MODEL_ROWS rows of one
 * byte per language. */
#ifndef STAGES_LANGUAGE_MODEL_H
#define STAGES_LANGUAGE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "stages/language/votes.h"

enum { MODEL_ROWS = 32768, MODEL_LANGUAGES = 128, MODEL_CODE = 12, MODEL_LETTERS = 4 };
#define MODEL_MAGIC "DRGLANG1"
/* A byte in the table gives the surprisal in units of this many bits. */
#define MODEL_STEP 0.125

struct model;

/* Maps both files in the data folder. Returns false with a failure if one is missing or damaged. */
bool model_open(const char *data_folder, struct model **ret_model, struct failure *ret_failure);
void model_close(struct model *model); /* accepts NULL */
const struct votes_model *model_votes(const struct model *model);

/* Identifies the language of a text from at most its first 4,096 letters. */
struct guess model_guess(const struct model *model, struct span text);

/* The surprisal of a text: the mean number of bits that the model needs per n-gram (of 1 to 4 letters, all lengths
 * together) to encode the text, assuming that it is in `language`. Of several decodings of the same bytes, the right
 * one needs the fewest bits. An ordinary text of some hundred bytes needs 8 to 11 bits in its own language, and about 3
 * more in most other languages. N-grams contain only letters, so `bits` does not show that a wrong decoding has turned
 * letters into other characters: also consider `signs`, and compare `grams`. Takes linear time and reads at most 4,096
 * letters. The model is not changed, so any thread may call it. */
struct surprisal {
    int language; /* index for model_code(), or -1 if there are no letters */
    double bits;  /* mean number of bits per n-gram, or 0 if there are no n-grams */
    size_t grams; /* number of n-grams */
    size_t signs; /* number of non-ASCII characters that are neither letters nor combining marks */
};
enum { MODEL_ANY = -1 };
/* Returns the surprisal in one language (an index from model_find()) or, with MODEL_ANY, in the language where it is
 * lowest. */
struct surprisal model_surprisal(const struct model *model, struct span text, int language);
/* Returns the index of a language code ("bg", "sr-Cyrl"), or -1. model_code() is the reverse; the string it returns
 * belongs to the model. */
int model_find(const struct model *model, struct span code);
const char *model_code(const struct model *model, int language);

/* Calls `row` for every n-gram of the text. The training tool calls it too, so that both use the same n-grams. */
void model_walk(struct span text, void (*row)(void *context, uint32_t row), void *context);

#endif
