/* The units by which the lexicon (lexicon.h) knows a word, and the words of English that it knows them as.
 *
 * A text is first spelled (word_units_spell): folded as in fold.h, and where a language has two alphabets or encodings,
 * written in one (Serbian in Latin letters, Burmese without its vowel signs, which Zawgyi and Unicode order
 * differently). Then it is split into tokens, and each token has units, which are 64-bit hashes:
 *
 * - a word: itself, its first six and four letters, and for each clitic it may begin with, the rest and the first four
 *   letters of the rest;
 * - a word in Hangul: itself and its first one to four syllables, because particles follow the noun;
 * - a letter with its marks in a script without spaces: the sequences of one to five such letters (Han and Kana: four)
 *   that begin with it;
 * - a number: itself.
 *
 * An English word has one unit: the first six letters of its stem. Clitics, spellings and function words are in
 * config/tables/check/word-units.tsv. The hashes are part of the format of lexicon.model. */
#ifndef STAGES_CHECK_WORD_UNITS_H
#define STAGES_CHECK_WORD_UNITS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { WORD_UNITS_MAX = 24, WORD_UNITS_GRAM = 5 };

enum word_token_kind {
    WORD_TOKEN_WORD,
    WORD_TOKEN_LETTER /* of a script without spaces */,
    WORD_TOKEN_HANGUL,
    WORD_TOKEN_NUMBER
};

/* A part of a spelled text. */
struct word_token {
    uint32_t at, length;
    enum word_token_kind kind;
};

struct unit {
    uint64_t hash;
    uint32_t tokens; /* number of tokens that it consists of: 1, or more for sequences of letters */
};

struct word_units;
/* What a language does to its words. */
struct unit_rules;

/* Reads the tables into the arena; they are const afterwards. Fails if a table cannot be read or has an invalid row. */
bool word_units_read(const char *data_folder, struct arena *arena, struct word_units **ret_units,
                     struct failure *ret_failure);
/* Returns the rules of a language by its code; those of "sr" for "sr-Latn". Never NULL. */
const struct unit_rules *word_units_rules(const struct word_units *units, struct span code);

/* Replaces the contents of the buffer with the text as the functions below expect it. Returns false if the buffer's
 * limit is too small. */
bool word_units_spell(const struct unit_rules *rules, struct span text, struct buffer *ret_spelled);
/* Splits a spelled text into at most `max` tokens and returns their number. Takes linear time. */
size_t word_units_tokens(struct span spelled, size_t max, struct word_token *ret_tokens);
/* Returns the number of units of the token at `index` of `count`. */
size_t word_units_of(const struct unit_rules *rules, struct span spelled, const struct word_token *tokens, size_t count,
                     size_t index, struct unit ret_units[WORD_UNITS_MAX]);
/* Sets *ret_unit to the unit of an English word (a folded token). Returns false for function words, which have none. */
bool word_units_english(const struct word_units *units, struct span word, uint32_t *ret_unit);

#endif
