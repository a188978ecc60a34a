/* How well the words of a sentence and of its translation support each other. A word of the source is supported if the
 * lexicon translates it by a word of the English, or if both texts spell it alike (loans, numbers); an English word is
 * supported if it is such a translation. English words that begin with a capital inside the sentence are also compared
 * by their consonants (sounds.h), because most names are not in the lexicon.
 *
 * meaning.h judges a translation by these supports. */
#ifndef STAGES_CHECK_SUPPORT_H
#define STAGES_CHECK_SUPPORT_H

#include "stages/check/lexicon.h"
#include "stages/check/sounds.h"
#include "stages/check/word_units.h"

enum { SUPPORT_TEXT = 1 << 20, SUPPORT_TOKENS = 500, SUPPORT_NONE = 0xFF, SUPPORT_ALIKE = 4 };

struct supported {
    struct word_token token; /* within the spelled text */
    uint8_t steps;           /* of lexicon_probability(), or SUPPORT_NONE */
    uint8_t alike;           /* 0 (not alike) to SUPPORT_ALIKE: how like a name of the other text it sounds */
    bool capital;            /* English only: begins with a capital and does not begin the text */
    uint8_t coverage;        /* English only: lexicon_coverage() of the word */
    uint8_t rarity;          /* English only: lexicon_rarity() of the word */
    uint16_t index;          /* of the token in its text */
    uint16_t word;           /* English only: index in the lexicon, or LEXICON_WORDS if unknown */
    float known; /* source only: sum of the probabilities of the translations that the lexicon has, 0 if it has none */
};

/* Working memory and result for one pair of texts; reused for the next, so that nothing is allocated. Begin with
 * support_init() and end with support_free(). */
struct support {
    struct buffer source_text, english_text; /* spelled; the tokens refer to them */
    struct supported source[SUPPORT_TOKENS];
    size_t source_count;
    struct supported english[SUPPORT_TOKENS]; /* numbers and words, without function words */
    size_t english_count;
    struct word_token tokens[SUPPORT_TOKENS];
};

/* What the lexicon and the tables know of a language; all of it is borrowed. */
struct support_language {
    const struct lexicon *lexicon;
    const struct lexicon_part *part; /* not NULL */
    const struct word_units *units;
    const struct unit_rules *rules;
    const struct sounds *sounds;
};

void support_init(struct support *support);
void support_free(struct support *support);

/* Fills in the supports of a pair. Only the first SUPPORT_TOKENS words of each text are looked at, and the number of
 * names is limited, so that the time does not grow faster than the texts. */
void support_measure(const struct support_language *language, struct span source, struct span english,
                     struct support *ret_support);

/* Returns whether a word of the source that begins with a capital has no support, as a name has that the English does
 * not keep. The first word of the text begins with a capital anyway, and counts if the lexicon does not know it.
 * `source` is the text as it was before it was spelled. */
bool support_lacks_name(const struct support *support, struct span source);

/* Returns the part of a text from the word `from` to the word before `to`, given the words of this text in `support`
 * and the text as it was before it was spelled. Words between the word before `from` and it, which are function words,
 * belong to the part. Empty if the words cannot be found in the text. */
struct span support_quote(const struct supported *words, size_t from, size_t to, struct span original);

#endif
