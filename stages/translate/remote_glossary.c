#include "stages/translate/remote_glossary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TERMS = 10000 };

struct shelves {
    struct arena *arena;
    const struct termbase *termbase;
    struct shelf *first;
};

struct shelves *shelves_new(const struct termbase *termbase) {
    struct shelves *shelves = memory_take(sizeof *shelves);
    *shelves = (struct shelves){.arena = arena_new(), .termbase = termbase};
    return shelves;
}

void shelves_free(struct shelves *shelves) {
    if (!shelves) return;
    arena_free(shelves->arena);
    free(shelves);
}

struct shelf *shelf_of(struct shelves *shelves, const struct recruit *recruit, const char *language) {
    if (!recruit->service->write_glossary) return NULL;
    for (struct shelf *shelf = shelves->first; shelf; shelf = shelf->next)
        if (shelf->recruit == recruit && strcmp(shelf->language, language) == 0) return shelf;
    struct shelf *shelf = arena_take(shelves->arena, sizeof *shelf);
    *shelf = (struct shelf){.recruit = recruit, .next = shelves->first};
    snprintf(shelf->language, sizeof shelf->language, "%s", language);
    shelf->name =
        arena_print(shelves->arena, "Dragoman %s %.*s", language, SPAN_ARGS(termbase_version(shelves->termbase)));
    shelves->first = shelf;
    return shelf;
}

/* The service's other requests go on when this one is refused, so a refusal closes nothing. */
static enum exchange_verdict judge(struct exchange *exchange) {
    enum exchange_verdict verdict = exchange_judge_common(exchange);
    if (verdict != EXCHANGE_CLOSED) return verdict;
    exchange->failure.reach = REACH_ARTICLE;
    return EXCHANGE_FINAL;
}

static struct glossary terms_of(const struct shelves *shelves, const struct shelf *shelf, struct arena *arena) {
    const struct term **listed = arena_take(arena, MOST_TERMS * sizeof *listed);
    size_t count = termbase_list(shelves->termbase, shelf->language, listed, MOST_TERMS);
    struct glossary_term *terms = arena_take(arena, (count + 1) * sizeof *terms);
    for (size_t i = 0; i < count; i++)
        terms[i] = (struct glossary_term){.source = listed[i]->source, .target = listed[i]->target};
    return (struct glossary){.terms = terms, .count = count, .version = termbase_version(shelves->termbase)};
}

bool shelf_ask(struct shelves *shelves, struct shelf *shelf, struct exchange *exchange) {
    const struct recruit *recruit = shelf->recruit;
    struct failure failure = {0};
    struct arena *scratch = arena_new();
    struct glossary glossary = terms_of(shelves, shelf, scratch);
    shelf->creating = shelf->state == SHELF_MISSING;
    exchange_start(exchange, EXCHANGE_HTTP, exchange->arena);
    bool written = recruit->service->write_glossary(recruit->state, &glossary, shelf->language, shelf->name,
                                                    shelf->creating, exchange, &failure);
    arena_free(scratch);
    shelf->state = written ? SHELF_ASKED : SHELF_UNUSABLE;
    if (!written) return false;
    roster_address(recruit, exchange);
    exchange->judge = judge;
    return true;
}

void shelf_answer(struct shelves *shelves, struct shelf *shelf, const struct exchange *exchange) {
    const struct recruit *recruit = shelf->recruit;
    struct failure failure = {0};
    struct span id = {NULL, 0};
    bool read = exchange->failure.reach == REACH_NONE &&
                recruit->service->read_glossary(recruit->state, shelf->name, shelf->creating, exchange, &id, &failure);
    shelf->id = arena_copy(shelves->arena, id);
    shelf->state = !read || (shelf->creating && !id.length) ? SHELF_UNUSABLE : id.length ? SHELF_READY : SHELF_MISSING;
}
