#include "config/nearest.h"

#include <stdint.h>

/* A name that needs more than NEAR changes is not worth suggesting. */
enum { NEAR = 3 };

/* The first of several equally similar names wins, which is the one that comes first in its table. */
const char *nearest_name(struct span word, const char *const *names, size_t count) {
    const char *nearest = NULL;
    size_t least = NEAR + 1;
    for (size_t i = 0; i < count; i++) {
        struct span name = span_of(names[i]);
        size_t own = span_distance(word, name), longer = word.length > name.length ? word.length : name.length;
        /* Any two short words are within three changes of each other, so at least a third of the longer word must also
         * be unchanged. */
        if (own >= least || own * 3 > longer * 2) continue;
        least = own;
        nearest = names[i];
    }
    return nearest;
}
