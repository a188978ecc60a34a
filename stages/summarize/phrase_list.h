/* Lists of English phrases, read from a table of two columns: the kind of phrase, and phrases separated by '|'. Phrases
 * are compared without regard to the case of ASCII letters. A phrase that begins or ends with a letter or digit must
 * begin or end a word in the text. The apostrophe ends a word, the hyphen does not: "he" is found in "he's", but "so"
 * is not found in "so-called". */
#ifndef STAGES_SUMMARIZE_PHRASE_LIST_H
#define STAGES_SUMMARIZE_PHRASE_LIST_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"

struct phrase_list {
    struct span *all; /* sorted by first_byte(), in the arena */
    size_t count, capacity;
    size_t from[130];             /* the phrases with the first byte b are those from from[b] to from[b + 1] */
    unsigned char pairs[129][17]; /* bit c of row b: a phrase may begin with the bytes b and c */
};

/* Reads the table `name`, such as "summarize/unfit.tsv". ret_lists[i] receives the phrases of the kind kinds[i]; they
 * belong to the arena. An unknown kind is an error. */
bool phrase_lists_read(const char *data_folder, const char *name, const char *const *kinds, size_t kind_count,
                       struct arena *arena, struct phrase_list *ret_lists, struct failure *ret_failure);
/* Adds the phrases in the given cell of every row, separated by '|', to a list. */
void phrase_list_add(struct arena *arena, struct phrase_list *list, const struct table *table, size_t cell);
/* Return whether the text begins with one of the phrases, ends with one, or contains one. */
bool phrase_list_begins(const struct phrase_list *list, struct span text);
bool phrase_list_ends(const struct phrase_list *list, struct span text);
bool phrase_list_occurs(const struct phrase_list *list, struct span text);
/* Returns the length in the text of the longest phrase with which it begins, or 0. */
size_t phrase_list_length(const struct phrase_list *list, struct span text);
/* Returns whether the word is one of the phrases, in any case and script. */
bool phrase_list_has(const struct phrase_list *list, struct span word);

#endif
