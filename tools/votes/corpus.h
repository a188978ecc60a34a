/* The training text: a folder of <language>.txt, one sentence per line, and for some languages <language>.words, whose
 * lines hold a word, a tab and its frequency. */
#ifndef TOOLS_VOTES_CORPUS_H
#define TOOLS_VOTES_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"
#include "stages/language/votes.h"

enum { CORPUS_HELD = 20 }; /* every 20th line may be held out */

struct language {
    char code[VOTES_CODE];
    unsigned family; /* the family of scripts that most of its lines use */
    double prior;    /* the odds of the language are multiplied by this */
    struct span *lines;
    uint64_t *line_ends; /* cumulative length in bytes up to and including each line */
    size_t line_count;
    struct span *held; /* lines left out of training */
    size_t held_count;
    struct span *words;  /* empty if there is no <language>.words */
    uint64_t *word_ends; /* cumulative frequency up to and including each word */
    size_t word_count;
    char *text, *word_text; /* contents of the files, which all spans point into */
};

struct corpus {
    struct language *languages[VOTES_MAX]; /* sorted by family, then by code */
    size_t count;
};

/* Reads the folder. Returns false, with a message on standard error, if there is no training text. */
bool corpus_read(const char *folder, bool hold_out, struct corpus *ret_corpus);
/* Reads a table of language codes and priors; languages without a line keep 1. Returns false, with a message on
 * standard error, if the file is not such a table. */
bool corpus_read_priors(const char *path, struct corpus *corpus);
void corpus_free(struct corpus *corpus);

struct random {
    uint64_t state; /* never 0 */
};
uint64_t random_next(struct random *random);
bool random_chance(struct random *random, double probability);

enum { SNIPPET_MAX = 6000 };
/* Appends a random piece of text like those to be identified later: one to about thirty words, most often three, from a
 * line or from the list of words. Some pieces are spelt without accents, as on keyboards and pages that lack them. */
void corpus_snippet(const struct language *language, struct random *random, struct buffer *snippet);
/* Returns `words` consecutive words from a random position in the line, or as many characters if the script does not
 * separate words. */
struct span corpus_cut(const struct language *language, struct span line, struct random *random, size_t words);

#endif
