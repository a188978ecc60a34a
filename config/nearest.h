/* Finds the known name that a misspelt one probably stands for. */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns the name most similar to `word`, or NULL if none is similar enough. The first of several equally similar ones
 * wins. */
const char *nearest_name(struct span word, const char *const *names, size_t count);

#endif
