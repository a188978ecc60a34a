/* A place where a sentence may end, and what stands around it. Everything is found in a bounded stretch of the text. */
#ifndef STAGES_SEGMENT_PLACE_H
#define STAGES_SEGMENT_PLACE_H

#include "stages/language/marks.h"

struct place {
    struct span text;
    size_t start;    /* of the sentence */
    size_t stop;     /* where its marks begin */
    size_t after;    /* behind the marks and what closes with them */
    unsigned points; /* how many; an ellipsis counts as three */
    bool call;       /* with a ! or ? */
    bool sure;       /* with a mark that is nothing else than an end */
    bool quoted;     /* a quotation closes with it */
    bool closed;     /* a bracket closes with it */
    bool inside;     /* a bracket is open */
    bool aside;      /* that bracket opened within the sentence */
    bool quotation;  /* a quotation is open */
    bool figures;    /* figures of a note stand right behind it: "end.12 Next" */
    bool alone;      /* the marks are all that the bracket holds: "(...)" */
    /* What follows, behind white space and what opens a quotation or an aside. */
    size_t next;   /* the position of the first character of a word, or the end of the text */
    uint32_t rune; /* that character, 0 at the end */
    bool space, opens_quote, opens_bracket, dash;
};

/* Fills next, rune and what goes before them. */
void place_look(const struct marks *marks, struct place *place);
/* The word right before the stop: up to a space, an opening mark or the start, at most 48 bytes. */
struct span place_word(const struct marks *marks, const struct place *place);
/* The word before that one, without its points. */
struct span place_word_before(const struct marks *marks, const struct place *place, struct span word);
/* The word stands behind a comma or a colon: "first 1. Zagreb, 2. Split" */
bool place_is_item(const struct marks *marks, const struct place *place, struct span word);
/* Nothing that could be said stands before the stop: only numbers, abbreviations and words as short as prepositions
 * ("В 1990 г.", "At 5 a.m."). */
bool place_is_opener(const struct marks *marks, const struct place *place);
/* The letters that begin at `next`. */
struct span place_next_word(const struct place *place);
/* Nothing stands between the start and the stop but a number, a letter or signs: "1.", "a)", "IV." */
bool place_is_enumerator(const struct marks *marks, const struct place *place);
/* The bracket that follows holds a number or one letter: "(b) ..." */
bool place_opens_item(const struct place *place);

#endif
