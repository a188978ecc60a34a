/* Extracts the names of authors from texts such as "Von Anna Berg und Jan Vos, Kyjiw | dpa". */
#ifndef STAGES_EXTRACT_AUTHORS_H
#define STAGES_EXTRACT_AUTHORS_H

#include "pipeline/base/table.h"

struct author_words; /* words that occur in by-lines, in many languages */

/* Builds the word lists from a table with the columns kind, language, and words separated by " ; ". Returns false if a
 * row has an unknown kind. */
bool author_words_make(const struct table *table, struct arena *arena, struct author_words **ret_words,
                       struct failure *ret_failure);

enum { MAX_AUTHORS = 12 };

struct authors {
    struct span people[MAX_AUTHORS], organizations[MAX_AUTHORS];
    struct span handles[MAX_AUTHORS]; /* initials and pen names such as "amw" or "gizzmo" */
    size_t person_count, organization_count, handle_count;
    bool cut;         /* there were more names than fit */
    struct span from; /* where the names were found, for the record; set by the caller */
};

/* Adds the names in `text`, which is plain text, to `authors`, each name once. Prefixes and roles are removed, and
 * joined names are split. Addresses, numbers and placeholders are not names. A name that contains a word for an
 * organization, or is the name of the site, is an organization. Names are copied into `arena`. */
void authors_add(const struct author_words *words, struct span text, struct span site, struct arena *arena,
                 struct authors *authors);

/* Returns true if the name is that of a newsroom ("Redaktion", "The Politics Desk"). */
bool authors_is_desk(const struct author_words *words, struct span name, struct arena *arena);
/* Returns true if the text begins or ends with a word for "reporter" that is written next to a name ("记者王小明",
 * "김하늘 기자"), and has more than that word. */
bool authors_is_reporter(const struct author_words *words, struct span text, struct arena *arena);
/* Returns true if a line begins like a by-line ("Von ...", "Por: ..."). */
bool authors_announced(const struct author_words *words, struct span line, struct arena *arena);
/* Returns true if a line is nothing but the beginning of a by-line ("Von", "Por:"). */
bool authors_is_prefix(const struct author_words *words, struct span line, struct arena *arena);
/* Returns true if a line begins with a word for a picture or another part that is not the text ("Photographs by ...").
 */
bool authors_credited(const struct author_words *words, struct span line, struct arena *arena);
/* Returns true if a line, or the text in brackets, begins with a word of the kind "label" and a colon ("Autor: ...",
 * "作者：..."). */
bool authors_labelled(const struct author_words *words, struct span line, struct arena *arena);

#endif
