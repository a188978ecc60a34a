#include "stages/translate/remote_glossary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TERMS = 10000 }; /* maximum number of terms in a glossary at a service; further terms are left out */

struct remote_glossaries {
    struct arena *arena;
    const struct termbase *termbase;
    struct remote_glossary *first;
};

struct remote_glossaries *remote_glossaries_new(const struct termbase *termbase) {
    struct remote_glossaries *remote_glossaries = memory_take(sizeof *remote_glossaries);
    *remote_glossaries = (struct remote_glossaries){.arena = arena_new(), .termbase = termbase};
    return remote_glossaries;
}

void remote_glossaries_free(struct remote_glossaries *remote_glossaries) {
    if (!remote_glossaries) return;
    arena_free(remote_glossaries->arena);
    free(remote_glossaries);
}

/* The name contains the version of the glossary, so a changed glossary is created under a new name. */
struct remote_glossary *remote_glossary_of(struct remote_glossaries *remote_glossaries,
                                           const struct configured_service *configured_service, const char *language) {
    if (!configured_service->service->write_glossary) return NULL;
    for (struct remote_glossary *remote_glossary = remote_glossaries->first; remote_glossary;
         remote_glossary = remote_glossary->next)
        if (remote_glossary->configured_service == configured_service &&
            strcmp(remote_glossary->language, language) == 0)
            return remote_glossary;
    struct remote_glossary *remote_glossary = arena_take(remote_glossaries->arena, sizeof *remote_glossary);
    *remote_glossary =
        (struct remote_glossary){.configured_service = configured_service, .next = remote_glossaries->first};
    snprintf(remote_glossary->language, sizeof remote_glossary->language, "%s", language);
    remote_glossary->name = arena_print(remote_glossaries->arena, "Dragoman %s %.*s", language,
                                        SPAN_ARGS(termbase_version(remote_glossaries->termbase)));
    remote_glossaries->first = remote_glossary;
    return remote_glossary;
}

/* A refusal of this request must not disable the service, which may still be able to translate. */
static enum exchange_verdict judge(struct exchange *exchange) {
    enum exchange_verdict verdict = exchange_judge_common(exchange);
    if (verdict != EXCHANGE_CLOSED) return verdict;
    exchange->failure.reach = REACH_ARTICLE;
    return EXCHANGE_FINAL;
}

/* Returns the terms for the language, allocated in the arena. */
static struct glossary terms_of(const struct remote_glossaries *remote_glossaries,
                                const struct remote_glossary *remote_glossary, struct arena *arena) {
    const struct term **listed = arena_take(arena, MAX_TERMS * sizeof *listed);
    size_t count = termbase_list(remote_glossaries->termbase, remote_glossary->language, listed, MAX_TERMS);
    struct glossary_term *terms = arena_take(arena, (count + 1) * sizeof *terms);
    for (size_t i = 0; i < count; i++)
        terms[i] = (struct glossary_term){.source = listed[i]->source, .target = listed[i]->target};
    return (struct glossary){.terms = terms, .count = count, .version = termbase_version(remote_glossaries->termbase)};
}

bool remote_glossary_ask(struct remote_glossaries *remote_glossaries, struct remote_glossary *remote_glossary,
                         struct exchange *exchange) {
    const struct configured_service *configured_service = remote_glossary->configured_service;
    struct failure failure = {0};
    struct arena *scratch = arena_new();
    struct glossary glossary = terms_of(remote_glossaries, remote_glossary, scratch);
    remote_glossary->creating = remote_glossary->state == REMOTE_GLOSSARY_MISSING;
    exchange_start(exchange, EXCHANGE_HTTP, exchange->arena);
    bool written = configured_service->service->write_glossary(configured_service->state, &glossary,
                                                               remote_glossary->language, remote_glossary->name,
                                                               remote_glossary->creating, exchange, &failure);
    arena_free(scratch);
    remote_glossary->state = written ? REMOTE_GLOSSARY_ASKED : REMOTE_GLOSSARY_UNUSABLE;
    if (!written) return false;
    service_list_address(configured_service, exchange);
    exchange->judge = judge;
    return true;
}

void remote_glossary_answer(struct remote_glossaries *remote_glossaries, struct remote_glossary *remote_glossary,
                            const struct exchange *exchange) {
    const struct configured_service *configured_service = remote_glossary->configured_service;
    struct failure failure = {0};
    struct span id = {NULL, 0};
    bool read = exchange->failure.reach == REACH_NONE &&
                configured_service->service->read_glossary(configured_service->state, remote_glossary->name,
                                                           remote_glossary->creating, exchange, &id, &failure);
    /* without an ID, a glossary cannot be used in requests */
    remote_glossary->id = arena_copy(remote_glossaries->arena, id);
    remote_glossary->state = !read || (remote_glossary->creating && !id.length) ? REMOTE_GLOSSARY_UNUSABLE
                             : id.length                                        ? REMOTE_GLOSSARY_READY
                                                                                : REMOTE_GLOSSARY_MISSING;
}
