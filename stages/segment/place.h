/* A place where a sentence may end, described by the marks there and the text around it. All functions look at a
 * limited number of bytes. */
#ifndef STAGES_SEGMENT_PLACE_H
#define STAGES_SEGMENT_PLACE_H

#include "stages/language/marks.h"

struct place {
    struct span text;
    size_t start;    /* where the sentence begins */
    size_t stop;     /* where the marks begin that may end the sentence */
    size_t after;    /* end of these marks, including the closing quotes and brackets next to them */
    unsigned points; /* number of full stops; an ellipsis counts as three */
    bool call;       /* one of the marks is "!" or "?" */
    bool sure;       /* one of the marks is used for nothing but ending sentences */
    bool quoted;     /* one of the marks closes a quotation */
    bool closed;     /* one of the marks closes a bracket */
    bool inside;     /* a bracket is open */
    bool aside;      /* the bracket that closes here was opened within the sentence, not at its start */
    bool quotation;  /* a quotation is open */
    bool figures;    /* a footnote number follows directly: "end.12 Next" */
    bool alone;      /* the brackets contain nothing but the marks: "(...)" */
    /* What follows the place, after whitespace and any marks that open a quotation or a bracket. */
    size_t next;   /* position of the first character of the next word, or the end of the text */
    uint32_t rune; /* the character at `next`, or 0 at the end */
    bool space, opens_quote, opens_bracket, dash;
};

/* Looks at the text after the place, and sets `next`, `rune` and the flags that follow them. */
void place_look(const struct marks *marks, struct place *place);
/* Returns the word before the marks, at most 48 bytes. It begins after a space or an opening mark, or at the start of
 * the sentence. */
struct span place_word(const struct marks *marks, const struct place *place);
/* Returns the word before `word`, without its full stops. */
struct span place_word_before(const struct marks *marks, const struct place *place, struct span word);
/* Returns whether the word follows a comma, a colon or a semicolon, as in "first 1. Zagreb, 2. Split". */
bool place_is_item(const struct marks *marks, const struct place *place, struct span word);
/* Returns whether the sentence so far consists only of numbers, abbreviations and very short words, such as
 * prepositions, and so cannot be complete: "В 1990 г.", "At 5 a.m." */
bool place_is_opener(const struct marks *marks, const struct place *place);
/* Returns the word that begins at `next`. */
struct span place_next_word(const struct place *place);
/* Returns whether the sentence so far is only the label of a list item: "1.", "a)", "IV." */
bool place_is_enumerator(const struct marks *marks, const struct place *place);
/* Returns whether the following bracket contains a number or a single letter: "(b) ...". */
bool place_opens_item(const struct place *place);

#endif
