/* Makes the pages of a day again. */
#include "program/digest/command.h"

static enum exit_code do_digest(struct call *call, struct failure *ret_failure) {
    return digest_command(call, ret_failure);
}

static const struct option options[] = {{"--mail", NULL, "then mail what is new of this day, as [mail] says"},
                                        OPTIONS_END};

static const char *const examples[] = {"dragoman digest", "rebuild the pages of today", "dragoman digest yesterday",
                                       "rebuild those of the day before", NULL};

const struct subcommand command_digest = {.name = "digest",
                                          .takes = "[DATE]",
                                          .help = "rebuild the digest for a day",
                                          .options = options,
                                          .examples = examples,
                                          .run = do_digest};
