/* Splits a text into numbers, words and marks for date.c. */
#ifndef STAGES_EXTRACT_DATE_TOKENS_H
#define STAGES_EXTRACT_DATE_TOKENS_H

#include <stdint.h>

#include "stages/extract/date_words.h"

enum { DATE_TOKENS = 128, DATE_REACH = 512, DATE_SPELLINGS = 4096 };

enum date_token_kind { TOKEN_NONE, TOKEN_NUMBER, TOKEN_WORD, TOKEN_MARK };

struct date_token {
    enum date_token_kind kind;
    size_t from, to; /* bytes [from, to) of the text */
    bool spaced;     /* whitespace precedes the token */
    unsigned digits; /* of a number */
    long long value; /* for a number of at most 14 digits: its value; otherwise 0 */
    uint32_t mark;
    struct span spelling; /* for a word: its spelling in the form written by date_fold() */
};

struct date_text {
    const struct date_words *words;
    struct date_conventions conventions;
    int year; /* for dates without a year, or 0 if these are not dates */
    struct span text;
    struct date_token tokens[DATE_TOKENS]; /* the last token is followed by one of kind TOKEN_NONE */
    size_t count;
    char language[16], spellings[DATE_SPELLINGS];
    size_t used;
};

/* Splits the first DATE_REACH bytes of `whole` into the tokens of *ret_text. The result borrows the text and contains
 * pointers into itself, so it must not be copied. */
void date_cut(const struct date_words *words, struct span whole, struct span language, struct date_text *ret_text);
/* Returns the token, or one of kind TOKEN_NONE if the index is past either end. */
const struct date_token *date_token(const struct date_text *text, size_t index);
bool date_is_mark(const struct date_token *token, const char *marks);
/* Returns true for a number from `min` to `max` with at most `digits` digits. */
bool date_is_number(const struct date_token *token, unsigned digits, long long min, long long max);
/* Returns the word of this kind that begins at the token, and sets *ret_end to the token after it. A word may have up
 * to four parts ("p.m.", "كانون الثاني"). Returns NULL if there is none; *ret_end may then have changed. Month names
 * are also found with an inflectional ending and, in Southeast Asian scripts, inside longer words. */
const struct date_word *date_word_at(const struct date_text *text, size_t index, enum date_word_kind kind,
                                     size_t *ret_end);

#endif
