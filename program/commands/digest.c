/* Makes the pages of a day or week again, or one page of what is chosen from some days. */
#include "program/digest/command.h"

static enum exit_code do_digest(struct call *call, struct failure *ret_failure) {
    return digest_command(call, ret_failure);
}

static const struct option digest_options[] = {
    {"--language", "CODE[,CODE]", "choose the articles in these languages (ru, Russian; may be repeated)"},
    {"--source", "NAME", "choose the articles of this source (may be repeated)"},
    {"--section", "NAME", "choose the articles of this section (may be repeated)"},
    {"--output", "FILE",
     "write what is chosen to this file, in the format of its name: .html, .json, .md, .csv or .xml; - is standard "
     "output (default: a page in the folder selections)"},
    {"--mail", NULL, "then mail what is new of this day, as [mail] says"},
    OPTIONS_END};

static const char *const examples[] = {"dragoman digest yesterday",
                                       "rebuild the pages of the day before",
                                       "dragoman digest week",
                                       "make the page of this week and say where it is",
                                       "dragoman digest 2026-01-23..2026-01-29 --language ru,uk",
                                       "put what these seven days brought in two languages on one page",
                                       "dragoman digest today --source tagblatt --output news.csv",
                                       "write the articles of a source as a table",
                                       NULL};

const struct subcommand command_digest = {.name = "digest",
                                          .takes = "[DATE|FROM..TO|today|yesterday|week|YYYY-Wnn]",
                                          .max_words = ANY_WORDS,
                                          .help = "rebuild the digest of a day or week, or choose from some days",
                                          .options = digest_options,
                                          .examples = examples,
                                          .run = do_digest};
