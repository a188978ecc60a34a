#include "stages/group/matcher.h"

#include <stdlib.h>

struct matcher {
    const struct vector *one;
    uint16_t *places; /* for each number: 1 + the index of that feature in `one`, or 0 */
};

struct matcher *matcher_new(size_t numbers) {
    struct matcher *matcher = memory_take(sizeof *matcher);
    matcher->places = memory_take((numbers + 1) * sizeof *matcher->places);
    return matcher;
}

void matcher_free(struct matcher *matcher) {
    if (!matcher) return;
    free(matcher->places);
    free(matcher);
}

void matcher_begin(struct matcher *matcher, const struct vector *one) {
    for (size_t i = 0; i < one->count; i++) matcher->places[one->features[i].word] = (uint16_t)(i + 1);
    matcher->one = one;
}

void matcher_end(struct matcher *matcher) {
    for (size_t i = 0; i < matcher->one->count; i++) matcher->places[matcher->one->features[i].word] = 0;
    matcher->one = NULL;
}

size_t matcher_find(const struct matcher *matcher, const struct vector *other, struct common *ret_common) {
    size_t count = 0;
    for (size_t i = 0; i < other->count; i++) {
        size_t place = matcher->places[other->features[i].word];
        if (place) ret_common[count++] = (struct common){&matcher->one->features[place - 1], &other->features[i]};
    }
    return count;
}
