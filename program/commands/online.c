#include "program/commands/online.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/engine/loop.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"
#include "program/commands/online_ledger.h"
#include "program/commands/online_sources.h"
#include "program/say.h"
#include "stages/identify.h"
#include "stages/services/common/price.h"
#include "stages/services/service_list.h"

/* LONGEST_MS, the longest timeout, is enough for a local server that has to load a model first. */
enum { MAX_INQUIRIES = 512, LONGEST_MS = 120000 };

/* A test request: it translates one word from one language. */
struct inquiry {
    const struct configured_service *configured_service;
    const char *language;
    struct exchange exchange;
    struct batch batch;
    struct purchase purchase;
    struct failure failure; /* failure.reach is REACH_NONE if the service works */
    bool sent, done;        /* neither: the request waits until others no longer fill a cap */
};

struct inquiries {
    struct inquiry list[MAX_INQUIRIES];
    size_t count;
    struct arena *arena; /* memory for the requests of all inquiries */
    const struct program *program;
    const struct service_list *service_list;
    struct ledger ledger;
    cJSON *json;   /* list of what works and what does not; NULL if the output is text */
    bool unserved; /* a source states a language that no service translates */
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

static bool is_skipped(const struct inquiries *inquiries, struct span code) {
    const struct identify_settings *identify = config_values(inquiries->program->config, identify_table);
    return span_is(code, "en") || word_list_has(&identify->skip, code);
}

static void tell_unserved(struct inquiries *inquiries, struct span source, struct span code) {
    inquiries->unserved = true;
    say_error("[source \"%.*s\"] no service translates '%.*s', the language that it states", SPAN_ARGS(source),
              SPAN_ARGS(code));
}

/* Adds the services that a run would ask about the articles of a source, in the order of its route. The embedded engine
 * comes last and is local, so it is of interest only where it is the only one. */
static void add_stated(void *context, struct span source, struct span code) {
    struct inquiries *inquiries = context;
    const struct configured_service *service;
    struct span model;
    const char *language = arena_string(inquiries->arena, code);
    struct route route = service_list_route(inquiries->service_list, language, source, SPAN(""));
    if (is_skipped(inquiries, code)) return;
    for (size_t place = 0;
         (service = service_list_pick(inquiries->service_list, &route, language, SERVICE_TRANSLATES, place, &model));
         place++)
        if (!service->implied || place == 0) add(inquiries, service, code);
    if (!service_list_pick(inquiries->service_list, &route, language, SERVICE_TRANSLATES, 0, &model))
        tell_unserved(inquiries, source, code);
}

static bool is_asked(const struct inquiries *inquiries, const struct configured_service *service) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (inquiries->list[i].configured_service == service) return true;
    return false;
}

static void add_configured_service(struct inquiries *inquiries, const struct config *config,
                                   const struct configured_service *configured_service) {
    if (configured_service->implied) return;                      /* added by the program, not by the user */
    if (configured_service->unusable.reach != REACH_NONE) return; /* already reported when the stages were opened */
    for (size_t i = 0; i < config_section_count(config, route_table); i++)
        add_route(inquiries, config_section_at(config, route_table, i), configured_service);
    if (!is_asked(inquiries, configured_service)) add_any(inquiries, configured_service);
}

/* ---------------------------------------------------------------- asking */

/* Reads the answer with the adapter's own code, so that a service that passes this check also works in a run. */
static void read_answer(struct inquiry *inquiry) {
    struct answer answer = {.verdict = VERDICT_BROKEN};
    struct usage usage = {0};
    size_t count = 0;
    bool read = service_list_read(inquiry->configured_service, &inquiry->batch, &inquiry->exchange, &answer, &count,
                                  &usage, &inquiry->failure);
    struct bill_line billed = price_billed(inquiry->configured_service, &inquiry->purchase.max, &usage);
    purchase_end(&inquiry->purchase, &inquiry->exchange, &billed);
    if (!read) return;
    if (answer.verdict == VERDICT_TRANSLATED) return;
    failure_set(&inquiry->failure, REACH_SERVICE, REMEDY_NONE, "the service answered without a translation%s%.*s",
                answer.note.length ? ": " : "", SPAN_ARGS(answer.note));
}

static void answered(void *context, struct exchange *exchange) {
    struct inquiry *inquiry = context;
    inquiry->done = true;
    inquiry->failure = exchange->failure;
    if (exchange->failure.reach == REACH_NONE)
        read_answer(inquiry);
    else
        purchase_end(&inquiry->purchase, exchange, NULL);
}

/* Composes the request. The user is waiting, so it is sent only once, and its timeout may be shorter than in a run. */
static bool compose(struct inquiry *inquiry, struct arena *arena) {
    const struct configured_service *configured_service = inquiry->configured_service;
    inquiry->batch = (struct batch){.task = SERVICE_TRANSLATES,
                                    .source_language = inquiry->language,
                                    .target_language = "en",
                                    .texts = &word,
                                    .count = 1};
    exchange_start(&inquiry->exchange, EXCHANGE_HTTP, arena);
    inquiry->done = !configured_service->service->write_request(configured_service->state, &inquiry->batch,
                                                                &inquiry->exchange, &inquiry->failure);
    if (inquiry->done) return false;
    service_list_address(configured_service, &inquiry->exchange);
    inquiry->exchange.limits.attempts = 1;
    if (inquiry->exchange.limits.timeout_ms > LONGEST_MS) inquiry->exchange.limits.timeout_ms = LONGEST_MS;
    return true;
}

static struct bill_line price_of(const struct inquiries *inquiries, const struct inquiry *inquiry) {
    struct bill_line most = price_most(inquiry->configured_service, &inquiry->batch, &inquiry->exchange);
    most.day = span_of(inquiries->program->day);
    return most;
}

/* Sends the request unless a cap forbids it. Requests to all services are in progress at the same time, each with its
 * own limiter. */
static void ask(struct inquiries *inquiries, struct inquiry *inquiry) {
    struct bill_line most = price_of(inquiries, inquiry);
    enum purchase_answer answer =
        ledger_begin(&inquiries->ledger, &inquiry->purchase, &most, &inquiry->exchange, &inquiry->failure);
    inquiry->done = answer == PURCHASE_REFUSED;
    inquiry->sent = answer == PURCHASE_GRANTED;
    if (inquiry->sent) dispatcher_send(inquiries->program->dispatcher, &inquiry->exchange, answered, inquiry);
}

/* Says what the requests may cost, before any of them is sent. */
static void compose_all(struct inquiries *inquiries) {
    const struct span currency = budget_settings_of(inquiries->program->config)->currency;
    struct bill_line sum = {.requests = 0};
    for (size_t i = 0; i < inquiries->count; i++) {
        struct inquiry *inquiry = &inquiries->list[i];
        if (inquiry->done || !compose(inquiry, inquiries->arena)) continue;
        struct bill_line most = price_of(inquiries, inquiry);
        bill_add(&sum, &most);
    }
    if (sum.cost && !inquiries->json)
        say("asking services for %lu word%s, which costs at most %.4f%s%.*s", sum.requests, PLURAL(sum.requests),
            (double)sum.cost / 1e6, currency.length ? " " : "", SPAN_ARGS(currency));
    fflush(stdout);
}

static bool all_done(const struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (!inquiries->list[i].done) return false;
    return true;
}

static void ask_waiting(struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (!inquiries->list[i].done && !inquiries->list[i].sent) ask(inquiries, &inquiries->list[i]);
}

static void ask_all(struct inquiries *inquiries) {
    const struct program *program = inquiries->program;
    struct loop loop = {.dispatcher = program->dispatcher,
                        .stop_fd = program->signal_fd,
                        .flusher = inquiries->ledger.flusher,
                        .grace_ms = LOOP_NO_GRACE};
    do {
        ask_waiting(inquiries);
    } while (!all_done(inquiries) && loop_turn(&loop));
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
        if (inquiries->json || is_said(inquiries, i)) continue;
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

static void add_json(struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++) {
        const struct inquiry *inquiry = &inquiries->list[i];
        bool works = inquiry->done && inquiry->failure.reach == REACH_NONE;
        cJSON *item = cJSON_CreateObject();
        json_add(item, "service", inquiry->configured_service->name);
        json_add(item, "language", span_of(inquiry->language));
        cJSON_AddBoolToObject(item, "works", works);
        if (!works) json_add(item, "reason", inquiry->done ? without_service(inquiry) : SPAN("interrupted"));
        cJSON_AddItemToArray(inquiries->json, item);
    }
}

/* ---------------------------------------------------------------- the whole */

/* The engine must be closed first, because it borrows the exchanges that are still in progress. */
static void close_engine(struct program *program) {
    dispatcher_free(program->dispatcher);
    http_free(program->http);
    pipes_free(program->pipes);
    program->dispatcher = NULL;
    program->http = NULL;
    program->pipes = NULL;
}

static void free_inquiries(struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++) exchange_clear(&inquiries->list[i].exchange);
    arena_free(inquiries->arena);
    free(inquiries);
}

/* What was sent and not answered keeps its reservation, which the next run bills. */
static bool ask_services(struct program *program, const struct service_list *service_list,
                         const struct online_sources *reading, struct inquiries *inquiries) {
    struct failure failure = {0};
    inquiries->program = program;
    inquiries->service_list = service_list;
    online_sources_each_language(reading, add_stated, inquiries);
    for (size_t i = 0; i < service_list->count; i++)
        add_configured_service(inquiries, program->config, &service_list->configured_services[i]);
    compose_all(inquiries);
    ledger_open(&inquiries->ledger, program);
    ask_all(inquiries);
    for (size_t i = 0; i < service_list->count && !inquiries->json; i++)
        tell_what_works(inquiries, &service_list->configured_services[i]);
    bool all_work = tell_failures(inquiries) && !inquiries->unserved;
    if (inquiries->json) add_json(inquiries);
    close_engine(program);
    bool counted = ledger_close(&inquiries->ledger, &failure);
    if (!counted) say_error("the cost of the requests could not be recorded: %s", failure.sentence);
    return all_work && counted;
}

static enum exit_code check_all(struct program *program, const struct service_list *service_list, cJSON *json) {
    cJSON *of_sources = json ? cJSON_AddArrayToObject(json, "online_sources") : NULL;
    struct inquiries *inquiries = memory_take(sizeof *inquiries);
    inquiries->arena = arena_new();
    inquiries->json = json ? cJSON_AddArrayToObject(json, "online_services") : NULL;
    struct online_sources *reading = online_sources_read(program);
    bool all_work = online_sources_tell(reading, of_sources);
    all_work = ask_services(program, service_list, reading, inquiries) && all_work;
    online_sources_free(reading);
    free_inquiries(inquiries);
    return all_work ? EXIT_DONE : program_interrupted() ? EXIT_INTERRUPTED : EXIT_NO_SERVICE;
}

enum exit_code online_check(struct program *program, cJSON *json, struct failure *ret_failure) {
    struct service_list *service_list;
    if (!program_open_engine(program, ret_failure)) return EXIT_SYSTEM;
    if (!service_list_open(program->config, program->data_folder, &service_list, ret_failure)) return EXIT_CONFIG;
    enum exit_code code = check_all(program, service_list, json);
    service_list_close(service_list);
    return code;
}
