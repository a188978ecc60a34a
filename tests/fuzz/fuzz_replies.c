/* Reads any bytes as a service's reply, after a first line "KIND STATUS TASK" (TASK: t for translation, s for summary):
 * no crash, bounded time, every failure has a sentence without the key, and every answer is text for one of the
 * questions. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/base/table.h"
#include "program/program.h"
#include "stages/services/service_list.h"

enum { TEXTS = 3, SENTENCES = 2, REPLY_LIMIT = 1 << 20 };

static const char key[] = "key-4711-of-the-fuzzer";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

/* Settings that some kinds require. A kind is given only those that it knows. */
static const char *const wanted[] = {"model=m", "command=cat", "key_env=FUZZ_KEY", "access_key_env=FUZZ_KEY",
                                     "region=eu-central-1"};

static bool knows(const struct service *service, const char *assignment) {
    size_t length = strcspn(assignment, "=");
    for (const struct setting *setting = service->settings.entries; setting && setting->name; setting++) {
        size_t own = strlen(setting->name);
        if (own <= length && strncmp(setting->name, assignment, own) == 0 &&
            (own == length || strncmp(assignment + own, "_env", 4) == 0))
            return true;
    }
    return false;
}

struct opened {
    const struct service *service;
    void *state;
};

static struct table errors;
static struct arena *held; /* as long as the process */

static struct opened open_kind(const struct service *service) {
    char assignment[256];
    struct opened opened = {.service = service};
    if (!held) held = arena_new();
    if (!errors.count) require(table_read(TEST_DATA, "services/errors.tsv", held, &errors, NULL));
    struct config *config = config_new(program_section_tables()); /* as long as the process */
    setenv("FUZZ_KEY", key, 1);
    snprintf(assignment, sizeof assignment, "service.s.kind=%s", service->name);
    config_set(config, assignment);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        snprintf(assignment, sizeof assignment, "service.s.%s", wanted[i]);
        if (knows(service, wanted[i])) config_set(config, assignment);
    }
    config_finish(config);
    struct service_context context = service_context_of(config_section_at(config, service_table, 0), TEST_DATA);
    require(service->open(&context, &opened.state, NULL));
    return opened;
}

static const struct opened *opened_of(struct span kind) {
    static struct opened all[64];
    for (size_t i = 0; services[i] && i < 64; i++) {
        if (!span_is(kind, services[i]->name) || strcmp(services[i]->name, "apertium") == 0) continue;
        if (!all[i].service) all[i] = open_kind(services[i]);
        return &all[i];
    }
    return NULL;
}

static void check_failure(const struct exchange *exchange, const struct failure *failure) {
    struct span sentence = span_of(failure->sentence);
    require(failure->reach != REACH_NONE && sentence.length > 0 && text_valid(sentence));
    require(!exchange->secret.length || span_find(sentence, exchange->secret) == SIZE_MAX);
}

static void check_answers(const struct batch *batch, const struct answer *answers, size_t count) {
    require(count <= (batch->task == SERVICE_SUMMARIZES ? batch->sentences : batch->count));
    for (size_t i = 0; i < count; i++) {
        require(text_valid(answers[i].target) && text_valid(answers[i].note));
        require(answers[i].verdict != VERDICT_TRANSLATED || answers[i].target.length > 0);
        for (size_t j = 0; j < answers[i].rests_on_count; j++)
            require(answers[i].rests_on[j] >= 1 && answers[i].rests_on[j] <= batch->count);
    }
}

static void read_reply(const struct opened *opened, const struct batch *batch, struct exchange *exchange) {
    struct answer answers[TEXTS + SENTENCES] = {0};
    struct usage usage = {0};
    struct failure failure = {0};
    size_t count = 0;
    const struct service *service = opened->service;
    enum exchange_verdict verdict = service->judge ? service->judge(exchange) : exchange_judge_common(exchange);
    if (verdict != EXCHANGE_GOOD)
        check_failure(exchange, &exchange->failure);
    else if (service->read_reply(opened->state, batch, exchange, answers, &count, &usage, &failure))
        check_answers(batch, answers, count);
    else
        check_failure(exchange, &failure);
}

static void play(const struct opened *opened, enum service_task task, long status, struct span reply) {
    const struct span texts[TEXTS] = {SPAN("Uno."), SPAN("Dos palabras."), SPAN("El 3 de mayo.")};
    struct batch batch = {.task = task,
                          .source_language = "es",
                          .target_language = "en",
                          .texts = texts,
                          .count = TEXTS,
                          .sentences = SENTENCES};
    struct arena *arena = arena_new();
    struct exchange exchange;
    if (opened->service->limits.texts == 1) batch.count = 1;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.limiter = SPAN("service s");
    exchange.trusted_host = true;
    exchange.errors = &errors;
    require(opened->service->write_request(opened->state, &batch, &exchange, NULL));
    exchange.status = status;
    exchange.reply = BUFFER(REPLY_LIMIT);
    buffer_add_span(&exchange.reply, reply);
    if (exchange.form && exchange.form->kind_of(&exchange, reply) == FRAME_GREETING) exchange.greeting = reply;
    read_reply(opened, &batch, &exchange);
    exchange_clear(&exchange);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length < REPLY_LIMIT ? length : REPLY_LIMIT}, line, kind, status,
                task = {NULL, 0};
    long long number = 0;
    if (!span_next(&rest, '\n', &line) || !span_next(&line, ' ', &kind) || !span_next(&line, ' ', &status)) return 0;
    span_next(&line, ' ', &task);
    const struct opened *opened = opened_of(kind);
    if (!opened || !span_number(status, &number) || number < 200 || number > 599) return 0;
    bool summary = span_is(task, "s") && opened->service->tasks & SERVICE_SUMMARIZES;
    play(opened, summary ? SERVICE_SUMMARIZES : SERVICE_TRANSLATES, (long)number, rest);
    return 0;
}
