/* What is to be chosen from the records of a period: --language, --source and --section of `dragoman digest`, and the
 * settings of these names in [mail]. */
#ifndef PROGRAM_DIGEST_SELECTION_H
#define PROGRAM_DIGEST_SELECTION_H

#include "config/reader.h"
#include "pipeline/article/article.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/base/table.h"
#include "program/command.h"

/* Values of one option. An article has to have one of them, unless there are none. */
struct choices {
    struct span *items;
    bool *found; /* whether any record of the period has it */
    size_t count, capacity, found_capacity;
};

struct selection {
    struct arena *arena;
    const struct config *config;
    struct table names;       /* languages: code, English name */
    struct choices languages; /* codes */
    struct choices sources, sections;
    struct hash_table seen_sources, seen_sections; /* in the records of the period */
};

/* Reads the options. An unknown language is a failure with EXIT_USAGE that names the nearest one. Texts are in the
 * arena. */
bool selection_read(const struct call *call, struct arena *arena, struct selection *ret_selection,
                    struct failure *ret_failure);
/* Makes a selection from settings, whose mistakes check-config finds: codes of languages, names of sources, and
 * sections that are separated by commas. It cannot be described or named. */
struct selection selection_of_lists(const struct config *config, struct arena *arena, const struct word_list *languages,
                                    const struct word_list *sources, struct span sections);
/* Returns whether anything is chosen. */
bool selection_is_given(const struct selection *selection);
/* Returns whether the article is chosen, and notes what it has. */
bool selection_takes(struct selection *selection, const struct article *article);
/* To be called when all records of the period were seen: a source or section that no record has and that is not
 * configured is a failure with EXIT_USAGE, which names the nearest one. */
bool selection_check_seen(const struct selection *selection, struct failure *ret_failure);
/* For notes_filter: whether an outage, or an article that waits or has failed, is of what is chosen as far as that is
 * known. */
bool selection_takes_note(const void *selection, const char *list, const cJSON *item);
/* Appends what was chosen in words: "Russian, from kommersant". */
void selection_describe(const struct selection *selection, struct buffer *out);
/* Appends what was chosen as part of a file's name: "-ru-kommersant". Its length is limited; what does not fit, or must
 * not be in a name, is replaced by a hash. */
void selection_name(const struct selection *selection, struct buffer *out);

#endif
