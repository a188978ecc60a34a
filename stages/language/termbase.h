/* The termbase contains the terms of the user's glossary: terms with the translation to be used, and names that must
 * not be translated. The glossary is a TSV file with one term per line: language, source, English, and optionally the
 * word "exact". The language "*" stands for every language; if English is empty, the source is kept as it is. Inflected
 * forms of a term also match: a word of the text may have up to three letters more than the term's word or, for longer
 * words, differ from it in the last one or two letters. Terms in capital letters and those marked "exact" match only as
 * written; a capitalized term matches only capitalized words. If terms overlap, the longer one is used. A termbase is
 * immutable after opening, so several threads may search it. */
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

enum { TERM_MATCHES = 24 }; /* max. number of matches found in a text; further ones are ignored */

/* The settings of the section [glossary]. */
struct glossary_settings {
    struct span file;
};
extern const struct setting glossary_table[];

/* Reads the glossary that the configuration names. The termbase is empty if `config` is NULL or names no file. */
bool termbase_open(const struct config *config, struct termbase **ret_termbase, struct failure *ret_failure);
void termbase_close(struct termbase *termbase); /* accepts NULL */
/* Returns a hash of the glossary file, or an empty span if there is none. */
struct span termbase_version(const struct termbase *termbase);
/* Stores the terms of a language, including those for "*", in ret_terms, each source once. Returns their number, which
 * is at most `max_count`. The texts of the terms are owned by the termbase. */
size_t termbase_list(const struct termbase *termbase, const char *language, const struct term **ret_terms,
                     size_t max_count);
/* Finds the terms in a text, in order and without overlaps, and returns their number. The time is proportional to the
 * length of the text and to the number of terms that begin with the same letters. */
size_t termbase_find(const struct termbase *termbase, const char *language, struct span text,
                     struct term_match ret_matches[TERM_MATCHES]);

#endif
