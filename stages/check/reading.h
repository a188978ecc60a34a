/* A text as the checks read it: words, numbers, signs and links, each with what its language's tables say of it. */
#ifndef STAGES_CHECK_READING_H
#define STAGES_CHECK_READING_H

#include "stages/check/fold.h"
#include "stages/check/word_tables.h"

enum token_kind {
    TOKEN_WORD,   /* letters; in text without spaces a form of the tables */
    TOKEN_GAP,    /* letters without spaces between words that no table knows */
    TOKEN_NUMBER, /* digits with their separators: "2.300,5" */
    TOKEN_SIGN,   /* one character that is none of these */
    TOKEN_LINK    /* a web or e-mail address, a handle or a hashtag */
};

struct token {
    struct span written; /* as it stands in the text */
    struct span folded;  /* see fold.h */
    enum token_kind kind;
    enum letter_class letters; /* of a word */
    bool glued;                /* nothing stands between it and the token before */
    const struct sense *senses;
};

struct reading {
    struct token *tokens;
    size_t count, capacity;
    char *folded;
    unsigned language;
};

/* Linear in the text. The tokens point into `text`. */
struct reading reading_make(const struct word_tables *word_tables, unsigned language, struct span text);
void reading_free(struct reading *reading);

/* Whether token `i` exists and is that one-character sign. */
bool reading_has_sign(const struct reading *reading, size_t i, const char *sign);

#endif
