/* The user's glossary: terms that have to be said in a certain way, and names that stay as they are.
 *
 * A TSV file, one term a line: language, source, English, and perhaps the word "exact". The language "*" is every
 * language; without an English the source stays as it is. A term is found where its words stand, in inflected forms as
 * well: a word of the text matches when it is the term's word with up to three letters more, or, for longer words, with
 * its last one or two letters changed. Terms of capital letters, and those marked "exact", match as written only; a
 * capital initial wants one. Where terms overlap the longer one counts. Const after opening, so any number of threads
 * may search. */
#ifndef STAGES_LANGUAGE_TERMBASE_H
#define STAGES_LANGUAGE_TERMBASE_H

#include "config/setting.h"
#include "pipeline/base/arena.h"

struct config;
struct termbase;

struct term {
    struct span language, source, target;
};

/* Where a term stands in a text. */
struct term_match {
    size_t at, length;
    const struct term *term;
};

enum { TERM_MATCHES = 24 }; /* most of one text; further ones are left out */

/* Of the section [glossary]. */
struct glossary_settings {
    struct span file;
};
extern const struct setting glossary_table[];

/* Without a config (NULL), or a file in it, the termbase is empty. */
bool termbase_open(const struct config *config, struct termbase **ret_termbase, struct failure *ret_failure);
void termbase_close(struct termbase *termbase); /* accepts NULL */
/* Hash of all terms; empty when there are none. */
struct span termbase_version(const struct termbase *termbase);
/* All terms of a language, "*" included, each source once; at most `max_count`. They belong to the termbase. */
size_t termbase_list(const struct termbase *termbase, const char *language, const struct term **ret_terms,
                     size_t max_count);
/* The terms of a text in order, without overlaps; returns how many. Linear in the text but for the terms that begin
 * alike. */
size_t termbase_find(const struct termbase *termbase, const char *language, struct span text,
                     struct term_match ret_matches[TERM_MATCHES]);

#endif
