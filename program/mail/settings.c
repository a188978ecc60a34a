#include "program/mail/settings.h"

#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/address.h"
#include "pipeline/net/local_program.h"
#include "pipeline/net/url.h"

/* RFC 5321 allows 254 bytes for an address, RFC 2919 255 for a list's id. */
enum { ADDRESS_BYTES = 254, LIST_ID_BYTES = 255, SERVER_BYTES = 300 };

static bool is_one_line(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7F) return false;
    return text_valid(text);
}

const struct setting mail_table[] = {
    SETTING("to", SETTING_LIST_AT(struct mail_settings, to),
            .help = "addresses that get the mail, without names, separated by commas"),
    SETTING("from", SETTING_TEXT_AT(struct mail_settings, from), .fits = is_one_line, .expected = "one line of text",
            .help = "sender: an address, or NAME <ADDRESS>"),
    SETTING("server", SETTING_TEXT_AT(struct mail_settings, server),
            .help = "mail server: smtp://HOST:587 (with STARTTLS) or smtps://HOST:465 (default: smtp://localhost:25, "
                    "unless there is a command)"),
    SETTING("starttls", SETTING_CHOICE_AT(struct mail_settings, starttls), .default_value = "auto",
            .choices = "auto required never", SETTING_GIVEN_AT(struct mail_settings, starttls_given),
            .help = "encryption with smtp://; auto: required, except with a server on this machine"),
    SETTING("user", SETTING_TEXT_AT(struct mail_settings, user), .fits = is_one_line, .expected = "one line of text",
            .help = "login at the server (default: none)"),
    SETTING("password", SETTING_SECRET_AT(struct mail_settings, password), .help = "password of this login"),
    SETTING(
        "command", SETTING_TEXT_AT(struct mail_settings, command), .fits = is_one_line, .expected = "one line of text",
        .help = "program that takes the mail on its standard input, instead of a server, e.g. sendmail -t -i; it is "
                "started without a shell"),
    SETTING("when", SETTING_CHOICE_AT(struct mail_settings, when), .default_value = "run",
            .choices = "run new morning asked",
            .help =
                "run: after each run that found something new; new: after each run that found a new story, not only "
                "another article in a known one; morning: once a day, with the first such run after the time `morning` "
                "of [digest]; asked: only by `dragoman digest --mail`"),
    SETTING("languages", SETTING_LIST_AT(struct mail_settings, languages),
            .help = "only articles in these languages (default: all)"),
    SETTING("sources", SETTING_LIST_AT(struct mail_settings, sources),
            .help = "only articles from these sources (default: all)"),
    SETTING("sections", SETTING_TEXT_AT(struct mail_settings, sections),
            .help = "only articles of these sections, separated by commas (default: all)"),
    SETTING("stories", SETTING_NUMBER_AT(struct mail_settings, stories), .default_value = "40", .min = 1, .max = 500,
            .help = "maximum number of stories in a mail; the others are counted"),
    SETTING("subject_prefix", SETTING_TEXT_AT(struct mail_settings, subject_prefix), .default_value = "Dragoman:",
            .fits = is_one_line, .expected = "one line of text", .help = "beginning of the subject, before the day"),
    SETTING("list_id", SETTING_TEXT_AT(struct mail_settings, list_id),
            .help = "List-Id header, for filters (default: dragoman, or the section's name, at the sender's domain)"),
    SETTING("unsubscribe", SETTING_TEXT_AT(struct mail_settings, unsubscribe),
            .help = "List-Unsubscribe header: a mailto: or https: address (default: none)"),
    SETTING("timeout", SETTING_TIME_AT(struct mail_settings, timeout), .default_value = "2m", .min = 1000,
            .max = 3600e3, .help = "time limit for delivering a mail"),
    SETTINGS_END,
};

/* ---------------------------------------------------------------- reading */

struct span mail_sender(struct span from, struct span *ret_name) {
    size_t open = span_find(from, SPAN("<"));
    *ret_name = SPAN("");
    if (open == SIZE_MAX || !span_ends(from, SPAN(">"))) return from;
    *ret_name = span_trim(span_cut(from, 0, open));
    bool quoted = ret_name->length > 1 && span_starts(*ret_name, SPAN("\"")) && span_ends(*ret_name, SPAN("\""));
    if (quoted) *ret_name = span_cut(*ret_name, 1, ret_name->length - 1);
    return span_cut(from, open + 1, from.length - 1);
}

struct span mail_server(const struct mail_settings *settings) {
    return settings->server.length ? settings->server : SPAN("smtp://localhost:25");
}

bool mail_command_words(const struct mail_settings *settings, struct arena *arena, const char *ret_words[MAIL_WORDS]) {
    struct span rest = settings->command, word;
    size_t count = 0;
    while (count + 1 < MAIL_WORDS && span_next(&rest, ' ', &word))
        if (word.length) ret_words[count++] = arena_string(arena, word);
    ret_words[count] = NULL;
    return !span_trim(rest).length;
}

static bool is_smtps(struct span server) {
    return span_starts_ascii_fold(server, SPAN("smtps://"));
}

static bool is_local(struct span server) {
    struct arena *arena = arena_new();
    bool local = address_url_loopback(arena_string(arena, server));
    arena_free(arena);
    return local;
}

bool mail_needs_starttls(const struct mail_settings *settings) {
    struct span server = mail_server(settings);
    if (is_smtps(server) || settings->starttls == MAIL_STARTTLS_NEVER) return false;
    return settings->starttls == MAIL_STARTTLS_REQUIRED || !is_local(server);
}

struct span mail_label(const struct section *section, struct arena *arena) {
    struct span name = section_name(section);
    return name.length ? arena_print(arena, "mail %.*s", SPAN_ARGS(name)) : SPAN("mail");
}

/* ---------------------------------------------------------------- forms */

static bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether the text consists of words joined by single dots, of letters, digits and the other characters given. */
static bool is_dotted(struct span text, const char *others) {
    struct span word;
    if (!text.length || span_ends(text, SPAN("."))) return false;
    while (span_next(&text, '.', &word)) {
        if (!word.length) return false;
        for (size_t i = 0; i < word.length; i++)
            if (!is_letter_or_digit(word.at[i]) && (!word.at[i] || !strchr(others, word.at[i]))) return false;
    }
    return true;
}

/* Accepts the addresses of RFC 5321 without quoted strings and without address literals, which nobody uses. */
static bool is_address(struct span text) {
    size_t at = span_find(text, SPAN("@"));
    if (at == SIZE_MAX || text.length > ADDRESS_BYTES) return false;
    return is_dotted(span_cut(text, 0, at), "!#$%&'*+-/=?^_`{|}~") &&
           is_dotted(span_cut(text, at + 1, text.length), "-");
}

static bool is_port(struct span text) {
    long long port;
    return text.length <= 5 && span_number(text, &port) && port > 0 && port < 65536;
}

static bool is_host_and_port(struct span text) {
    if (span_starts(text, SPAN("["))) { /* [::1]:25 */
        size_t end = span_find(text, SPAN("]"));
        struct span rest = span_cut(text, end == SIZE_MAX ? text.length : end + 1, text.length);
        return end != SIZE_MAX && end > 1 &&
               (!rest.length || (rest.at[0] == ':' && is_port(span_cut(rest, 1, rest.length))));
    }
    size_t colon = span_find(text, SPAN(":"));
    if (colon != SIZE_MAX && !is_port(span_cut(text, colon + 1, text.length))) return false;
    return is_dotted(span_cut(text, 0, colon), "-_");
}

/* Returns what is wrong with a server, in words that follow it, or NULL. */
static const char *server_fault(struct span server) {
    bool plain = span_starts_ascii_fold(server, SPAN("smtp://"));
    struct span rest = span_cut(server, plain ? 7 : 8, server.length);
    if (!plain && !is_smtps(server)) return "is not a mail server: write smtp://HOST:587 or smtps://HOST:465";
    if (span_find(rest, SPAN("@")) != SIZE_MAX)
        return "must not contain a login: write user = NAME and password_file = FILE";
    if (server.length > SERVER_BYTES || !is_host_and_port(rest))
        return "must be smtp:// or smtps:// and HOST:PORT, nothing more";
    return NULL;
}

/* ---------------------------------------------------------------- problems */

struct checking {
    const struct section *section;
    mail_problem *problem;
    void *context;
};

static void tell(const struct checking *checking, const char *name, struct span value, const char *what) {
    checking->problem(checking->context, checking->section, name, value, what);
}

static void check_readers(const struct checking *checking, const struct mail_settings *settings) {
    struct span name, sender = mail_sender(settings->from, &name);
    if (!settings->to.count) tell(checking, "to", SPAN(""), "nobody gets this mail; write to = ADDRESS");
    for (size_t i = 0; i < settings->to.count; i++)
        if (!is_address(settings->to.items[i]))
            tell(checking, "to", settings->to.items[i],
                 "is not a mail address; write addresses only, such as desk@example.org, without names");
    if (!settings->from.length)
        tell(checking, "from", SPAN(""), "the mail has no sender; write from = ADDRESS");
    else if (!is_address(sender))
        tell(checking, "from", settings->from, "is not a mail address; write ADDRESS or NAME <ADDRESS>");
}

static void check_login(const struct checking *checking, const struct mail_settings *settings) {
    struct span server = mail_server(settings);
    bool encrypted = is_smtps(server) || mail_needs_starttls(settings);
    if (settings->user.length && !secret_given(settings->password))
        tell(checking, "user", settings->user, "needs a password; write password_file = FILE");
    if (!settings->user.length && secret_given(settings->password))
        tell(checking, "password_file", SPAN(""), "there is a password without a user; write user = NAME");
    if (settings->user.length && !encrypted && !is_local(server))
        tell(checking, "starttls", SPAN(""),
             "a password would be sent without encryption; remove starttls = never, or use smtps://");
}

static void check_command(const struct checking *checking, const struct mail_settings *settings) {
    const char *words[MAIL_WORDS];
    struct arena *arena = arena_new();
    bool few = mail_command_words(settings, arena, words);
    if (!few) tell(checking, "command", SPAN(""), "the command has more than 31 words");
    if (few && words[0] && !local_program_find(words[0], arena))
        tell(checking, "command", span_of(words[0]), "is not a program that can be run");
    arena_free(arena);
}

static void check_way(const struct checking *checking, const struct mail_settings *settings) {
    if (settings->command.length && settings->server.length)
        tell(checking, "command", SPAN(""), "there is a server and a command; remove one of them");
    check_command(checking, settings);
    const char *fault = settings->server.length ? server_fault(settings->server) : NULL;
    if (fault) tell(checking, "server", settings->server, fault);
    if (settings->command.length && (settings->user.length || secret_given(settings->password)))
        tell(checking, "user", settings->user, "is for a server; a command has its own configuration");
    else if (!fault)
        check_login(checking, settings);
    if (is_smtps(settings->server) && settings->starttls_given && settings->starttls == MAIL_STARTTLS_REQUIRED)
        tell(checking, "starttls", SPAN(""), "smtps:// is encrypted from the start; remove starttls, or write smtp://");
}

static void check_list_fields(const struct checking *checking, const struct mail_settings *settings) {
    struct span id = settings->list_id, leave = settings->unsubscribe;
    bool mailto = span_starts(leave, SPAN("mailto:")) && is_address(span_cut(leave, 7, leave.length));
    if (id.length && (id.length > LIST_ID_BYTES || !is_dotted(id, "-_") || span_find(id, SPAN(".")) == SIZE_MAX))
        tell(checking, "list_id", id, "is not a list's id; write one such as desk.example.org");
    if (leave.length && !mailto && (!span_starts(leave, SPAN("https://")) || url_fault(leave)))
        tell(checking, "unsubscribe", leave, "is not an address; write mailto:ADDRESS or https://...");
}

static void check_filter(const struct checking *checking, const struct config *config,
                         const struct mail_settings *settings) {
    for (size_t i = 0; i < settings->sources.count; i++)
        if (!config_section_named(config, source_table, settings->sources.items[i]))
            tell(checking, "sources", settings->sources.items[i], "is not the name of a [source]");
}

void mail_find_problems(const struct config *config, const struct section *section, mail_problem *problem,
                        void *context) {
    const struct mail_settings *settings = section_values(section);
    struct checking checking = {.section = section, .problem = problem, .context = context};
    check_readers(&checking, settings);
    check_way(&checking, settings);
    check_list_fields(&checking, settings);
    check_filter(&checking, config, settings);
}

static void add_problem(void *context, const struct section *section, const char *name, struct span value,
                        const char *what) {
    (void)context;
    if (value.length)
        section_add_problem(section, name, value, "'%.*s' %s", SPAN_ARGS(text_clip(value, 200)), what);
    else
        section_add_problem(section, name, value, "%s", what);
}

void mail_check(const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, mail_table); i++) {
        const struct section *section = config_section_at(config, mail_table, i);
        mail_find_problems(config, section, add_problem, NULL);
        section_add_missing_secrets(section);
    }
}
