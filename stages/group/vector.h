/* What an article is about, as a sparse vector: words and pairs of words, weighed by how often the article has them and
 * how few others do (TF-IDF). In a small edition every word is rare; so English at large takes part in the counting as
 * so many imaginary articles (config/tables/group/common.tsv). */
#ifndef STAGES_GROUP_VECTOR_H
#define STAGES_GROUP_VECTOR_H

#include "pipeline/article/article.h"

enum { VECTOR_WORDS = 64 };

struct feature {
    uint32_t word; /* its hash */
    float weight;
    bool name; /* of somebody or something: a rare word with a capital within a sentence */
};

struct vector {
    struct feature *features; /* in order of their words */
    size_t count;
};

struct vectors; /* the counts that the weights rest on */

struct vectors *vectors_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void vectors_close(struct vectors *vectors);                                        /* accepts NULL */
/* First every article of the edition is counted, then each can be weighed. */
void vectors_reset(struct vectors *vectors);
void vectors_count(struct vectors *vectors, const struct article *article);
/* The VECTOR_WORDS heaviest features, of length 1 together, or less for a text of little weight; in the arena.
 * Empty for an article without English. */
struct vector vectors_weigh(struct vectors *vectors, const struct article *article, struct arena *arena);
/* Cosine, when both are of length 1; less when they share no name: an event has names, and articles that share none are
 * rarely about the same one, whatever words they share. */
double vector_dot(const struct vector *a, const struct vector *b);
/* The sum, of at most `max_count` features. On the heap; the caller frees its features. */
struct vector vector_add(const struct vector *a, const struct vector *b, size_t max_count);

#endif
