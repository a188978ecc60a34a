/* Represents what an article is about as a sparse vector of features: words and pairs of adjacent words. A feature's
 * weight depends on how often it occurs in the article and how few other articles have it (TF-IDF). In a small edition
 * nearly every word would seem rare, so a number of imaginary articles, which represent general English, is included in
 * the counts (config/tables/group/common.tsv). Features that more articles of the edition have than report on one event
 * ("the coach", "the index closed") belong to a section of the day and lose weight in proportion. */
#ifndef STAGES_GROUP_VECTOR_H
#define STAGES_GROUP_VECTOR_H

#include "pipeline/article/article.h"

enum { VECTOR_WORDS = 64 };

struct feature {
    uint32_t word; /* hash of the word or of the pair */
    float weight;
    uint32_t articles; /* in a sum: how many of its articles have the feature; in an article: 1 */
    uint32_t having;   /* how many articles of the edition have it */
    bool name;         /* the feature is a name: a rare word, capitalized within a sentence */
};

struct vector {
    struct feature *features; /* sorted by `word` */
    size_t count;
};

/* A feature that two vectors have in common, as each of them has it. */
struct common {
    const struct feature *one, *other;
};

struct vectors; /* the counts from which the weights are computed */

struct vectors *vectors_open(const char *data_folder,
                             struct failure *ret_failure); /* returns NULL if the table cannot be read */
void vectors_close(struct vectors *vectors);               /* accepts NULL */
/* Call vectors_reset(), then vectors_count() for every article of the edition; after that, vectors_weigh() can be
 * called for each. */
void vectors_reset(struct vectors *vectors);
void vectors_count(struct vectors *vectors, const struct article *article);
/* Returns the VECTOR_WORDS features with the greatest weight, allocated in the arena. The vector has length 1, or less
 * for a short text of common words. It is empty for an article without English text. */
struct vector vectors_weigh(struct vectors *vectors, const struct article *article, struct arena *arena);
/* Returns the dot product of two vectors from what they have in common (see matcher.h). It is the cosine if both have
 * length 1. The result is reduced if they share no name: articles without a common name are rarely about the same
 * event. */
double vector_dot(const struct common *common, size_t count);
/* Returns the number of articles beyond which a feature is taken to belong to a section, not to one event. */
double vectors_section(const struct vectors *vectors);
/* Returns the sum of two vectors, limited to the `max_count` features with the greatest weight. The caller must free
 * its `features`. */
struct vector vector_add(const struct vector *a, const struct vector *b, size_t max_count);

#endif
