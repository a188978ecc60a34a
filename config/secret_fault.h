/* Finds what cannot be sent in a secret, so that a damaged key is reported and not sent in part. */
#ifndef CONFIG_SECRET_FAULT_H
#define CONFIG_SECRET_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns what the secret contains but must not, in words that follow "contains", and the number of its first byte,
 * counted from 1. Returns NULL if the secret is sound. It has one line unless `many_lines`. */
const char *secret_fault(struct span text, bool many_lines, size_t *ret_byte);

#endif
