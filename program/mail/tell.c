/* What the commands say about mail. */
#include <stdio.h>

#include "config/reader.h"
#include "pipeline/store/store.h"
#include "program/mail/internal.h"
#include "program/mail/send.h"
#include "program/say.h"

struct telling {
    const struct program *program;
    bool failed;
};

/* "mail desk: sent 2 stories to 1 reader", or "sent 5 stories in 2 mails to 3 readers". */
static void tell_sent(const struct mail_outcome *outcome) {
    char mails[64] = "";
    if (outcome->mails > 1) snprintf(mails, sizeof mails, " in %zu mails", outcome->mails);
    say("%.*s: sent %zu %s%s to %zu %s", SPAN_ARGS(outcome->label), outcome->stories,
        outcome->stories == 1 ? "story" : "stories", mails, outcome->readers,
        outcome->readers == 1 ? "reader" : "readers");
}

static void tell(void *context, const struct mail_outcome *outcome) {
    struct telling *telling = context;
    telling->failed |= outcome->failed;
    if (outcome->mails)
        tell_sent(outcome);
    else if (!outcome->failed)
        say("%.*s: nothing new", SPAN_ARGS(outcome->label));
    if (outcome->failed) log_sentence(&telling->program->log, LOG_LEVEL_ERROR, outcome->failure.sentence);
}

enum exit_code mail_command(struct program *program, const char *day, struct failure *ret_failure) {
    struct telling telling = {.program = program};
    if (!config_section_count(program->config, mail_table)) {
        failure_fatal(ret_failure, EXIT_CONFIG,
                      "no [mail] section is configured, so nobody gets mail; see docs/mail.md");
        return EXIT_CONFIG;
    }
    if (!mail_send_sections(program, day, tell, &telling, ret_failure))
        return ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
    return telling.failed ? EXIT_NO_SERVICE : EXIT_DONE;
}

bool mail_try_servers(const struct program *program, bool tells) {
    bool all = true;
    struct arena *arena = arena_new();
    for (size_t i = 0; i < config_section_count(program->config, mail_table); i++) {
        struct failure failure = {0};
        const struct section *section = config_section_at(program->config, mail_table, i);
        struct span label = mail_label(section, arena);
        bool works = mail_way_try(program, section, &failure);
        if (works && tells) say("[%.*s] works", SPAN_ARGS(label));
        if (!works) log_sentence(&program->log, LOG_LEVEL_ERROR, failure.sentence);
        all = all && works;
    }
    arena_free(arena);
    return all;
}

void mail_each_waiting(const struct program *program, void (*waiting)(void *context, const struct mail_waiting *one),
                       void *context) {
    struct arena *arena = arena_new();
    for (size_t i = 0; i < config_section_count(program->config, mail_table); i++) {
        const struct section *section = config_section_at(program->config, mail_table, i);
        struct mail_waiting one = {.label = mail_label(section, arena)};
        struct span key = arena_print(arena, "mail waits %.*s", SPAN_ARGS(section_name(section)));
        if (store_told(program->store, key, arena, &one.reason, &one.since) && one.reason.length)
            waiting(context, &one);
    }
    arena_free(arena);
}
