/* Hides secrets in what a server has sent and in messages: a server may repeat the key that it was given, and its
 * words reach records, logs and pages. */
#ifndef PIPELINE_NET_CONCEAL_H
#define PIPELINE_NET_CONCEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

enum conceal_mode {
    CONCEAL_MESSAGE, /* an error message: hides six bytes of the secret in a row, or a shorter secret */
    /* Headers, addresses and answers of whoever got the secret: hides a third of the secret in a row (8 to 16 bytes),
     * but only what has letters mixed with digits. */
    CONCEAL_REPLY,
    /* An article: the same, but not what its writer may have written, a word with a small number or a year. To hide a
     * word that is a password would spoil articles, and tell it. */
    CONCEAL_CONTENT
};

/* Overwrites the secret and parts of it with asterisks: as it is, in base64 (alone or as part of more),
 * percent-encoded, hexadecimal, and as JSON and HTML write it; in small letters and capitals. Takes time linear in
 * `length`. A secret of fewer than four bytes is left, in replies and content one of fewer than eight. Only its first 2
 * KiB are looked for. */
void conceal(char *text, size_t length, struct span secret, enum conceal_mode mode);
/* Whether the text is long and mixed enough to be a key rather than words. */
bool conceal_looks_random(struct span text);

#endif
