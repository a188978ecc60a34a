#include "stages/sources/parts/gone.h"

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/store/store.h"

enum { STATUS_GONE = 410 };

static struct span key_of(struct span address, struct arena *arena) {
    return arena_print(arena, "gone %.*s", SPAN_ARGS(address));
}

/* Sets the failure and returns true. */
static bool say(struct span address, struct span since, struct failure *ret_failure) {
    return !failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                        "%.*s is permanently gone (410, %.*s) and will not be requested again; remove it from "
                        "the configuration, or change its section if it is available again",
                        SPAN_ARGS(text_clip(address, 200)), SPAN_ARGS(text_clip(since, 10)));
}

/* A fingerprint of the section is stored with the address: if the user changes the section, the address is requested
 * again. */
bool gone_is(const struct source_context *context, struct span address, struct failure *ret_failure) {
    char fingerprint[33];
    struct span value, since;
    struct arena *arena = arena_new();
    section_fingerprint(context->section, fingerprint);
    bool gone = context->store && store_told(context->store, key_of(address, arena), arena, &value, &since) &&
                span_is(value, fingerprint) && say(address, since, ret_failure);
    arena_free(arena);
    return gone;
}

void gone_note(const struct source_context *context, struct span address, const struct exchange *reply,
               struct failure *ret_failure) {
    char fingerprint[33], now[21];
    /* A temporary redirect may lead to another address in the next run. */
    bool for_now = reply->final_url.length && !reply->moved_permanently;
    if (reply->status != STATUS_GONE || for_now || !context->store) return;
    struct arena *arena = arena_new();
    section_fingerprint(context->section, fingerprint);
    clock_iso_now(now);
    if (store_tell(context->store, key_of(address, arena), span_of(fingerprint), span_of(now), NULL))
        say(address, span_of(now), ret_failure);
    arena_free(arena);
}
