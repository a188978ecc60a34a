/* What the services offer. */
#include <stdio.h>

#include "config/reader.h"
#include "pipeline/command.h"
#include "stages/translate/roster.h"

static void print_offers(const struct recruit *recruit) {
    static const char *const codes[] = {"ar", "bg", "bs", "ca", "cs", "da", "de", "el", "eo", "es", "eu", "fa", "fi", "fr",
                                        "gl", "he", "hi", "hr", "hu", "is", "it", "ja", "ko", "mk", "nl", "no", "oc", "pl",
                                        "pt", "ro", "ru", "sk", "sl", "sr-Cyrl", "sr-Latn", "sv", "tr", "uk", "zh-Hans"};
    struct span model;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (recruit->service->offers(recruit->state, codes[i], "en", &model)) printf(" %s", codes[i]);
}

static enum exit_code do_services(struct call *call, struct failure *ret_failure) {
    struct roster *roster;
    puts("adapters:");
    for (size_t i = 0; services[i]; i++) printf("  %-16s %s\n", services[i]->name, services[i]->help);
    if (!roster_open(call->program->config, call->program->data_folder, &roster, ret_failure)) return EXIT_CONFIG;
    puts("configured:");
    for (size_t i = 0; i < roster->count; i++) {
        const struct recruit *recruit = &roster->recruits[i];
        printf("  %-16.*s %s, to English from:", SPAN_ARGS(recruit->name), recruit->service->name);
        print_offers(recruit);
        puts("");
    }
    roster_close(roster);
    return EXIT_DONE;
}

const struct subcommand command_services = {.name = "services",
                                         .takes = "",
                                         .help = "the adapters, and what the configured services translate",
                                         .run = do_services};
