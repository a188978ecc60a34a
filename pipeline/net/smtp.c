#define _GNU_SOURCE
#include "pipeline/net/smtp.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "pipeline/base/arena.h"
#include "pipeline/net/conceal.h"
#include "pipeline/net/url.h"

enum { CONNECT_TIMEOUT_MS = 20000 };

/* What the server was told last. libcurl reports one code for several of these, so the conversation is followed. */
enum phase { PHASE_GREETING, PHASE_HELLO, PHASE_STARTTLS, PHASE_LOGIN, PHASE_SENDER, PHASE_RECIPIENT, PHASE_DATA };

struct delivery {
    const struct smtp_options *options;
    struct smtp_recipient *recipients;
    size_t count, asked; /* `asked`: recipients that the server was told */
    struct span message;
    size_t sent;
    enum phase phase;
    bool replied;                 /* `reply` is complete */
    char reply[SMTP_REPLY_BYTES]; /* to what was told last */
    bool logged_in;
    bool over; /* libcurl has sent QUIT */
};

/* ---------------------------------------------------------------- following the conversation */

static enum phase phase_of(struct span line, enum phase before) {
    static const struct {
        const char *verb;
        enum phase phase;
    } verbs[] = {{"EHLO", PHASE_HELLO},  {"HELO", PHASE_HELLO},     {"STARTTLS", PHASE_STARTTLS}, {"AUTH", PHASE_LOGIN},
                 {"MAIL", PHASE_SENDER}, {"RCPT", PHASE_RECIPIENT}, {"DATA", PHASE_DATA}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (span_starts(line, span_of(verbs[i].verb))) return verbs[i].phase;
    return before; /* another line of a login */
}

/* libcurl takes its leave of a server that has refused something, too; the refusal is what counts. */
static void take_command(struct delivery *delivery, struct span line) {
    delivery->over = delivery->over || span_starts(line, SPAN("QUIT"));
    if (delivery->over) return;
    delivery->phase = phase_of(line, delivery->phase);
    if (delivery->phase == PHASE_RECIPIENT && span_starts(line, SPAN("RCPT"))) delivery->asked++;
    delivery->replied = false;
    delivery->reply[0] = '\0';
}

/* Returns how much of a line of the reply is kept: of an answer to a login only the code, because servers word it as
 * they like and may repeat what they were told. */
static size_t kept_length(const struct delivery *delivery, struct span line) {
    size_t end = 0;
    if (delivery->phase != PHASE_LOGIN) return line.length;
    while (end < line.length && end < 10 && strchr("0123456789.- ", line.at[end])) end++;
    return end;
}

/* Appends a line to the reply, and hides the password wherever the reply repeats it. */
static void add_reply(struct delivery *delivery, struct span line) {
    size_t length = strlen(delivery->reply);
    line = span_cut(line, length ? 4 : 0, kept_length(delivery, line)); /* the code stands before the first line */
    if (length && length + 1 < SMTP_REPLY_BYTES) delivery->reply[length++] = ' ';
    char *text = memory_string(line);
    conceal(text, line.length, delivery->options->password, CONCEAL_MESSAGE);
    for (size_t i = 0; i < line.length && length + 1 < SMTP_REPLY_BYTES; i++)
        delivery->reply[length++] = text[i] >= ' ' && text[i] < 0x7F ? text[i] : '?';
    free(text);
    while (length && delivery->reply[length - 1] == ' ') length--;
    delivery->reply[length] = '\0';
}

static void note_recipient(struct delivery *delivery) {
    if (delivery->phase != PHASE_RECIPIENT || !delivery->asked || delivery->asked > delivery->count) return;
    struct smtp_recipient *recipient = &delivery->recipients[delivery->asked - 1];
    recipient->accepted = delivery->reply[0] == '2';
    memcpy(recipient->reply, delivery->reply, sizeof recipient->reply);
}

/* Lines of an answer have a hyphen behind the code, except for the last one. */
static void take_reply(struct delivery *delivery, struct span line) {
    if (delivery->replied || delivery->over) return;
    add_reply(delivery, span_trim(line));
    delivery->replied = line.length < 4 || line.at[3] != '-';
    if (!delivery->replied) return;
    note_recipient(delivery);
    if (delivery->phase == PHASE_LOGIN && span_starts(line, SPAN("235"))) delivery->logged_in = true;
}

static int follow(CURL *easy, curl_infotype type, char *bytes, size_t length, void *context) {
    (void)easy;
    if (type == CURLINFO_HEADER_OUT) take_command(context, (struct span){bytes, length});
    if (type == CURLINFO_HEADER_IN) take_reply(context, (struct span){bytes, length});
    return 0;
}

/* ---------------------------------------------------------------- the transfer */

/* Once the message has been read, the next answer is the one that counts. */
static size_t give_message(char *to, size_t size, size_t room, void *context) {
    struct delivery *delivery = context;
    struct span rest = span_cut(delivery->message, delivery->sent, delivery->sent + size * room);
    if (rest.length) memcpy(to, rest.at, rest.length);
    delivery->sent += rest.length;
    delivery->replied = false;
    delivery->reply[0] = '\0';
    return rest.length;
}

static size_t ignore_output(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

static int stop_asked(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    const struct delivery *delivery = context;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return delivery->options->stop && delivery->options->stop();
}

static void set_server(CURL *easy, const struct smtp_options *options, struct arena *arena) {
    long timeout = (long)options->timeout_ms;
    struct span ascii = url_ascii(options->server, arena);
    curl_easy_setopt(easy, CURLOPT_URL, arena_string(arena, ascii.length ? ascii : options->server));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_TIMEOUT_MS ? timeout : CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, timeout / 1000 + 1);
    curl_easy_setopt(easy, CURLOPT_USE_SSL, options->starttls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    if (options->ca_file.length) curl_easy_setopt(easy, CURLOPT_CAINFO, arena_string(arena, options->ca_file));
    if (!options->user.length) return;
    /* Of the ways to log in with a password; libcurl would try Kerberos first if the server offers it. */
    curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN;AUTH=CRAM-MD5;AUTH=SCRAM-SHA-256");
    curl_easy_setopt(easy, CURLOPT_USERNAME, arena_string(arena, options->user));
    curl_easy_setopt(easy, CURLOPT_PASSWORD, options->password.at ? options->password.at : "");
}

static void set_callbacks(CURL *easy, struct delivery *delivery) {
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L); /* calls the function below; nothing is printed */
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, follow);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, delivery);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore_output);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, stop_asked);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, delivery);
}

static struct curl_slist *set_message(CURL *easy, struct delivery *delivery, struct span from, struct arena *arena) {
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < delivery->count; i++) {
        struct curl_slist *longer = curl_slist_append(list, arena_string(arena, delivery->recipients[i].address));
        if (!longer) memory_exhausted();
        list = longer;
    }
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, arena_string(arena, from));
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, list);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_message);
    curl_easy_setopt(easy, CURLOPT_READDATA, delivery);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)delivery->message.length);
    return list;
}

/* libcurl says goodbye when the handle is closed and waits for an answer, up to two minutes. Nothing depends on that
 * answer, so the connection is closed for reading before. */
static void hang_up(CURL *easy) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket != CURL_SOCKET_BAD)
        shutdown(socket, SHUT_RD);
    curl_easy_cleanup(easy);
}

static CURLcode perform(struct delivery *delivery, struct span from) {
    struct arena *arena = arena_new();
    struct curl_slist *list = NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes to connections that the server may have closed */
    CURL *easy = curl_easy_init();
    if (!easy) memory_exhausted();
    set_server(easy, delivery->options, arena);
    set_callbacks(easy, delivery);
    if (delivery->count) {
        list = set_message(easy, delivery, from, arena);
    } else {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "NOOP");
    }
    CURLcode code = curl_easy_perform(easy);
    hang_up(easy);
    curl_slist_free_all(list);
    arena_free(arena);
    curl_global_cleanup();
    return code;
}

/* ---------------------------------------------------------------- what went wrong */

/* What a server can refuse, and what helps if that is for good. */
static const struct {
    const char *what, *remedy;
} refusals[] = {[PHASE_GREETING] = {"refused the connection", "check server"},
                [PHASE_HELLO] = {"refused the greeting", "check server"},
                [PHASE_STARTTLS] = {"refused STARTTLS", "use smtps://, or another port"},
                [PHASE_LOGIN] = {"refused the login", "check user and password"},
                [PHASE_SENDER] = {"refused the sender", "check from, user and password"},
                [PHASE_RECIPIENT] = {"refused every recipient", "check to, user and password"},
                [PHASE_DATA] = {"refused the message", "ask the server's administrator"}};

/* Codes that begin with 4 are for now, those that begin with 5 are for good. */
static bool describe_refusal(const struct delivery *delivery, struct failure *ret_failure) {
    bool later = delivery->reply[0] == '4', message = delivery->phase == PHASE_DATA && !later;
    return failure_set(ret_failure, message ? REACH_ARTICLE : REACH_SERVICE, REMEDY_NEXT_RUN,
                       "mail server %.*s %s: %s; %s", SPAN_ARGS(text_clip(delivery->options->server, 100)),
                       refusals[delivery->phase].what, delivery->reply,
                       later ? "it is tried again in the next run" : refusals[delivery->phase].remedy);
}

static const char *sentence_of(int code) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "was not found; check server, and the network connection";
    case CURLE_COULDNT_CONNECT:
        return "cannot be reached; check that it is running, and the setting server";
    case CURLE_OPERATION_TIMEDOUT:
        return "did not answer in time; it is tried again in the next run (timeout)";
    case CURLE_USE_SSL_FAILED:
        return "does not offer STARTTLS, which is required; use smtps://, or another port";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "has a certificate that cannot be verified; check server; if the certificate was issued by a private "
               "authority, set ca_file in [http]";
    case CURLE_SSL_CACERT_BADFILE:
        return "cannot be verified, because the trusted certificates cannot be read; check ca_file in [http]";
    case CURLE_SSL_CONNECT_ERROR:
        return "could not negotiate encryption; smtps:// is for port 465, smtp:// with STARTTLS for port 587";
    case CURLE_ABORTED_BY_CALLBACK:
        return "was disconnected, because the program was interrupted";
    case CURLE_WEIRD_SERVER_REPLY:
        return "did not answer as a mail server; check server";
    default:
        return "closed the connection before it accepted the mail; it is tried again in the next run";
    }
}

static bool describe(const struct delivery *delivery, CURLcode code, struct failure *ret_failure) {
    struct span server = text_clip(delivery->options->server, 100);
    bool refused = delivery->replied && (delivery->reply[0] == '4' || delivery->reply[0] == '5');
    if (refused)
        describe_refusal(delivery, ret_failure);
    else
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "mail server %.*s %s", SPAN_ARGS(server),
                    sentence_of((int)code));
    return failure_blame(ret_failure, CAUSE_NETWORK, server);
}

bool smtp_send(const struct smtp_options *options, struct span from, struct smtp_recipient *recipients, size_t count,
               struct span message, struct failure *ret_failure) {
    struct delivery delivery = {.options = options, .recipients = recipients, .count = count, .message = message};
    CURLcode code = perform(&delivery, from);
    /* Whoever was accepted gets nothing if the message was not. */
    for (size_t i = 0; i < count && code != CURLE_OK; i++) recipients[i].accepted = false;
    return code == CURLE_OK || describe(&delivery, code, ret_failure);
}

bool smtp_check(const struct smtp_options *options, struct failure *ret_failure) {
    struct delivery delivery = {.options = options};
    CURLcode code = perform(&delivery, SPAN(""));
    if (code != CURLE_OK) return describe(&delivery, code, ret_failure);
    if (!options->user.length || delivery.logged_in) return true;
    /* libcurl goes on without a login if the server offers none, or none that it knows. */
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN,
                       "mail server %.*s offers no login; remove user, or check the port",
                       SPAN_ARGS(text_clip(options->server, 100)));
}
