/* A text cut into numbers, words and marks, for date.c. */
#ifndef STAGES_EXTRACT_DATE_TOKENS_H
#define STAGES_EXTRACT_DATE_TOKENS_H

#include <stdint.h>

#include "stages/extract/date_words.h"

enum { DATE_TOKENS = 128, DATE_REACH = 512, DATE_SPELLINGS = 4096 };

enum date_token_kind { TOKEN_NONE, TOKEN_NUMBER, TOKEN_WORD, TOKEN_MARK };

struct date_token {
    enum date_token_kind kind;
    size_t from, to; /* bytes of the text */
    bool spaced;     /* white space stands before it */
    unsigned digits; /* of a number */
    long long value; /* of a number of at most 14 digits, else 0 */
    uint32_t mark;
    struct span spelling; /* of a word: folded */
};

struct date_text {
    const struct date_words *words;
    struct date_conventions conventions;
    struct span text;
    struct date_token tokens[DATE_TOKENS]; /* one more of kind NONE follows the last */
    size_t count;
    char language[16], spellings[DATE_SPELLINGS];
    size_t used;
};

void date_cut(const struct date_words *words, struct span whole, struct span language, struct date_text *ret_text);
/* Past either end: a token of kind NONE. */
const struct date_token *date_token(const struct date_text *text, size_t index);
bool date_is_mark(const struct date_token *token, const char *marks);
/* A number of at most `digits` digits between the limits. */
bool date_is_number(const struct date_token *token, unsigned digits, long long least, long long most);
/* The word of this kind that begins at the token, of up to four parts ("p.m.", "كانون الثاني"); *ret_end is the token
 * behind it. NULL when there is none. Months are also found with an ending, and inside words of joined scripts. */
const struct date_word *date_word_at(const struct date_text *text, size_t index, enum date_word_kind kind,
                                     size_t *ret_end);

#endif
