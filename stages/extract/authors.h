/* Who wrote it: names of people out of what pages write where an author belongs ("Von Anna Berg und Jan Vos, Kyjiw |
 * dpa"). */
#ifndef STAGES_EXTRACT_AUTHORS_H
#define STAGES_EXTRACT_AUTHORS_H

#include "pipeline/base/table.h"

struct author_words; /* the words of by-lines, in many languages */

/* Makes the words of a table of rows: kind, language, words parted by " ; ". False for a kind that is not known. */
bool author_words_make(const struct table *table, struct arena *arena, struct author_words **ret_words,
                       struct failure *ret_failure);

enum { MAX_AUTHORS = 12 };

struct authors {
    struct span people[MAX_AUTHORS], organizations[MAX_AUTHORS];
    struct span handles[MAX_AUTHORS]; /* initials and pen names: "amw", "gizzmo" */
    size_t person_count, organization_count, handle_count;
    struct span from; /* where they stood, when who gathers them says so */
};

/* Adds the names in `text` (plain) to `authors`, each once: prefixes and roles cut off, joined names parted; addresses,
 * numbers and placeholders are no names. What carries a word of organizations, or is the `site`, is an organization.
 * Texts are in the arena. */
void authors_add(const struct author_words *words, struct span text, struct span site, struct arena *arena,
                 struct authors *authors);

/* Whether a line begins as a by-line does ("Von ...", "Por: ..."). */
bool authors_announced(const struct author_words *words, struct span line, struct arena *arena);
/* Whether it names what follows: "Autor: ...", "作者：...", by a word of the kind "label". */
bool authors_labelled(const struct author_words *words, struct span line, struct arena *arena);

#endif
