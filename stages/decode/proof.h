/* What one sequence of misread UTF-8 proves. Almost any two characters may be one: a capital before a trademark sign, a
 * root before a Greek letter. Only where nobody would have written them so do they prove that the text is wrong. */
#ifndef STAGES_DECODE_PROOF_H
#define STAGES_DECODE_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Chance: people write this. Hint: odd, but it may be meant. Usual: a letter or a sign out of place. Sure: nobody
 * writes this, a control or a fraction within a word. */
enum proof { PROOF_CHANCE, PROOF_HINT, PROOF_USUAL, PROOF_SURE, PROOFS };

struct proof_case {
    uint32_t before;      /* the character that stands before it, as it will read; ' ' at the start */
    uint32_t first, last; /* its own first and last character; `last` is ' ' where a non-breaking space became one */
    uint32_t after;       /* that behind it; ' ' at the end */
    uint32_t next;        /* the same, spaces skipped */
    uint32_t previous;    /* the last that was no space before it */
    uint32_t result;      /* what it reads as; 0 when a byte of it is gone */
    size_t length;        /* characters */
    bool control;         /* a C1 control is among them */
};

enum proof proof_of(const struct proof_case *at);
/* Whether it is better left alone in a text that is wrong elsewhere: its characters may be meant, and what it reads as
 * is of another script than the word it stands in. */
bool proof_is_accident(const struct proof_case *at);

#endif
