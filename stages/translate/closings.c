#include "stages/translate/closings.h"

#include "pipeline/base/clock.h"

/* Keys are "worthless TAB service TAB language". Values are "reason TAB canned answer", or empty if the service has
 * been enabled again. */
static const struct span prefix = {"worthless\t", 10};

static struct span key_of(struct arena *arena, struct span service, struct span language) {
    return arena_print(arena, "%.*s%.*s\t%.*s", SPAN_ARGS(prefix), SPAN_ARGS(service), SPAN_ARGS(language));
}

/* Splits the value at the first tab. */
static void split(struct span text, struct span *ret_first, struct span *ret_second) {
    size_t tab = span_find(text, SPAN("\t"));
    *ret_first = tab == SIZE_MAX ? text : span_cut(text, 0, tab);
    *ret_second = tab == SIZE_MAX ? SPAN("") : span_cut(text, tab + 1, text.length);
}

bool closings_find(struct store *store, struct span service, struct span language, struct arena *arena,
                   struct closing *ret_closing) {
    struct closing found = {.service = service, .language = language};
    struct span value;
    if (!store_told(store, key_of(arena, service, language), arena, &value, &found.since) || !value.length)
        return false;
    split(value, &found.reason, &found.canned);
    *ret_closing = found;
    return true;
}

bool closings_put(struct store *store, const struct closing *closing, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct closing before;
    char now[21];
    clock_iso_now(now);
    bool known = closings_find(store, closing->service, closing->language, arena, &before);
    struct span value = arena_print(arena, "%.*s\t%.*s", SPAN_ARGS(closing->reason), SPAN_ARGS(closing->canned));
    /* If the service is already closed, the date of the first closing is kept, because messages say how long the
     * service has been unusable. */
    bool done = store_tell(store, key_of(arena, closing->service, closing->language), value,
                           known ? before.since : span_of(now), ret_failure) &&
                store_forget_answers(store, closing->service, closing->language, closing->canned, false, ret_failure);
    arena_free(arena);
    return done;
}

bool closings_lift(struct store *store, struct span service, struct span language, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct closing before = {.canned = SPAN("")};
    char now[21];
    clock_iso_now(now);
    closings_find(store, service, language, arena, &before);
    bool done = store_tell(store, key_of(arena, service, language), SPAN(""), span_of(now), ret_failure) &&
                store_forget_answers(store, service, language, before.canned, true, ret_failure);
    arena_free(arena);
    return done;
}

struct listing {
    void (*closing)(void *context, const struct closing *);
    void *context;
};

static void list_one(void *context, struct span key, struct span value, struct span at) {
    const struct listing *listing = context;
    struct closing closing = {.since = at};
    split(span_cut(key, prefix.length, key.length), &closing.service, &closing.language);
    split(value, &closing.reason, &closing.canned);
    if (value.length) listing->closing(listing->context, &closing);
}

void closings_each(struct store *store, void (*closing)(void *context, const struct closing *), void *context) {
    struct listing listing = {closing, context};
    store_each_told(store, prefix, list_one, &listing);
}
