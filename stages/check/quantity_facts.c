#include "stages/check/quantity_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/check/quantities.h"

/* With so many entries, sorting pays. */
enum { MANY = 256 };
_Static_assert(FACT_LISTS <= 64, "the lists have a bit each");

const double metric_steps[METRIC_STEPS] = {1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3};

static void add(struct facts *facts, unsigned list, double key) {
    if (facts->count == facts->capacity) {
        facts->capacity = facts->capacity ? facts->capacity * 2 : 64;
        facts->items = memory_resize(facts->items, facts->capacity * sizeof *facts->items);
    }
    facts->items[facts->count++] = (struct fact){list, key};
    facts->lists |= UINT64_C(1) << list;
}

double facts_parts_key(const double *parts, size_t count) {
    uint64_t hash = count, bits;
    for (size_t i = 0; i < count; i++) {
        memcpy(&bits, &parts[i], sizeof bits);
        hash = (hash ^ bits) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (double)(hash >> 11); /* so many bits are exact */
}

static unsigned clamped(unsigned precision) {
    return precision < FACT_PRECISIONS ? precision : FACT_PRECISIONS - 1;
}

/* Returns whether a scale word may also match the next smaller English one: English has no word for ten thousand. */
static bool is_broad(const struct quantity *quantity) {
    return quantity->kind == QUANTITY_SCALE && fmod(log10(quantity->values[0]), 3) > 0.5;
}

static void add_values(struct facts *facts, const struct quantity *quantity, bool english) {
    bool metric = !english && quantity->kind != QUANTITY_PERHAPS, broad = is_broad(quantity);
    for (size_t i = 0; i < quantity->value_count; i++) {
        add(facts, FACT_VALUE, quantity->values[i]);
        if (metric) add(facts, FACT_METRIC, quantity->values[i]);
        if (metric && quantity->metres == 0) add(facts, FACT_UNKNOWN, quantity->values[i]);
        if (metric && quantity->metres > 0) add(facts, FACT_METRES, quantity->values[i] * quantity->metres);
        if (broad) add(facts, FACT_SCALE, quantity->values[i]);
        if (!english) add(facts, FACT_EXACT + clamped(quantity->precision), quantity->values[i]);
    }
}

/* Adds an English measure in metric units: 160 (km) and 160,000 (m) for 100 miles. */
static void add_conversions(struct facts *facts, const struct quantity *quantity) {
    if (!quantity->imperial || quantity->value_count == 0) return;
    double value = quantity->values[0], factor = quantity->imperial->value;
    if (factor == 0) add(facts, FACT_CELSIUS, (value - 32) * 5 / 9);
    if (quantity->is_length) add(facts, FACT_METRES, value * factor);
    for (int i = 0; i < METRIC_STEPS && factor != 0; i++)
        add(facts, quantity->is_length ? FACT_LENGTH : FACT_CONVERTED, value * factor * metric_steps[i]);
}

static void add_quantity(struct facts *facts, const struct quantity *quantity, bool english) {
    bool figure = quantity->kind == QUANTITY_DIGITS;
    if (quantity->value_count) add_values(facts, quantity, english);
    for (size_t i = 0; i < quantity->part_count; i++) add(facts, FACT_PART, quantity->parts[i]);
    if (quantity->part_count) add(facts, FACT_PARTS, facts_parts_key(quantity->parts, quantity->part_count));
    if (figure) add(facts, FACT_FIGURE, quantity->values[0]);
    if (figure) add(facts, FACT_SCALED, quantity->scale);
    if (figure && quantity->value_count == 1) add(facts, FACT_PLAIN, quantity->values[0]);
    add_conversions(facts, quantity);
    bool rough = quantity->scale >= 1000 && quantity->value_count && quantity->precision;
    if (english && rough) add(facts, FACT_ROUGH + clamped(quantity->precision), quantity->values[0]);
}

static int compare(const void *a, const void *b) {
    const struct fact *left = a, *right = b;
    if (left->list != right->list) return left->list < right->list ? -1 : 1;
    return left->key < right->key ? -1 : left->key > right->key;
}

struct facts facts_make(const struct quantities *quantities) {
    struct facts facts = {0};
    for (size_t i = 0; i < quantities->count; i++) add_quantity(&facts, &quantities->items[i], quantities->english);
    facts.sorted = facts.count > MANY;
    if (facts.sorted) qsort(facts.items, facts.count, sizeof *facts.items, compare);
    return facts;
}

void facts_free(struct facts *facts) {
    free(facts->items);
    *facts = (struct facts){0};
}

/* Returns the index of the first entry that is not before the given one. */
static size_t lower_bound(const struct facts *facts, const struct fact *wanted) {
    size_t low = 0, high = facts->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&facts->items[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t facts_count(const struct facts *facts, unsigned list, double low, double high) {
    size_t count = 0;
    if (!(facts->lists >> list & 1) || low > high) return 0;
    if (facts->sorted)
        return lower_bound(facts, &(struct fact){list, nextafter(high, INFINITY)}) -
               lower_bound(facts, &(struct fact){list, low});
    for (size_t i = 0; i < facts->count; i++) {
        const struct fact *fact = &facts->items[i];
        count += fact->list == list && fact->key >= low && fact->key <= high;
    }
    return count;
}

bool facts_between(const struct facts *facts, unsigned list, double low, double high) {
    return facts_count(facts, list, low, high) > 0;
}

bool facts_have(const struct facts *facts, unsigned list, double value) {
    double error = 1e-9 * fabs(value);
    return facts_between(facts, list, value - error, value + error);
}
