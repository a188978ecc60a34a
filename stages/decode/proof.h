/* Estimates how strongly one sequence that looks like misread UTF-8 indicates that the text was misread. Almost any two
 * characters may form such a sequence: a capital before a trademark sign, or a root sign before a Greek letter. Only
 * characters that nobody would write together are conclusive. */
#ifndef STAGES_DECODE_PROOF_H
#define STAGES_DECODE_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PROOF_CHANCE: people write this. PROOF_HINT: odd, but possibly intended. PROOF_USUAL: a letter or sign is out of
 * place. PROOF_SURE: nobody writes this, for example a control or a fraction within a word. */
enum proof { PROOF_CHANCE, PROOF_HINT, PROOF_USUAL, PROOF_SURE, PROOFS };

struct proof_case {
    uint32_t before;      /* the character before the sequence, after repair; ' ' at the start */
    uint32_t first, last; /* first and last character of the sequence; for a lost non-breaking space, `last` is ' ' */
    uint32_t after;       /* the character after the sequence; ' ' at the end */
    uint32_t next;        /* the first character after the sequence that is not a space */
    uint32_t previous;    /* the last character before the sequence that is not a space */
    uint32_t result;      /* the character that the sequence encodes; 0 if a byte is missing */
    size_t length;        /* number of characters in the sequence */
    bool control;         /* the sequence contains a C1 control */
};

/* Returns how strongly the sequence indicates that the text was misread. */
enum proof proof_of(const struct proof_case *at);
/* Returns whether the sequence should be left alone even if the text was misread elsewhere: its characters may be
 * intended, and the character that it decodes to is in a different script from the word around it. */
bool proof_is_accident(const struct proof_case *at);

#endif
