#include "pipeline/store/spending.h"

enum { MONTH_LENGTH = 7 };

/* Context of take_line(): the sums for each service so far. */
struct sum {
    struct arena *arena;
    struct span day;
    struct spending_line *lines;
    size_t count, capacity;
};

/* There are few services, so a linear search is fast enough. */
static struct spending_line *line_of(struct sum *sum, struct span service) {
    size_t at = 0;
    while (at < sum->count && !span_equal(sum->lines[at].service, service)) at++;
    if (at < sum->count) return &sum->lines[at];
    sum->lines = arena_grow(sum->arena, sum->lines, sum->count, &sum->capacity, sizeof *sum->lines);
    sum->lines[sum->count].service = arena_copy(sum->arena, service);
    return &sum->lines[sum->count++];
}

/* The bill has one line per day, service and source. */
static void take_line(void *context, const struct bill_line *bill) {
    struct sum *sum = context;
    struct spending_line *line = line_of(sum, bill->service);
    bill_add(&line->all, bill);
    if (span_starts(bill->day, span_cut(sum->day, 0, MONTH_LENGTH))) bill_add(&line->month, bill);
    if (span_equal(bill->day, sum->day)) bill_add(&line->day, bill);
}

struct spending_line *spending_by_service(struct store *store, struct span day, struct arena *arena,
                                          size_t *ret_count) {
    struct sum sum = {.arena = arena, .day = day};
    store_each_bill(store, SPAN(""), take_line, &sum);
    *ret_count = sum.count;
    return sum.lines;
}

/* Costs are written in units of the currency, not in millionths. */
static cJSON *amounts_json(const struct bill_line *line) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "requests", (double)line->requests);
    cJSON_AddNumberToObject(object, "characters", (double)line->characters);
    /* Only services that bill by tokens report tokens. */
    if (line->input_tokens || line->output_tokens) {
        cJSON_AddNumberToObject(object, "input_tokens", (double)line->input_tokens);
        cJSON_AddNumberToObject(object, "output_tokens", (double)line->output_tokens);
    }
    cJSON_AddNumberToObject(object, "cost", (double)line->cost / 1e6);
    return object;
}

cJSON *spending_json(struct store *store, struct span day, struct span currency) {
    struct arena *arena = arena_new();
    size_t count;
    const struct spending_line *lines = spending_by_service(store, day, arena, &count);
    cJSON *root = cJSON_CreateObject();
    json_add_filled(root, "currency", currency);
    cJSON *services = cJSON_AddArrayToObject(root, "services");
    for (size_t i = 0; i < count; i++) {
        cJSON *item = cJSON_CreateObject();
        json_add(item, "service", lines[i].service);
        cJSON_AddItemToObject(item, "day", amounts_json(&lines[i].day));
        cJSON_AddItemToObject(item, "month", amounts_json(&lines[i].month));
        cJSON_AddItemToObject(item, "all", amounts_json(&lines[i].all));
        cJSON_AddItemToArray(services, item);
    }
    arena_free(arena);
    return root;
}
