/* The settings of [hooks]: programs that are run after a run, pings for a monitoring service, and whom to tell news. */
#ifndef PROGRAM_HOOKS_SETTINGS_H
#define PROGRAM_HOOKS_SETTINGS_H

#include "config/reader.h"
#include "pipeline/base/arena.h"

struct hooks_settings {
    struct span success, failure, news; /* command lines; empty: none */
    long long timeout;
    struct word_list tolerate;
    struct span ping, webhook; /* if they are not secrets */
    struct secret *ping_secret, *webhook_secret;
    bool plain_http;
    long long request_timeout;
    long long growth_outlets, growth_articles, growth_within;
};
extern const struct setting hooks_table[];

/* Returns the program and its arguments, with NULL at the end, in the arena; NULL if a quotation mark is missing or
 * there is no word. */
const char **hooks_words(const struct section *section, struct span command, struct arena *arena);
/* Whether a program is to be run. */
bool hooks_have_program(const struct config *config);
/* Whether a run that ended with this code is a success. */
bool hooks_succeeded(const struct hooks_settings *settings, int code);
/* Adds a problem for each mistake that the table does not find. Addresses are not quoted, because they may hold a
 * token. */
void hooks_check(const struct config *config);

#endif
