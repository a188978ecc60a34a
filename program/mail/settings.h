/* The settings of [mail] and [mail "list"], and what has to be true of them. */
#ifndef PROGRAM_MAIL_SETTINGS_H
#define PROGRAM_MAIL_SETTINGS_H

#include "config/reader.h"
#include "pipeline/base/arena.h"

enum mail_when { MAIL_WHEN_RUN, MAIL_WHEN_NEW, MAIL_WHEN_MORNING, MAIL_WHEN_ASKED };
enum mail_starttls { MAIL_STARTTLS_AUTO, MAIL_STARTTLS_REQUIRED, MAIL_STARTTLS_NEVER };

struct mail_settings {
    struct word_list to;
    struct span from, server, command, user;
    struct secret *password;
    int when, starttls;
    bool starttls_given;
    long long timeout; /* milliseconds */
    long long stories;
    struct word_list languages, sources;
    struct span sections; /* separated by commas */
    struct span subject_prefix, list_id, unsubscribe;
};
extern const struct setting mail_table[];

/* Returns the address in "Name <address>", or the whole text; *ret_name is the name or empty. */
struct span mail_sender(struct span from, struct span *ret_name);
/* Returns the server's address with its default: "smtp://localhost:25". */
struct span mail_server(const struct mail_settings *settings);
/* Splits the command at its spaces; the list ends with NULL. Returns false if there are more words than MAIL_WORDS - 1.
 */
enum { MAIL_WORDS = 32 };
bool mail_command_words(const struct mail_settings *settings, struct arena *arena, const char *ret_words[MAIL_WORDS]);
/* Whether the connection must be encrypted with STARTTLS. */
bool mail_needs_starttls(const struct mail_settings *settings);
/* Calls `problem` for each mistake in the section, with the setting's name and the value or word that is wrong. */
typedef void mail_problem(void *context, const struct section *section, const char *name, struct span value,
                          const char *what);
void mail_find_problems(const struct config *config, const struct section *section, mail_problem *problem,
                        void *context);
/* Adds the mistakes of all sections to the problems of the configuration. Codes of languages are checked elsewhere. */
void mail_check(const struct config *config);
/* Returns "mail" or "mail desk", for messages. */
struct span mail_label(const struct section *section, struct arena *arena);

#endif
