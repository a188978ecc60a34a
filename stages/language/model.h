/* What the program knows of languages, in two mapped files under tables/.
 *
 * votes.model (votes.h) tells languages apart. language.model says how ordinary a text is, which votes cannot: for
 * every hashed character n-gram (1 to 4 letters, case folded, a space at word edges) and every language, its
 * surprisal there, as one byte. It is made by tools/train_model.c: magic, number of languages, their codes (12 bytes
 * each, padded with NUL), then MODEL_ROWS rows of one byte per language. */
#ifndef STAGES_LANGUAGE_MODEL_H
#define STAGES_LANGUAGE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "stages/language/votes.h"

enum { MODEL_ROWS = 32768, MODEL_LANGUAGES = 128, MODEL_CODE = 12, MODEL_LETTERS = 4 };
#define MODEL_MAGIC "DRGLANG1"
/* Bits of surprisal per step of a byte. */
#define MODEL_STEP 0.125

struct model;

bool model_open(const char *data_folder, struct model **ret_model, struct failure *ret_failure);
void model_close(struct model *model); /* accepts NULL */
const struct votes_model *model_votes(const struct model *model);

/* The language of a text; at most its first 4,096 letters count. */
struct guess model_guess(const struct model *model, struct span text);

/* The surprisal of a text: mean bits per n-gram (of 1 to 4 letters, all lengths together) that the model would need to
 * write it down if it were in `language`. For comparing several readings of the same bytes: the right one has the
 * fewest. Ordinary text of a window of some hundred bytes lies at 8 to 11 bits in its own language and some 3 above
 * that in most others. What is not a letter is left out of the n-grams, so a wrong reading that turns letters into
 * signs is not charged for them here: weigh `signs`, those beyond ASCII, and compare `grams` as well. Linear in the
 * text, of which at most the first 4,096 letters count; reads the model only, so any thread may call it. */
struct surprisal {
    int language; /* index for model_code(), -1 when there are no letters */
    double bits;  /* mean per n-gram, 0 when there are none */
    size_t grams; /* n-grams that the mean is over */
    size_t signs; /* characters beyond ASCII that are not letters or marks */
};
enum { MODEL_ANY = -1 };
/* In one language (an index of model_find()), or with MODEL_ANY in the one where it is lowest. */
struct surprisal model_surprisal(const struct model *model, struct span text, int language);
/* Index of a code ("bg", "sr-Cyrl"), or -1; and the reverse, static in the model. */
int model_find(const struct model *model, struct span code);
const char *model_code(const struct model *model, int language);

/* Calls `row` for every n-gram of the text; shared with the trainer, so that both see the same. */
void model_walk(struct span text, void (*row)(void *context, uint32_t row), void *context);

#endif
