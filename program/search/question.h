/* What the user searches for: words and phrases, in any script.
 *
 * An argument is a word, or a phrase if it contains spaces; within an argument, straight quotes mark phrases and all
 * else is words. All of them must occur, in any order. A word that ends with '*' also finds longer words. Everything
 * else that is no letter or digit only separates words, so no question is malformed. */
#ifndef PROGRAM_SEARCH_QUESTION_H
#define PROGRAM_SEARCH_QUESTION_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { QUESTION_BYTES = 1000, QUESTION_UNITS = 32 };

/* A word or phrase: consecutive words as search_word_next() divides them. */
struct question_unit {
    struct span *words;
    size_t count, capacity;
    bool prefix; /* the last word stands for all words that begin with it */
};
struct question {
    struct question_unit units[QUESTION_UNITS];
    size_t count;
};

/* Reads the arguments. Returns false, with EXIT_USAGE, if they hold nothing to search for or too much. */
bool question_read(char *const *arguments, size_t count, struct arena *arena, struct question *ret_question,
                   struct failure *ret_failure);
/* Appends the question as an expression of FTS5, which consists of quoted words only. */
void question_match(const struct question *question, struct buffer *out);

/* A place in a text where a word or phrase of the question occurs. */
struct question_hit {
    size_t from, to;
};
enum { QUESTION_HITS = 64 };
/* Finds the first hits in a text, in order; those that overlap are joined. *ret_units is the number of the question's
 * units that occur. Returns the number of hits. */
size_t question_find(const struct question *question, struct span text, struct question_hit ret_hits[QUESTION_HITS],
                     size_t *ret_units);

#endif
