#include "stages/extract/author_words.h"

/* Returns the list for a kind of word, as named in the first column of bylines.tsv, or NULL for an unknown kind. */
static struct author_list *list_of(struct author_words *words, struct span kind) {
    if (span_is(kind, "prefix")) return &words->prefixes;
    if (span_is(kind, "label")) return &words->labels;
    if (span_is(kind, "joined")) return &words->joined;
    if (span_is(kind, "control")) return &words->controls;
    if (span_is(kind, "desk")) return &words->desks;
    if (span_is(kind, "credit")) return &words->credits;
    if (span_is(kind, "and")) return &words->ands;
    if (span_is(kind, "role")) return &words->roles;
    if (span_is(kind, "reporter")) return &words->reporters;
    if (span_is(kind, "organization")) return &words->organizations;
    return span_is(kind, "nobody") ? &words->placeholders : NULL;
}

static void add_words(struct author_list *list, struct span cell, struct arena *arena) {
    while (cell.length) {
        size_t end = span_find(cell, SPAN(" ; "));
        list->words = arena_grow(arena, list->words, list->count, &list->capacity, sizeof *list->words);
        list->words[list->count++] = span_trim(span_cut(cell, 0, end));
        cell = end == SIZE_MAX ? SPAN("") : span_cut(cell, end + 3, cell.length);
    }
}

bool author_words_make(const struct table *table, struct arena *arena, struct author_words **ret_words,
                       struct failure *ret_failure) {
    struct author_words *words = arena_take(arena, sizeof *words);
    for (size_t i = 0; i < table->count; i++) {
        struct author_list *list = list_of(words, table->rows[i].cells[0]);
        if (!list) {
            failure_fatal(ret_failure, EXIT_CONFIG, "extract/bylines.tsv: unknown kind of word '%.*s'",
                          SPAN_ARGS(table->rows[i].cells[0]));
            return false;
        }
        add_words(list, table->rows[i].cells[2], arena);
    }
    *ret_words = words;
    return true;
}
