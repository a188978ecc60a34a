#include "program/hooks/settings.h"

#include "pipeline/net/address.h"
#include "pipeline/net/local_program.h"
#include "pipeline/net/url.h"
#include "stages/services/command/line.h"

const struct setting hooks_table[] = {
    SETTING("success", SETTING_TEXT_AT(struct hooks_settings, success),
            .help = "program and its arguments, started after a successful run; its standard input is the run's report "
                    "as JSON"),
    SETTING("failure", SETTING_TEXT_AT(struct hooks_settings, failure),
            .help = "the same after any other run; DRAGOMAN_EXIT and DRAGOMAN_REASON say why"),
    SETTING("tolerate", SETTING_LIST_AT(struct hooks_settings, tolerate),
            .help = "exit codes other than 0 that count as success, e.g. 69 (something is waiting; default: none)"),
    SETTING("ping", SETTING_TEXT_AT(struct hooks_settings, ping),
            .help = "address of a monitoring check, e.g. at healthchecks.io: requested with /start when a run begins, "
                    "unchanged after a success, with /fail after a failure (default: none)"),
    SETTING("ping", SETTING_SECRET_AT(struct hooks_settings, ping_secret),
            .help = "the same address, kept as a secret"),
    SETTING("news", SETTING_TEXT_AT(struct hooks_settings, news),
            .help = "program and its arguments, started for each new story on a watch-list and each fast-growing "
                    "story; its standard input is the news as JSON"),
    SETTING("webhook", SETTING_TEXT_AT(struct hooks_settings, webhook),
            .help = "address to which the same JSON is sent (default: none)"),
    SETTING("webhook", SETTING_SECRET_AT(struct hooks_settings, webhook_secret),
            .help = "the same address, kept as a secret"),
    SETTING("growth_outlets", SETTING_NUMBER_AT(struct hooks_settings, growth_outlets), .default_value = "4",
            .max = 1000,
            .help = "number of outlets that must report a story within growth_within for it to count as fast-growing; "
                    "sent again at two, four, ... times as many (0 = never)"),
    SETTING("growth_articles", SETTING_NUMBER_AT(struct hooks_settings, growth_articles), .default_value = "10",
            .max = 10000, .help = "the same for the number of articles (0 = never)"),
    SETTING("growth_within", SETTING_TIME_AT(struct hooks_settings, growth_within), .default_value = "6h", .min = 60e3,
            .max = 7 * 86400e3, .help = "period for growth_outlets and growth_articles"),
    SETTING("timeout", SETTING_TIME_AT(struct hooks_settings, timeout), .default_value = "30s", .min = 100,
            .max = 3600e3, .help = "time limit for a program"),
    SETTING("request_timeout", SETTING_TIME_AT(struct hooks_settings, request_timeout), .default_value = "10s",
            .min = 100, .max = 600e3, .help = "time limit for a ping, or for sending a piece of news"),
    SETTING("plain_http", SETTING_SWITCH_AT(struct hooks_settings, plain_http), .default_value = "no",
            .help = "allow http: addresses, although they may contain a token (always allowed on this machine)"),
    SETTINGS_END,
};

const char **hooks_words(const struct section *section, struct span command, struct arena *arena) {
    const char **words = command_words(command, section_folder(section), arena);
    return words && words[0] ? words : NULL;
}

bool hooks_have_program(const struct config *config) {
    const struct hooks_settings *settings = config_values(config, hooks_table);
    return settings->success.length || settings->failure.length || settings->news.length;
}

bool hooks_succeeded(const struct hooks_settings *settings, int code) {
    long long number;
    bool tolerated = code == 0;
    for (size_t i = 0; i < settings->tolerate.count && !tolerated; i++)
        tolerated = span_number(settings->tolerate.items[i], &number) && number == code;
    return tolerated;
}

/* ---------------------------------------------------------------- problems */

static void check_program(const struct section *section, const char *name, struct span command) {
    struct arena *arena = arena_new();
    const char **words = command.length ? hooks_words(section, command, arena) : NULL;
    if (command.length && !words)
        section_add_problem(section, name, command, "the command of %s has an unmatched quotation mark, or is empty",
                            name);
    else if (words && !local_program_find(words[0], arena))
        section_add_problem(section, name, command, "'%.200s' is not a program that can be run", words[0]);
    arena_free(arena);
}

static void check_address(const struct section *section, const char *name, struct span address, bool secret) {
    const struct hooks_settings *settings = section_values(section);
    struct arena *arena = arena_new();
    if (address.length && secret)
        section_add_problem(section, name, address, "there is also %s_file, _env or _command; remove one of them",
                            name);
    if (address.length && (!url_is_remote(address) || url_fault(address)))
        section_add_problem(section, name, address, "the value of %s is not an address: it must begin with https://",
                            name);
    else if (address.length && !settings->plain_http && !span_starts_ascii_fold(address, SPAN("https:")) &&
             !address_url_loopback(arena_string(arena, address)))
        section_add_problem(section, name, address,
                            "the address may contain a token, which would be sent unencrypted; write https:, or "
                            "plain_http = yes");
    arena_free(arena);
}

static void check_codes(const struct section *section, const struct word_list *codes) {
    long long number;
    for (size_t i = 0; i < codes->count; i++)
        if (!span_number(codes->items[i], &number) || number < 1 || number > 255)
            section_add_problem(section, "tolerate", codes->items[i], "'%.*s' is not an exit code: expected 1 to 255",
                                SPAN_ARGS(text_clip(codes->items[i], 40)));
}

void hooks_check(const struct config *config) {
    const struct section *section = config_section(config, hooks_table);
    const struct hooks_settings *settings = section_values(section);
    check_program(section, "success", settings->success);
    check_program(section, "failure", settings->failure);
    check_program(section, "news", settings->news);
    check_address(section, "ping", settings->ping, secret_given(settings->ping_secret));
    check_address(section, "webhook", settings->webhook, secret_given(settings->webhook_secret));
    check_codes(section, &settings->tolerate);
    section_add_missing_secrets(section);
}
