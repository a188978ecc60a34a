#include "stages/translate/history.h"

#include "pipeline/base/clock.h"

/* Keys are "answers TAB service TAB language". Values are "proven" or "unproven", followed by the number of rejected
 * answers in a row. */
static struct span key_of(struct arena *arena, struct span service, struct span language) {
    return arena_print(arena, "answers\t%.*s\t%.*s", SPAN_ARGS(service), SPAN_ARGS(language));
}

/* A value that cannot be parsed is treated as an empty history, so that the next answer replaces the damaged entry. */
struct history history_find(struct store *store, struct span service, struct span language) {
    struct arena *arena = arena_new();
    struct span value, at, word;
    struct history history = {0};
    long long worthless;
    if (store_told(store, key_of(arena, service, language), arena, &value, &at) && span_next(&value, ' ', &word)) {
        history.proven = span_is(word, "proven");
        if (span_number(value, &worthless) && worthless > 0 && worthless <= HISTORY_TEXTS)
            history.worthless = (unsigned)worthless;
    }
    arena_free(arena);
    return history;
}

bool history_put(struct store *store, struct span service, struct span language, const struct history *history,
                 struct failure *ret_failure) {
    struct arena *arena = arena_new();
    char now[21];
    clock_iso_now(now);
    struct span value = arena_print(arena, "%s %u", history->proven ? "proven" : "unproven", history->worthless);
    bool done = store_tell(store, key_of(arena, service, language), value, span_of(now), ret_failure);
    arena_free(arena);
    return done;
}
