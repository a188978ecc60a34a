/* What is said to a mail server, and what its refusals mean. */
#include "unit/failure_is.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipeline/net/smtp.h"

/* A server for one connection. It answers a line that begins with `to` with `reply`, and any other with 250; what it
 * says first is the reply to "", and what it says to the message that to ".". It hangs up after a reply of "". */
struct answer {
    const char *to, *reply;
};

static struct {
    const struct answer *answers;
    size_t count;
    int listener;
    char heard[4096]; /* the lines of the client, separated by newlines */
} server;

static const char *answer_to(const char *line, const char *otherwise) {
    for (size_t i = 0; i < server.count; i++) {
        const char *to = server.answers[i].to;
        if (*to ? strncmp(line, to, strlen(to)) == 0 : !*line) return server.answers[i].reply;
    }
    return otherwise;
}

static void serve(FILE *in, int out) {
    char line[500];
    bool data = false;
    dprintf(out, "%s\r\n", answer_to("", "220 test"));
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\r\n")] = '\0';
        size_t length = strlen(server.heard);
        snprintf(server.heard + length, sizeof server.heard - length, "%s\n", line);
        bool end = data && strcmp(line, ".") == 0;
        if (data && !end) continue;
        const char *reply =
            end ? answer_to(".", "250 taken") : answer_to(line, strcmp(line, "DATA") ? "250 ok" : "354 go on");
        if (!*reply) return;
        dprintf(out, "%s\r\n", reply);
        data = !end && strcmp(line, "DATA") == 0 && *reply == '3';
    }
}

static void *run_server(void *nothing) {
    (void)nothing;
    int connection = accept(server.listener, NULL, NULL);
    FILE *in = connection < 0 ? NULL : fdopen(connection, "r");
    if (!in) return NULL;
    serve(in, connection);
    fclose(in);
    return NULL;
}

static char address[40];

static pthread_t begin_server(const struct answer *answers, size_t count) {
    pthread_t thread;
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    server.answers = answers;
    server.count = count;
    server.heard[0] = '\0';
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&place, size), 0);
    assert_int_equal(listen(server.listener, 5), 0);
    assert_int_equal(getsockname(server.listener, (struct sockaddr *)&place, &size), 0);
    snprintf(address, sizeof address, "smtp://127.0.0.1:%d", ntohs(place.sin_port));
    assert_int_equal(pthread_create(&thread, NULL, run_server, NULL), 0);
    return thread;
}

static void end_server(pthread_t thread) {
    shutdown(server.listener, SHUT_RDWR); /* the client may not have come at all */
    pthread_join(thread, NULL);
    close(server.listener);
}

static struct smtp_recipient recipients[2];
static struct failure failure;

/* Sends a message to two recipients; `options` lack the server. */
static bool send_with(struct smtp_options options, const struct answer *answers, size_t count) {
    pthread_t thread = begin_server(answers, count);
    options.server = span_of(address);
    options.timeout_ms = 20000;
    recipients[0] = (struct smtp_recipient){.address = SPAN("a@x.example")};
    recipients[1] = (struct smtp_recipient){.address = SPAN("b@x.example")};
    failure = (struct failure){0};
    bool done = smtp_send(&options, SPAN("me@x.example"), recipients, 2, SPAN("Subject: x\r\n\r\n.text\r\n"), &failure);
    end_server(thread);
    return done;
}

static bool send_plainly(const struct answer *answers, size_t count) {
    return send_with((struct smtp_options){.timeout_ms = 0}, answers, count);
}

#define ANSWERS(...)                                                                                                   \
    (const struct answer[]){__VA_ARGS__}, sizeof(const struct answer[]){__VA_ARGS__} / sizeof(struct answer)

static void a_message_is_delivered_as_it_is(void **state) {
    (void)state;
    assert_true(send_plainly(NULL, 0));
    assert_true(recipients[0].accepted);
    assert_true(recipients[1].accepted);
    assert_string_equal(recipients[0].reply, "250 ok");
    assert_int_equal(failure.reach, REACH_NONE);
    const char *mail = strstr(server.heard, "MAIL FROM:<me@x.example>");
    assert_non_null(mail);
    assert_non_null(strstr(mail, "\nRCPT TO:<a@x.example>\nRCPT TO:<b@x.example>\nDATA\nSubject: x\n\n..text\n.\n"));
    assert_null(strstr(server.heard, "AUTH"));
    assert_null(strstr(server.heard, "STARTTLS"));
}

static void one_recipient_may_be_refused(void **state) {
    (void)state;
    assert_true(send_plainly(ANSWERS({"RCPT TO:<b", "550 no such user"})));
    assert_true(recipients[0].accepted);
    assert_false(recipients[1].accepted);
    assert_string_equal(recipients[1].reply, "550 no such user");
    assert_true(send_plainly(ANSWERS({"RCPT TO:<a", "450-come\r\n450 later"})));
    assert_false(recipients[0].accepted);
    assert_true(recipients[1].accepted);
    assert_string_equal(recipients[0].reply, "450-come later");
}

/* Asserts that nothing is delivered, and the end of the sentence behind the server's address. */
static void refused(enum failure_reach reach, const char *sentence) {
    char expected[400];
    snprintf(expected, sizeof expected, "mail server %s %s", address, sentence);
    assert_string_equal(failure.sentence, expected);
    assert_failure(&failure, reach, REMEDY_NEXT_RUN, CAUSE_NETWORK, EXIT_DONE, "");
    assert_string_equal(failure.blamed, address);
    assert_false(recipients[0].accepted);
    assert_false(recipients[1].accepted);
}

static void a_refusal_says_what_was_refused(void **state) {
    (void)state;
    assert_false(send_plainly(ANSWERS({"", "554 go away"})));
    refused(REACH_SERVICE, "refused the connection: 554 go away; check server");
    assert_false(send_plainly(ANSWERS({"EHLO", "500 what"}, {"HELO", "550 not you"})));
    refused(REACH_SERVICE, "refused the greeting: 550 not you; check server");
    assert_false(send_plainly(ANSWERS({"MAIL", "553 not from there"})));
    refused(REACH_SERVICE, "refused the sender: 553 not from there; check from, user and password");
    assert_false(send_plainly(ANSWERS({"RCPT", "550 nobody"})));
    refused(REACH_SERVICE, "refused every recipient: 550 nobody; check to, user and password");
    assert_false(send_plainly(ANSWERS({".", "554 spam"})));
    refused(REACH_ARTICLE, "refused the message: 554 spam; ask the server's administrator");
    assert_false(send_plainly(ANSWERS({"DATA", "554 no"})));
    refused(REACH_ARTICLE, "refused the message: 554 no; ask the server's administrator");
}

static void a_refusal_for_now_is_tried_again(void **state) {
    (void)state;
    assert_false(send_plainly(ANSWERS({"MAIL", "451 busy"})));
    refused(REACH_SERVICE, "refused the sender: 451 busy; it is tried again in the next run");
    assert_false(send_plainly(ANSWERS({".", "452 full"})));
    refused(REACH_SERVICE, "refused the message: 452 full; it is tried again in the next run");
}

static void a_server_that_goes_away_is_tried_again(void **state) {
    (void)state;
    assert_false(send_plainly(ANSWERS({"RCPT", ""})));
    assert_non_null(strstr(failure.sentence, "it is tried again in the next run"));
    assert_false(send_plainly(ANSWERS({".", ""})));
    assert_non_null(strstr(failure.sentence, "it is tried again in the next run"));
    assert_false(recipients[0].accepted);
}

static void a_server_that_is_not_there_is_named(void **state) {
    (void)state;
    const struct smtp_options options = {.server = SPAN("smtp://127.0.0.1:1"), .timeout_ms = 20000};
    recipients[0] = (struct smtp_recipient){.address = SPAN("a@x.example"), .accepted = true};
    assert_false(smtp_send(&options, SPAN("me@x.example"), recipients, 1, SPAN("x\r\n"), &failure));
    assert_string_equal(failure.sentence, "mail server smtp://127.0.0.1:1 cannot be reached; check that it is running, "
                                          "and the setting server");
    assert_false(recipients[0].accepted);
}

static bool stop(void) {
    return true;
}

static void a_login_is_used_and_never_repeated(void **state) {
    (void)state;
    const struct smtp_options login = {.user = SPAN("me"), .password = SPAN("s3cret!")};
    assert_true(
        send_with(login, ANSWERS({"EHLO", "250-x\r\n250 AUTH PLAIN"}, {"AUTH", "334 "}, {"AG1l", "235 welcome"})));
    assert_non_null(strstr(server.heard, "AUTH PLAIN"));
    assert_false(send_with(login, ANSWERS({"EHLO", "250-x\r\n250 AUTH PLAIN"}, {"AUTH", "334 "},
                                          {"AG1l", "535 5.7.8 me s3cret! is wrong"})));
    refused(REACH_SERVICE, "refused the login: 535 5.7.8; check user and password");
    assert_false(send_with(login, ANSWERS({"EHLO", "250-x\r\n250 AUTH PLAIN"}, {"AUTH", "334 "},
                                          {"AG1l", "235 welcome"}, {"MAIL", "553 not with s3cret! from you"})));
    assert_null(strstr(failure.sentence, "s3cret!"));
    assert_non_null(strstr(failure.sentence, "refused the sender: 553 not with "));
}

static void starttls_is_used_only_if_it_is_asked_for(void **state) {
    (void)state;
    assert_true(send_plainly(ANSWERS({"EHLO", "250-x\r\n250 STARTTLS"})));
    assert_null(strstr(server.heard, "STARTTLS"));
    assert_false(send_with((struct smtp_options){.starttls = true}, NULL, 0));
    refused(REACH_SERVICE, "does not offer STARTTLS, which is required; use smtps://, or another port");
    assert_false(send_with((struct smtp_options){.starttls = true},
                           ANSWERS({"EHLO", "250-x\r\n250 STARTTLS"}, {"STARTTLS", "454 not now"})));
    assert_non_null(strstr(failure.sentence, "refused STARTTLS: 454 not now; it is tried again in the next run"));
}

static void a_delivery_can_be_stopped(void **state) {
    (void)state;
    assert_false(send_with((struct smtp_options){.stop = stop}, NULL, 0));
    refused(REACH_SERVICE, "was disconnected, because the program was interrupted");
}

/* ---------------------------------------------------------------- without a message */

static bool check_with(struct smtp_options options, const struct answer *answers, size_t count) {
    pthread_t thread = begin_server(answers, count);
    options.server = span_of(address);
    options.timeout_ms = 20000;
    failure = (struct failure){0};
    bool done = smtp_check(&options, &failure);
    end_server(thread);
    return done;
}

static void a_check_sends_nothing(void **state) {
    (void)state;
    const struct smtp_options login = {.user = SPAN("me"), .password = SPAN("s3cret!")};
    assert_true(check_with((struct smtp_options){.timeout_ms = 0}, NULL, 0));
    assert_null(strstr(server.heard, "MAIL"));
    assert_true(
        check_with(login, ANSWERS({"EHLO", "250-x\r\n250 AUTH PLAIN"}, {"AUTH", "334 "}, {"AG1l", "235 welcome"})));
    assert_false(check_with(login, NULL, 0));
    assert_non_null(strstr(failure.sentence, " offers no login; remove user, or check the port"));
    assert_false(check_with(login, ANSWERS({"EHLO", "250-x\r\n250 AUTH PLAIN"}, {"AUTH", "334 "}, {"AG1l", "535 no"})));
    assert_non_null(strstr(failure.sentence, "refused the login: 535; check user and password"));
    assert_false(check_with(login, ANSWERS({"", "421 closed"})));
    assert_non_null(strstr(failure.sentence, "refused the connection: 421 closed; it is tried again in the next run"));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_message_is_delivered_as_it_is),
                                       cmocka_unit_test(one_recipient_may_be_refused),
                                       cmocka_unit_test(a_refusal_says_what_was_refused),
                                       cmocka_unit_test(a_refusal_for_now_is_tried_again),
                                       cmocka_unit_test(a_server_that_goes_away_is_tried_again),
                                       cmocka_unit_test(a_server_that_is_not_there_is_named),
                                       cmocka_unit_test(a_login_is_used_and_never_repeated),
                                       cmocka_unit_test(starttls_is_used_only_if_it_is_asked_for),
                                       cmocka_unit_test(a_delivery_can_be_stopped),
                                       cmocka_unit_test(a_check_sends_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
