#include "program/commands/online.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/engine/loop.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"
#include "program/say.h"
#include "stages/services/service_list.h"

/* LONGEST_MS, the longest timeout, is enough for a local server that has to load a model first. */
enum { MAX_INQUIRIES = 512, LONGEST_MS = 120000 };

/* A test request: it translates one word from one language. */
struct inquiry {
    const struct configured_service *configured_service;
    const char *language;
    struct exchange exchange;
    struct batch batch;
    struct failure failure; /* failure.reach is REACH_NONE if the service works */
    bool done;
};

struct inquiries {
    struct inquiry list[MAX_INQUIRIES];
    size_t count;
    struct arena *arena; /* memory for the requests of all inquiries */
};

/* The word is spelt the same in most languages, so it counts as translated even if the answer repeats it. */
static const struct span word = {"Madrid", 6};

/* ---------------------------------------------------------------- whom to ask for what */

static void add(struct inquiries *inquiries, const struct configured_service *configured_service, struct span code) {
    struct span model;
    const char *language = arena_string(inquiries->arena, code);
    for (size_t i = 0; i < inquiries->count; i++)
        if (inquiries->list[i].configured_service == configured_service &&
            strcmp(inquiries->list[i].language, language) == 0)
            return;
    /* The number of inquiries is limited, because each costs a request and perhaps money. */
    if (inquiries->count == MAX_INQUIRIES) return;
    struct inquiry *inquiry = &inquiries->list[inquiries->count++];
    *inquiry = (struct inquiry){.configured_service = configured_service, .language = language};
    if (!configured_service->service->offers(configured_service->state, language, "en", &model)) {
        inquiry->done = true;
        failure_set(&inquiry->failure, REACH_SERVICE, REMEDY_NONE,
                    "a route uses this service for '%s', which it does not offer; check `languages`", language);
    }
}

/* Adds the languages of one route: those in `languages`, or the language after which the route is named. */
static void add_route(struct inquiries *inquiries, const struct section *section,
                      const struct configured_service *configured_service) {
    const struct route_settings *route = section_values(section);
    if (!word_list_has(&route->services, configured_service->name)) return;
    for (size_t i = 0; i < route->languages.count; i++) add(inquiries, configured_service, route->languages.items[i]);
    if (route_is_for_its_name(section)) add(inquiries, configured_service, section_name(section));
}

/* For a service to which no route assigns a particular language, adds the first of a few common languages that the
 * service offers. */
static void add_any(struct inquiries *inquiries, const struct configured_service *configured_service) {
    static const char *const codes[] = {"es", "fr", "de", "ru", "it", "pt", "zh", "ar", "bg", "mk", "ca", "is", "eo"};
    struct span model;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (configured_service->service->offers(configured_service->state, codes[i], "en", &model)) {
            add(inquiries, configured_service, span_of(codes[i]));
            return;
        }
}

static void add_configured_service(struct inquiries *inquiries, const struct config *config,
                                   const struct configured_service *configured_service) {
    size_t before = inquiries->count;
    if (configured_service->implied) return;                      /* added by the program, not by the user */
    if (configured_service->unusable.reach != REACH_NONE) return; /* already reported when the stages were opened */
    for (size_t i = 0; i < config_section_count(config, route_table); i++)
        add_route(inquiries, config_section_at(config, route_table, i), configured_service);
    if (inquiries->count == before) add_any(inquiries, configured_service);
}

/* ---------------------------------------------------------------- asking */

/* Reads the answer with the adapter's own code, so that a service that passes this check also works in a run. */
static void read_answer(struct inquiry *inquiry) {
    struct answer answer = {.verdict = VERDICT_BROKEN};
    struct usage usage = {0};
    size_t count = 0;
    if (!service_list_read(inquiry->configured_service, &inquiry->batch, &inquiry->exchange, &answer, &count, &usage,
                           &inquiry->failure))
        return;
    if (answer.verdict == VERDICT_TRANSLATED) return;
    failure_set(&inquiry->failure, REACH_SERVICE, REMEDY_NONE, "the service answered without a translation%s%.*s",
                answer.note.length ? ": " : "", SPAN_ARGS(answer.note));
}

static void answered(void *context, struct exchange *exchange) {
    struct inquiry *inquiry = context;
    inquiry->done = true;
    inquiry->failure = exchange->failure;
    if (exchange->failure.reach == REACH_NONE) read_answer(inquiry);
}

/* Sends the request. Requests to all services are in progress at the same time, each with its own limiter. */
static void ask(struct dispatcher *dispatcher, struct inquiry *inquiry, struct arena *arena) {
    const struct configured_service *configured_service = inquiry->configured_service;
    inquiry->batch = (struct batch){.task = SERVICE_TRANSLATES,
                                    .source_language = inquiry->language,
                                    .target_language = "en",
                                    .texts = &word,
                                    .count = 1};
    exchange_start(&inquiry->exchange, EXCHANGE_HTTP, arena);
    if (!configured_service->service->write_request(configured_service->state, &inquiry->batch, &inquiry->exchange,
                                                    &inquiry->failure)) {
        inquiry->done = true;
        return;
    }
    service_list_address(configured_service, &inquiry->exchange);
    inquiry->exchange.limits.attempts = 1;
    /* The user is waiting, so the request is sent only once, and its timeout may be shorter than in a run. */
    if (inquiry->exchange.limits.timeout_ms > LONGEST_MS) inquiry->exchange.limits.timeout_ms = LONGEST_MS;
    dispatcher_send(dispatcher, &inquiry->exchange, answered, inquiry);
}

static bool all_done(const struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (!inquiries->list[i].done) return false;
    return true;
}

static void ask_all(struct program *program, struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (!inquiries->list[i].done) ask(program->dispatcher, &inquiries->list[i], inquiries->arena);
    struct loop loop = {.dispatcher = program->dispatcher, .stop_fd = program->signal_fd, .grace_ms = LOOP_NO_GRACE};
    while (!all_done(inquiries) && loop_turn(&loop)) continue;
}

/* ---------------------------------------------------------------- telling */

/* Returns whether an earlier request to the same service failed with the same message. */
static bool is_said(const struct inquiries *inquiries, size_t index) {
    const struct inquiry *inquiry = &inquiries->list[index];
    for (size_t i = 0; i < index; i++)
        if (inquiries->list[i].configured_service == inquiry->configured_service &&
            strcmp(inquiries->list[i].failure.sentence, inquiry->failure.sentence) == 0)
            return true;
    return false;
}

/* Removes the service's name from the start of a failure's message, because this output has already printed it. */
static struct span without_service(const struct inquiry *inquiry) {
    struct span sentence = span_of(inquiry->failure.sentence), limiter = inquiry->exchange.limiter;
    if (!limiter.length || !span_starts(sentence, limiter)) return sentence;
    sentence = span_cut(sentence, limiter.length, sentence.length);
    return span_trim(span_starts(sentence, SPAN(":")) ? span_cut(sentence, 1, sentence.length) : sentence);
}

static bool tell_failures(const struct inquiries *inquiries) {
    bool all_work = true;
    for (size_t i = 0; i < inquiries->count; i++) {
        const struct inquiry *inquiry = &inquiries->list[i];
        if (inquiry->done && inquiry->failure.reach == REACH_NONE) continue;
        all_work = false;
        if (is_said(inquiries, i)) continue;
        struct span sentence =
            inquiry->done ? without_service(inquiry) : SPAN("interrupted before the service answered");
        say_error("[service \"%.*s\"] %s: %.*s", SPAN_ARGS(inquiry->configured_service->name), inquiry->language,
                  SPAN_ARGS(sentence));
    }
    return all_work;
}

static void tell_what_works(const struct inquiries *inquiries, const struct configured_service *configured_service) {
    struct buffer languages = BUFFER(1 << 16);
    for (size_t i = 0; i < inquiries->count; i++) {
        const struct inquiry *inquiry = &inquiries->list[i];
        if (inquiry->configured_service != configured_service || !inquiry->done || inquiry->failure.reach != REACH_NONE)
            continue;
        buffer_print(&languages, " %s", inquiry->language);
    }
    if (languages.length) say("[service \"%.*s\"] works:%s", SPAN_ARGS(configured_service->name), languages.at);
    buffer_free(&languages);
}

/* The engine must be closed first, because it borrows the exchanges that are still in progress. */
static void close_all(struct program *program, struct service_list *service_list, struct inquiries *inquiries) {
    dispatcher_free(program->dispatcher);
    http_free(program->http);
    pipes_free(program->pipes);
    program->dispatcher = NULL;
    program->http = NULL;
    program->pipes = NULL;
    for (size_t i = 0; i < inquiries->count; i++) exchange_clear(&inquiries->list[i].exchange);
    arena_free(inquiries->arena);
    free(inquiries);
    service_list_close(service_list);
}

enum exit_code online_check(struct program *program, struct failure *ret_failure) {
    struct service_list *service_list;
    if (!program_open_engine(program, ret_failure)) return EXIT_SYSTEM;
    if (!service_list_open(program->config, program->data_folder, &service_list, ret_failure)) return EXIT_CONFIG;
    struct inquiries *inquiries = memory_take(sizeof *inquiries);
    inquiries->arena = arena_new();
    for (size_t i = 0; i < service_list->count; i++)
        add_configured_service(inquiries, program->config, &service_list->configured_services[i]);
    ask_all(program, inquiries);
    for (size_t i = 0; i < service_list->count; i++) tell_what_works(inquiries, &service_list->configured_services[i]);
    bool all_work = tell_failures(inquiries);
    close_all(program, service_list, inquiries);
    return all_work ? EXIT_DONE : program_interrupted() ? EXIT_INTERRUPTED : EXIT_NO_SERVICE;
}
