#include "pipeline/engine/plan.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"

struct plan {
    struct arena *arena;
    struct plan_row *rows;
    size_t count, capacity;
};

struct plan *plan_new(void) {
    struct plan *plan = memory_take(sizeof *plan);
    plan->arena = arena_new();
    return plan;
}

void plan_free(struct plan *plan) {
    if (!plan) return;
    arena_free(plan->arena);
    free(plan);
}

struct plan_row *plan_row(struct plan *plan, struct span service, struct span language) {
    for (size_t i = 0; i < plan->count; i++)
        if (span_equal(plan->rows[i].service, service) && span_equal(plan->rows[i].language, language))
            return &plan->rows[i];
    plan->rows = arena_grow(plan->arena, plan->rows, plan->count, &plan->capacity, sizeof *plan->rows);
    struct plan_row *row = &plan->rows[plan->count++];
    /* The names may come from an article that is freed before the plan is printed. */
    row->service = arena_copy(plan->arena, service);
    row->language = arena_copy(plan->arena, language);
    return row;
}

/* The column widths must match those of the heading in plan_print(). */
static void print_row(const struct plan_row *row, struct buffer *out) {
    buffer_print(out, "%-16.*s %-9.*s %9zu %9zu %9zu %11lu %11zu %10.4f\n", SPAN_ARGS(row->service),
                 SPAN_ARGS(row->language), row->articles, row->requests, row->segments, row->characters,
                 row->remembered, (double)row->cost / 1e6);
}

void plan_print(const struct plan *plan, struct span end, const struct budget *budget, struct span currency,
                struct buffer *out) {
    /* The total counts an article once for each service and language that it needs. */
    struct plan_row total = {.service = SPAN("total")};
    buffer_print(out, "If all services reply correctly, a run would end like this: %.*s\n", SPAN_ARGS(end));
    for (size_t i = 0; i < budget_reached_count(budget); i++) buffer_print(out, "%s\n", budget_reached(budget, i));
    buffer_print(out, "%-16s %-9s %9s %9s %9s %11s %11s %10s\n", "service", "language", "articles", "requests",
                 "segments", "characters", "remembered", "cost");
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_row *row = &plan->rows[i];
        total.articles += row->articles;
        total.requests += row->requests;
        total.segments += row->segments;
        total.characters += row->characters;
        total.remembered += row->remembered;
        total.cost += row->cost;
        print_row(row, out);
    }
    print_row(&total, out);
    buffer_print(out, "Estimated cost: %.4f%s%.*s. Nothing was sent to a service, and nothing was changed.\n",
                 (double)total.cost / 1e6, currency.length ? " " : "", SPAN_ARGS(currency));
}
