#include "program/hooks/settings.h"

#include "pipeline/net/address.h"
#include "pipeline/net/local_program.h"
#include "pipeline/net/url.h"
#include "stages/services/command/line.h"

const struct setting hooks_table[] = {
    SETTING("success", SETTING_TEXT_AT(struct hooks_settings, success),
            .help = "program and arguments, run after a run that succeeded; it gets the run's report as JSON on its "
                    "standard input"),
    SETTING("failure", SETTING_TEXT_AT(struct hooks_settings, failure),
            .help = "likewise, after any other run; DRAGOMAN_EXIT and DRAGOMAN_REASON say why"),
    SETTING("tolerate", SETTING_LIST_AT(struct hooks_settings, tolerate),
            .help = "exit codes of runs that count as a success besides 0, e.g. 69, something waits (default: none)"),
    SETTING("ping", SETTING_TEXT_AT(struct hooks_settings, ping),
            .help = "address of a check, as of healthchecks.io: requested with /start when a run begins, as it is "
                    "after a success, with /fail after a failure (default: none)"),
    SETTING("ping", SETTING_SECRET_AT(struct hooks_settings, ping_secret), .help = "this address, kept as a secret"),
    SETTING("news", SETTING_TEXT_AT(struct hooks_settings, news),
            .help = "program and arguments, run for each new story of a watch-list and each story that grows fast; it "
                    "gets the news as JSON on its standard input"),
    SETTING("webhook", SETTING_TEXT_AT(struct hooks_settings, webhook),
            .help = "address to which the same news is sent (default: none)"),
    SETTING("webhook", SETTING_SECRET_AT(struct hooks_settings, webhook_secret),
            .help = "this address, kept as a secret"),
    SETTING("growth_outlets", SETTING_NUMBER_AT(struct hooks_settings, growth_outlets), .default_value = "4",
            .max = 1000,
            .help = "a story grows fast if so many outlets report on it within growth_within; told again at "
                    "twice, four times ... as many (0 = never)"),
    SETTING("growth_articles", SETTING_NUMBER_AT(struct hooks_settings, growth_articles), .default_value = "10",
            .max = 10000, .help = "likewise, so many articles (0 = never)"),
    SETTING("growth_within", SETTING_TIME_AT(struct hooks_settings, growth_within), .default_value = "6h", .min = 60e3,
            .max = 7 * 86400e3, .help = "the time in which a story grows fast"),
    SETTING("timeout", SETTING_TIME_AT(struct hooks_settings, timeout), .default_value = "30s", .min = 100,
            .max = 3600e3, .help = "time limit for a program"),
    SETTING("request_timeout", SETTING_TIME_AT(struct hooks_settings, request_timeout), .default_value = "10s",
            .min = 100, .max = 600e3, .help = "time limit for a ping, or for sending a piece of news"),
    SETTING("plain_http", SETTING_SWITCH_AT(struct hooks_settings, plain_http), .default_value = "no",
            .help = "allow addresses with http:, though they may hold a token (this machine is always allowed)"),
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
        section_add_problem(section, name, command,
                            "the command of %s has a quotation mark without another, or no word", name);
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
                            "the address may hold a token, which would be sent unencrypted; write https:, or "
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
