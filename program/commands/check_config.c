/* Whether the configuration is sound and, with --online, whether its services are. */
#include <stdio.h>

#include "config/reader.h"
#include "program/command.h"
#include "program/commands/online.h"

static enum exit_code do_check_config(struct call *call, struct failure *ret_failure) {
    struct program *program = call->program;
    if (!program_open_store(program, true, false, ret_failure) ||
        !program_open_stages(program, NULL, NULL, false, ret_failure))
        return EXIT_CONFIG;
    if (call_option(call, "--online")) {
        enum exit_code code = online_check(program, ret_failure);
        if (code != EXIT_DONE) return code;
    }
    if (program->warnings) return EXIT_CONFIG; /* each has been said */
    printf("the configuration is sound: %zu sources, %zu services\n", config_section_count(program->config, "source"),
           config_section_count(program->config, "service"));
    return EXIT_DONE;
}

static const struct option check_config_options[] = {
    {"--online", NULL,
     "ask each service for one word in each language of its routes, which shows whether address, key and model work"},
    OPTIONS_END};

static const char *const check_config_examples[] = {"dragoman check-config", "what is wrong with the configuration",
                                                    "dragoman check-config --online",
                                                    "and with the services in it, before an article is touched", NULL};

const struct subcommand command_check_config = {.name = "check-config",
                                                .takes = "[--online]",
                                                .help = "read the configuration and the tables, and say what is wrong",
                                                .options = check_config_options,
                                                .examples = check_config_examples,
                                                .run = do_check_config};
