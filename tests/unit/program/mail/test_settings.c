/* Which settings of [mail] are refused, and in which words; what else is accepted. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/reader.h"
#include "program/mail/settings.h"
#include "program/program.h"

#define TO "to=a@b.example"
#define FROM "from=c@d.example"

struct problems {
    size_t count;
    char first[200];
};

static void note(void *context, const struct section *section, const char *name, struct span value, const char *what) {
    struct problems *problems = context;
    (void)section;
    if (problems->count++ == 0)
        snprintf(problems->first, sizeof problems->first, "%s|%.*s|%s", name, SPAN_ARGS(text_clip(value, 60)), what);
}

/* `settings` are separated by semicolons. */
static struct config *configure(const char *settings) {
    char line[600];
    struct span rest = span_of(settings), one;
    struct config *config = config_new(program_section_tables());
    setenv("TEST_PASSWORD", "s3cret", 1);
    config_set(config, "source.s.kind=page");
    while (span_next(&rest, ';', &one)) {
        snprintf(line, sizeof line, "mail.%.*s", SPAN_ARGS(one));
        config_set(config, line);
    }
    config_finish(config);
    for (size_t i = 0; i < config_problem_count(config); i++) print_error("%s\n", config_problem(config, i));
    assert_int_equal(config_problem_count(config), 0);
    return config;
}

static struct problems find_problems(const char *settings) {
    struct problems problems = {0};
    struct config *config = configure(settings);
    mail_find_problems(config, config_section_at(config, mail_table, 0), note, &problems);
    config_free(config);
    return problems;
}

static void assert_good(const char *settings) {
    struct problems problems = find_problems(settings);
    if (problems.count) fail_msg("%s: %s", settings, problems.first);
}

static void assert_problem(const char *settings, const char *said) {
    struct problems problems = find_problems(settings);
    if (problems.count != 1 || !strstr(problems.first, said))
        fail_msg("%s: %zu problems: %s", settings, problems.count, problems.first);
}

static void addresses_are_checked(void **state) {
    (void)state;
    static const char *const bad[] = {"a",
                                      "a@",
                                      "@b.example",
                                      "a@b..example",
                                      ".a@b.example",
                                      "a.@b.example",
                                      "a@b.example.",
                                      "a@b_c.example",
                                      "a@b.example@c",
                                      "a(b)@c.example",
                                      "<a@b.example>"};
    static const char *const good[] = {"a@b", "a.b@c-d.example", "a+b=c@d.example", "!#$%&'*/?^_`{|}~-@d.example",
                                       "A9@1.EXAMPLE"};
    char text[100];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "to=%s;" FROM, bad[i]);
        assert_problem(text, "|is not a mail address; write addresses only, such as desk@example.org, without names");
        snprintf(text, sizeof text, TO ";from=%s", bad[i]);
        if (bad[i][0] != '<') assert_problem(text, "|is not a mail address; write ADDRESS or NAME <ADDRESS>");
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, "to=%s;from=%s", good[i], good[i]);
        assert_good(text);
    }
    assert_problem(FROM, "to||nobody gets this mail; write to = ADDRESS");
    assert_problem(TO, "from||the mail has no sender; write from = ADDRESS");
}

static void an_address_has_a_limit(void **state) {
    (void)state;
    char text[400];
    snprintf(text, sizeof text, "to=%0244d@b.example;" FROM, 0); /* 254 bytes */
    assert_good(text);
    snprintf(text, sizeof text, "to=%0245d@b.example;" FROM, 0);
    assert_problem(text, "|is not a mail address");
}

static void a_sender_may_have_a_name(void **state) {
    (void)state;
    static const struct {
        const char *from, *address, *name;
    } senders[] = {{"a@b.example", "a@b.example", ""},
                   {"<a@b.example>", "a@b.example", ""},
                   {"Ana B <a@b.example>", "a@b.example", "Ana B"},
                   {"\"Ana, B\" <a@b.example>", "a@b.example", "Ana, B"},
                   {"\" <a@b.example>", "a@b.example", "\""},
                   {"\"Ana <a@b.example>", "a@b.example", "\"Ana"},
                   {"Ana <a@b.example", "Ana <a@b.example", ""}};
    for (size_t i = 0; i < sizeof senders / sizeof *senders; i++) {
        struct span name;
        assert_span(mail_sender(span_of(senders[i].from), &name), senders[i].address);
        assert_span(name, senders[i].name);
    }
}

static void servers_are_checked(void **state) {
    (void)state;
    static const char *const good[] = {"smtp://mx.example", "smtp://mx.example:25", "SMTPS://mx.example:65535",
                                       "smtp://[::1]",      "smtp://[::1]:25",      "smtp://mx_1:1"};
    static const struct {
        const char *server, *said;
    } bad[] = {{"imap://mx.example", "is not a mail server: write smtp://HOST:587 or smtps://HOST:465"},
               {"mx.example", "is not a mail server: write smtp://HOST:587 or smtps://HOST:465"},
               {"smtp://a@mx.example", "must not contain a login: write user = NAME and password_file = FILE"},
               {"smtp://", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://mx.example/in", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://mx.example:", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://mx.example:0", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://mx.example:65536", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://mx.example:000025", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://mx..example", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://[]", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://[::1", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://[::1]25", "must be smtp:// or smtps:// and HOST:PORT, nothing more"},
               {"smtp://[::1]:x", "must be smtp:// or smtps:// and HOST:PORT, nothing more"}};
    char text[200];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(text, sizeof text, TO ";" FROM ";server=%s", good[i]);
        assert_good(text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, TO ";" FROM ";server=%s", bad[i].server);
        assert_problem(text, bad[i].said);
    }
}

static void a_server_has_a_limit(void **state) {
    (void)state;
    char text[500];
    snprintf(text, sizeof text, TO ";" FROM ";server=smtp://%0293d", 0); /* 300 bytes */
    assert_good(text);
    snprintf(text, sizeof text, TO ";" FROM ";server=smtp://%0294d", 0);
    assert_problem(text, "must be smtp:// or smtps:// and HOST:PORT");
}

static void logins_need_both_parts_and_encryption(void **state) {
    (void)state;
    assert_good(TO ";" FROM ";server=smtp://mx.example;user=u;password_env=TEST_PASSWORD");
    assert_good(TO ";" FROM ";server=smtp://localhost:25;user=u;password_env=TEST_PASSWORD;starttls=never");
    assert_problem(TO ";" FROM ";server=smtp://mx.example;user=u",
                   "user|u|needs a password; write password_file = FILE");
    assert_problem(TO ";" FROM ";server=smtp://mx.example;password_env=TEST_PASSWORD",
                   "password_file||there is a password without a user; write user = NAME");
    assert_problem(TO ";" FROM ";server=smtp://mx.example;user=u;password_env=TEST_PASSWORD;starttls=never",
                   "starttls||a password would be sent without encryption; remove starttls = never, or use smtps://");
    assert_problem(TO ";" FROM ";server=smtps://mx.example;starttls=required",
                   "starttls||smtps:// is encrypted from the start; remove starttls, or write smtp://");
    assert_good(TO ";" FROM ";server=smtps://mx.example;starttls=auto");
    assert_good(TO ";" FROM ";server=smtp://mx.example;starttls=required");
}

static void encryption_depends_on_the_server(void **state) {
    (void)state;
    static const struct {
        const char *settings;
        bool needed;
    } cases[] = {{"server=smtp://mx.example", true},
                 {"server=smtp://mx.example;starttls=never", false},
                 {"server=smtp://localhost", false},
                 {"server=smtp://localhost;starttls=required", true},
                 {"server=smtps://mx.example", false},
                 {"server=smtps://mx.example;starttls=required", false},
                 {"starttls=auto", false},
                 {"server=smtp://127.0.0.1:25", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config *config = configure(cases[i].settings);
        const struct mail_settings *settings = section_values(config_section_at(config, mail_table, 0));
        if (mail_needs_starttls(settings) != cases[i].needed) fail_msg("%s", cases[i].settings);
        config_free(config);
    }
}

static void commands_are_looked_for(void **state) {
    (void)state;
    assert_good(TO ";" FROM ";command=sh -c true");
    assert_good(TO ";" FROM ";command=/bin/sh");
    assert_problem(TO ";" FROM ";command=no-such-program -t",
                   "command|no-such-program|is not a program that can be run");
    assert_problem(TO ";" FROM ";command=/etc/passwd", "command|/etc/passwd|is not a program that can be run");
    assert_problem(TO ";" FROM ";command=sh;server=smtp://mx.example",
                   "command||there is a server and a command; remove one of them");
    assert_problem(TO ";" FROM ";command=sh;user=u", "user|u|is for a server; a command has its own configuration");
    assert_problem(TO ";" FROM ";command=sh;password_env=TEST_PASSWORD", "user||is for a server");
}

/* 31 words fit, however many spaces stand between them. */
static void a_command_has_a_limit(void **state) {
    (void)state;
    struct buffer text = BUFFER(1000);
    buffer_add_string(&text, TO ";" FROM ";command=sh");
    for (size_t i = 0; i < 30; i++) buffer_add_string(&text, "  x");
    assert_good(text.at);
    buffer_add_string(&text, " x");
    assert_problem(text.at, "command||the command has more than 31 words");
    buffer_free(&text);
}

static void list_fields_are_checked(void **state) {
    (void)state;
    char text[600];
    assert_good(TO ";" FROM ";list_id=desk.example.org;unsubscribe=mailto:a@b.example");
    assert_good(TO ";" FROM ";list_id=a_b-c.d;unsubscribe=https://a.example/leave");
    static const char *const ids[] = {"desk", "desk..org", "desk.org.", ".desk.org", "desk org.x", "<desk.org>"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        snprintf(text, sizeof text, TO ";" FROM ";list_id=%s", ids[i]);
        assert_problem(text, "|is not a list's id; write one such as desk.example.org");
    }
    snprintf(text, sizeof text, TO ";" FROM ";list_id=a.%0253d", 0); /* 255 bytes */
    assert_good(text);
    snprintf(text, sizeof text, TO ";" FROM ";list_id=a.%0254d", 0);
    assert_problem(text, "|is not a list's id");
    static const char *const ways[] = {"mailto:a", "http://a.example/", "https://", "https://a b/", "a@b.example"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        snprintf(text, sizeof text, TO ";" FROM ";unsubscribe=%s", ways[i]);
        assert_problem(text, "|is not an address; write mailto:ADDRESS or https://...");
    }
}

static void sources_must_exist(void **state) {
    (void)state;
    assert_good(TO ";" FROM ";sources=s");
    assert_problem(TO ";" FROM ";sources=s, t", "sources|t|is not the name of a [source]");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses_are_checked),
                                       cmocka_unit_test(an_address_has_a_limit),
                                       cmocka_unit_test(a_sender_may_have_a_name),
                                       cmocka_unit_test(servers_are_checked),
                                       cmocka_unit_test(a_server_has_a_limit),
                                       cmocka_unit_test(logins_need_both_parts_and_encryption),
                                       cmocka_unit_test(encryption_depends_on_the_server),
                                       cmocka_unit_test(commands_are_looked_for),
                                       cmocka_unit_test(a_command_has_a_limit),
                                       cmocka_unit_test(list_fields_are_checked),
                                       cmocka_unit_test(sources_must_exist)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
