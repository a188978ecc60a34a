#include "stages/group/usual.h"

#include <stdlib.h>

#include "stages/group/event.h"

/* SAMPLE: number of articles that are looked at. ELSEWHERE: articles that have at most this share of their names in
 * common are about somebody else. EXPECTED is the result for a day without articles, and has the weight of PRIOR
 * articles, because a few articles tell little. */
enum { SAMPLE = 1000, PRIOR = 20 };
static const double ELSEWHERE = 0.25, EXPECTED = 0.08;

/* Returns the largest share of the article's words that an article about somebody else has; negative if none is near.
 */
static double find_largest(struct neighbours *neighbours, struct matcher *matcher, const struct vector *const *vectors,
                           size_t count, size_t at) {
    struct party self = event_party(vectors[at], 1);
    struct common *common = memory_take((vectors[at]->count + 1) * sizeof *common);
    uint32_t found[NEIGHBOURS];
    size_t found_count = neighbours_find(neighbours, vectors[at], (uint32_t)count, found);
    double largest = -1;
    matcher_begin(matcher, vectors[at]);
    for (size_t i = 0; i < found_count; i++) {
        if (found[i] == at) continue;
        size_t common_count = matcher_find(matcher, vectors[found[i]], common);
        struct overlap overlap = event_overlap(self, event_party(vectors[found[i]], 1), common, common_count);
        if (overlap.who < ELSEWHERE && overlap.what > largest) largest = overlap.what;
    }
    matcher_end(matcher);
    free(common);
    return largest;
}

double usual_measure(struct neighbours *neighbours, struct matcher *matcher, const struct vector *const *vectors,
                     size_t count) {
    double sum = EXPECTED * PRIOR, measured = PRIOR;
    for (size_t i = 0; i < count; i += count / SAMPLE + 1) {
        double largest = find_largest(neighbours, matcher, vectors, count, i);
        if (largest < 0) continue;
        sum += largest;
        measured++;
    }
    return sum / measured;
}
