/* Makes the pages of a day or week again, or one page of what is chosen from some days. */
#include "program/digest/command.h"

static enum exit_code do_digest(struct call *call, struct failure *ret_failure) {
    return digest_command(call, ret_failure);
}

static const struct option digest_options[] = {
    {"--language", "CODE[,CODE]", "select articles in these languages (ru, Russian; may be repeated)"},
    {"--source", "NAME", "select articles of this source (may be repeated)"},
    {"--section", "NAME", "select articles of this section (may be repeated)"},
    {"--output", "FILE",
     "write the selection to this file, in the format of its suffix: .html, .json, .md, .csv or .xml; - is standard "
     "output (default: a page in the folder selections)"},
    {"--mail", NULL, "also mail the day's new articles, as configured in [mail]"},
    OPTIONS_END};

static const char *const examples[] = {"dragoman digest yesterday",
                                       "rebuild yesterday's pages",
                                       "dragoman digest week",
                                       "make this week's page and print its path",
                                       "dragoman digest 2026-01-23..2026-01-29 --language ru,uk",
                                       "make one page of these seven days' articles in two languages",
                                       "dragoman digest today --source tagblatt --output news.csv",
                                       "write the articles of a source as CSV",
                                       NULL};

const struct subcommand command_digest = {
    .name = "digest",
    .takes = "[DATE|FROM..TO|today|yesterday|week|YYYY-Wnn]",
    .max_words = ANY_WORDS,
    .help = "rebuild the digest of a day or week, or select articles from several days",
    .options = digest_options,
    .examples = examples,
    .run = do_digest};
