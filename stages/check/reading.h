/* A text divided into tokens for the checks: words, numbers, signs and links, each with the meanings that the word
 * tables give for it. */
#ifndef STAGES_CHECK_READING_H
#define STAGES_CHECK_READING_H

#include "stages/check/fold.h"
#include "stages/check/word_tables.h"

enum token_kind {
    TOKEN_WORD,   /* letters; in text without spaces between words, a form listed in the tables */
    TOKEN_GAP,    /* letters that are in no table, in a script without spaces between words */
    TOKEN_NUMBER, /* digits with their separators: "2.300,5" */
    TOKEN_SIGN,   /* any other single character except whitespace */
    TOKEN_LINK    /* a web or email address, a handle or a hashtag */
};

struct token {
    struct span written; /* as written in the text */
    struct span folded;  /* see fold.h */
    enum token_kind kind;
    enum letter_class letters; /* for words */
    bool glued;                /* no whitespace between it and the previous token */
    const struct sense *senses;
};

/* `folded` holds the folded spelling of all tokens; `language` is a result of word_tables_language(). */
struct reading {
    struct token *tokens;
    size_t count, capacity;
    char *folded;
    unsigned language;
};

/* Divides the text into tokens, in linear time. The tokens point into `text`, which must outlive them. Free the result
 * with reading_free(). */
struct reading reading_make(const struct word_tables *word_tables, unsigned language, struct span text);
void reading_free(struct reading *reading);

/* Returns whether token `i` exists and is this one-character sign. */
static inline bool reading_has_sign(const struct reading *reading, size_t i, const char *sign) {
    return i < reading->count && reading->tokens[i].kind == TOKEN_SIGN && span_is(reading->tokens[i].written, sign);
}

#endif
