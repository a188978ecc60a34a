/* The text that the weights are learned from: a folder of <language>.txt, one sentence a line, and beside some of them
 * <language>.words, a word and how often it was seen, parted by a tab. */
#ifndef TOOLS_VOTES_CORPUS_H
#define TOOLS_VOTES_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"
#include "stages/language/votes.h"

enum { CORPUS_HELD = 20 }; /* every 20th line may be held out */

struct language {
    char code[VOTES_CODE];
    unsigned family; /* of the scripts of most of its lines */
    double prior;    /* factor of its odds */
    struct span *lines;
    uint64_t *line_ends; /* bytes of all lines up to and with each */
    size_t line_count;
    struct span *held; /* lines that are not learned from */
    size_t held_count;
    struct span *words;  /* may be none */
    uint64_t *word_ends; /* counts up to and with each */
    size_t word_count;
    char *text, *word_text; /* the files */
};

struct corpus {
    struct language *languages[VOTES_MAX]; /* by family, then by code */
    size_t count;
};

/* False, with a message on stderr, when there is nothing to learn from. */
bool corpus_read(const char *folder, bool hold_out, struct corpus *ret_corpus);
/* A table of codes and factors; false, with a message, for what is none. Others have 1. */
bool corpus_read_priors(const char *path, struct corpus *corpus);
void corpus_free(struct corpus *corpus);

struct random {
    uint64_t state; /* never 0 */
};
uint64_t random_next(struct random *random);
bool random_chance(struct random *random, double probability);

enum { SNIPPET_MAX = 6000 };
/* A piece of text as it may have to be told: one word to some thirty, most often three; from a line, or drawn from the
 * list of words; some of it in the spelling of keyboards and pages that have no accented letters. */
void corpus_snippet(const struct language *language, struct random *random, struct buffer *snippet);
/* `words` words of a line that begins anywhere, or as many characters where words are not parted. */
struct span corpus_cut(const struct language *language, struct span line, struct random *random, size_t words);

#endif
