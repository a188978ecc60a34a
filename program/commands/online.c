#include "program/commands/online.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"
#include "stages/services/service_list.h"

enum { MOST_INQUIRIES = 512, LONGEST_MS = 120000, WAIT_MS = 200 };

/* One word in one language. */
struct inquiry {
    const struct recruit *recruit;
    const char *language;
    struct exchange exchange;
    struct batch batch;
    struct failure failure; /* reach NONE: it works */
    bool done;
};

struct inquiries {
    struct inquiry list[MOST_INQUIRIES];
    size_t count;
    struct arena *arena; /* of all of them */
};

static const struct span word = {"Madrid", 6}; /* the same in most languages, and a translation of itself */

/* ---------------------------------------------------------------- whom to ask for what */

static void add(struct inquiries *inquiries, const struct recruit *recruit, struct span code) {
    struct span model;
    const char *language = arena_string(inquiries->arena, code);
    for (size_t i = 0; i < inquiries->count; i++)
        if (inquiries->list[i].recruit == recruit && strcmp(inquiries->list[i].language, language) == 0) return;
    if (inquiries->count == MOST_INQUIRIES) return;
    struct inquiry *inquiry = &inquiries->list[inquiries->count++];
    *inquiry = (struct inquiry){.recruit = recruit, .language = language};
    if (!recruit->service->offers(recruit->state, language, "en", &model)) {
        inquiry->done = true;
        failure_set(&inquiry->failure, REACH_SERVICE, REMEDY_NONE,
                    "a route has it for '%s', which it does not offer: see languages", language);
    }
}

static bool names(const struct settings *route, const struct recruit *recruit) {
    for (size_t i = 0; i < setting_list_count(route, "services"); i++)
        if (span_equal(setting_list_item(route, "services", i), recruit->name)) return true;
    return false;
}

/* The languages of one route. */
static void add_route(struct inquiries *inquiries, const struct settings *route, const struct recruit *recruit) {
    size_t count = setting_list_count(route, "languages");
    bool named = count == 0 && !setting_given(route, "sources") && !setting_given(route, "section") &&
                 !span_is(settings_name(route), "default");
    if (!names(route, recruit)) return;
    for (size_t i = 0; i < count; i++) add(inquiries, recruit, setting_list_item(route, "languages", i));
    if (named) add(inquiries, recruit, settings_name(route));
}

static void add_any(struct inquiries *inquiries, const struct recruit *recruit) {
    static const char *const codes[] = {"es", "fr", "de", "ru", "it", "pt", "zh", "ar", "bg", "mk", "ca", "is", "eo"};
    struct span model;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (recruit->service->offers(recruit->state, codes[i], "en", &model)) {
            add(inquiries, recruit, span_of(codes[i]));
            return;
        }
}

static void add_recruit(struct inquiries *inquiries, const struct config *config, const struct recruit *recruit) {
    size_t before = inquiries->count;
    if (recruit->unusable.reach != REACH_NONE) return; /* said when the stages were opened */
    for (size_t i = 0; i < config_section_count(config, "route"); i++)
        add_route(inquiries, config_section_at(config, "route", i), recruit);
    if (inquiries->count == before) add_any(inquiries, recruit);
}

/* ---------------------------------------------------------------- asking */

static void read_answer(struct inquiry *inquiry) {
    struct answer answer = {.verdict = VERDICT_BROKEN};
    struct usage usage = {0};
    size_t count = 0;
    const struct service *service = inquiry->recruit->service;
    if (!service->read_reply(inquiry->recruit->state, &inquiry->batch, &inquiry->exchange, &answer, &count, &usage,
                             &inquiry->failure))
        return;
    if (answer.verdict == VERDICT_TRANSLATED) return;
    failure_set(&inquiry->failure, REACH_SERVICE, REMEDY_NONE, "it answered, but with no translation%s%.*s",
                answer.note.length ? ": " : "", SPAN_ARGS(answer.note));
}

static void answered(void *context, struct exchange *exchange) {
    struct inquiry *inquiry = context;
    inquiry->done = true;
    inquiry->failure = exchange->failure;
    if (exchange->failure.reach == REACH_NONE) read_answer(inquiry);
}

static void ask(struct courier *courier, struct inquiry *inquiry, struct arena *arena) {
    const struct recruit *recruit = inquiry->recruit;
    inquiry->batch = (struct batch){.task = SERVICE_TRANSLATES,
                                    .source_language = inquiry->language,
                                    .target_language = "en",
                                    .texts = &word,
                                    .count = 1};
    exchange_start(&inquiry->exchange, EXCHANGE_HTTP, arena);
    if (!recruit->service->write_request(recruit->state, &inquiry->batch, &inquiry->exchange, &inquiry->failure)) {
        inquiry->done = true;
        return;
    }
    roster_address(recruit, &inquiry->exchange);
    inquiry->exchange.limits.attempts = 1;
    if (inquiry->exchange.limits.timeout_ms > LONGEST_MS) inquiry->exchange.limits.timeout_ms = LONGEST_MS;
    courier_send(courier, &inquiry->exchange, answered, inquiry);
}

static bool all_done(const struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (!inquiries->list[i].done) return false;
    return true;
}

static void ask_all(struct program *program, struct inquiries *inquiries) {
    for (size_t i = 0; i < inquiries->count; i++)
        if (!inquiries->list[i].done) ask(program->courier, &inquiries->list[i], inquiries->arena);
    while (!all_done(inquiries) && !program_interrupted()) {
        courier_turn(program->courier);
        if (!all_done(inquiries)) courier_wait(program->courier, NULL, 0, WAIT_MS);
    }
}

/* ---------------------------------------------------------------- telling */

/* What is wrong with a service is said once, whatever the number of languages. */
static bool is_said(const struct inquiries *inquiries, size_t index) {
    const struct inquiry *inquiry = &inquiries->list[index];
    for (size_t i = 0; i < index; i++)
        if (inquiries->list[i].recruit == inquiry->recruit &&
            strcmp(inquiries->list[i].failure.sentence, inquiry->failure.sentence) == 0)
            return true;
    return false;
}

/* Sentences of exchanges begin with the service, which stands before them here. */
static struct span without_service(const struct inquiry *inquiry) {
    struct span sentence = span_of(inquiry->failure.sentence), gate = inquiry->exchange.gate;
    if (!gate.length || !span_starts(sentence, gate)) return sentence;
    sentence = span_cut(sentence, gate.length, sentence.length);
    return span_trim(span_starts(sentence, SPAN(":")) ? span_cut(sentence, 1, sentence.length) : sentence);
}

static bool tell_failures(const struct inquiries *inquiries) {
    bool all_work = true;
    for (size_t i = 0; i < inquiries->count; i++) {
        const struct inquiry *inquiry = &inquiries->list[i];
        if (inquiry->done && inquiry->failure.reach == REACH_NONE) continue;
        all_work = false;
        if (is_said(inquiries, i)) continue;
        struct span sentence = inquiry->done ? without_service(inquiry) : SPAN("not asked to the end");
        fprintf(stderr, "[service \"%.*s\"] %s: %.*s\n", SPAN_ARGS(inquiry->recruit->name), inquiry->language,
                SPAN_ARGS(sentence));
    }
    return all_work;
}

static void tell_what_works(const struct inquiries *inquiries, const struct recruit *recruit) {
    bool works = false;
    for (size_t i = 0; i < inquiries->count; i++) {
        const struct inquiry *inquiry = &inquiries->list[i];
        if (inquiry->recruit != recruit || !inquiry->done || inquiry->failure.reach != REACH_NONE) continue;
        if (!works) printf("[service \"%.*s\"] works:", SPAN_ARGS(recruit->name));
        printf(" %s", inquiry->language);
        works = true;
    }
    if (works) puts("");
}

/* What is still under way is borrowed by the engine, which therefore goes first. */
static void close_all(struct program *program, struct roster *roster, struct inquiries *inquiries) {
    courier_free(program->courier);
    http_free(program->http);
    pipes_free(program->pipes);
    program->courier = NULL;
    program->http = NULL;
    program->pipes = NULL;
    for (size_t i = 0; i < inquiries->count; i++) exchange_clear(&inquiries->list[i].exchange);
    arena_free(inquiries->arena);
    free(inquiries);
    roster_close(roster);
}

enum exit_code online_check(struct program *program, struct failure *ret_failure) {
    struct roster *roster;
    if (!program_open_engine(program, ret_failure)) return EXIT_SYSTEM;
    if (!roster_open(program->config, program->data_folder, &roster, ret_failure)) return EXIT_CONFIG;
    struct inquiries *inquiries = memory_take(sizeof *inquiries);
    inquiries->arena = arena_new();
    for (size_t i = 0; i < roster->count; i++) add_recruit(inquiries, program->config, &roster->recruits[i]);
    ask_all(program, inquiries);
    for (size_t i = 0; i < roster->count; i++) tell_what_works(inquiries, &roster->recruits[i]);
    bool all_work = tell_failures(inquiries);
    close_all(program, roster, inquiries);
    return all_work ? EXIT_DONE : program_interrupted() ? EXIT_INTERRUPTED : EXIT_NO_SERVICE;
}
