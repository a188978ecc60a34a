/* The settings of a service of kind `command`, and the words of its command line. */
#ifndef STAGES_SERVICES_COMMAND_LINE_H
#define STAGES_SERVICES_COMMAND_LINE_H

#include "config/setting.h"
#include "pipeline/base/arena.h"

struct command_settings {
    struct span command, model;
    struct word_list environment;
};

/* Returns the program and its arguments, with NULL at the end, in the arena; NULL if a quotation mark is missing.
 * Words that begin with ./ or ../ are paths from `folder`, those with ~/ from the home folder. */
const char **command_words(struct span command, const char *folder, struct arena *arena);

#endif
