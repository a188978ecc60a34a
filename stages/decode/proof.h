/* Estimates what one sequence of misread UTF-8 proves. Almost any two characters may form such a sequence: a capital
 * before a trademark sign, or a root sign before a Greek letter. Only characters that nobody would write together prove
 * that the text was misread. */
#ifndef STAGES_DECODE_PROOF_H
#define STAGES_DECODE_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CHANCE: people write this. HINT: odd, but possibly intended. USUAL: a letter or sign out of place. SURE: nobody
 * writes this; for example, it has a control or a fraction within a word. */
enum proof { PROOF_CHANCE, PROOF_HINT, PROOF_USUAL, PROOF_SURE, PROOFS };

struct proof_case {
    uint32_t before;      /* the character before the sequence, as repaired; ' ' at the start */
    uint32_t first, last; /* its first and last character; `last` is ' ' if a non-breaking space became a space */
    uint32_t after;       /* the character after the sequence; ' ' at the end */
    uint32_t next;        /* the next character after the sequence that is not a space */
    uint32_t previous;    /* the last character before the sequence that is not a space */
    uint32_t result;      /* the character that the sequence decodes to; 0 if a byte is lost */
    size_t length;        /* number of characters in the sequence */
    bool control;         /* one of these characters is a C1 control */
};

/* Returns how strongly the sequence proves that the text was misread. */
enum proof proof_of(const struct proof_case *at);
/* Returns whether the sequence should be left alone even in a text that was misread elsewhere: its characters may be
 * intended, and the result belongs to a different script from the surrounding word. */
bool proof_is_accident(const struct proof_case *at);

#endif
