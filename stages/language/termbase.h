/* The user's glossary: terms that must be translated in a certain way, and names that must not be translated.
 *
 * It is a TSV file with one term per line: language, source, English, and optionally the word "exact". The language "*"
 * stands for every language; if English is empty, the source is kept as it is. Inflected forms of a term match too: a
 * word of the text matches if it is the term's word plus up to three letters or, for longer words, if only its last one
 * or two letters differ. Terms in capital letters and those marked "exact" match only as written; a capitalized term
 * matches only capitalized words. If terms overlap, the longer one is used. The termbase is not changed after opening,
 * so several threads may search it. */
#ifndef STAGES_LANGUAGE_TERMBASE_H
#define STAGES_LANGUAGE_TERMBASE_H

#include "config/setting.h"
#include "pipeline/base/arena.h"

struct config;
struct termbase;

struct term {
    struct span language, source, target;
};

/* The position of a term in a text, in bytes. */
struct term_match {
    size_t at, length;
    const struct term *term;
};

enum { TERM_MATCHES = 24 }; /* max. number of matches in one text; further ones are ignored */

/* The settings of section [glossary]. */
struct glossary_settings {
    struct span file;
};
extern const struct setting glossary_table[];

/* Reads the glossary named in the configuration. The termbase is empty if `config` is NULL or names no file. */
bool termbase_open(const struct config *config, struct termbase **ret_termbase, struct failure *ret_failure);
void termbase_close(struct termbase *termbase); /* accepts NULL */
/* Returns a hash of the glossary file, or an empty span if there is none. */
struct span termbase_version(const struct termbase *termbase);
/* Writes the terms of a language, including those of "*", each source once, and returns their number, at most
 * `max_count`. The texts of the terms are owned by the termbase. */
size_t termbase_list(const struct termbase *termbase, const char *language, const struct term **ret_terms,
                     size_t max_count);
/* Finds the terms in a text, in order and without overlaps, and returns their number. Takes time linear in the text's
 * length, multiplied by the number of terms that begin with the same letters. */
size_t termbase_find(const struct termbase *termbase, const char *language, struct span text,
                     struct term_match ret_matches[TERM_MATCHES]);

#endif
