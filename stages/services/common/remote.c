#include "stages/services/common/remote.h"

#include <stdlib.h>
#include <string.h>

/* Default values are left out, so that adding a setting to an adapter does not change the keys of existing
 * translations. */
static struct span join_shapers(const struct span *shapers, size_t count, struct arena *arena) {
    struct span model = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        struct span value = shapers[i];
        if (value.length == 0 || span_is(value, "default")) continue;
        model = model.length ? arena_print(arena, "%.*s %.*s", SPAN_ARGS(model), SPAN_ARGS(value)) : value;
    }
    return model;
}

bool remote_open(const struct service_context *context, const struct span *shapers, size_t shaper_count,
                 void **ret_state, struct failure *ret_failure) {
    struct remote *remote = memory_take(sizeof *remote);
    remote->common = context->common;
    remote->settings = context->settings;
    remote->arena = arena_new();
    remote->model = join_shapers(shapers, shaper_count, remote->arena);
    if (!codes_open(context, remote->arena, &remote->codes, ret_failure)) {
        remote_close(remote);
        return false;
    }
    *ret_state = remote;
    return true;
}

void remote_close(void *state) {
    struct remote *remote = state;
    if (!remote) return;
    arena_free(remote->arena);
    free(remote);
}

/* These services can translate into other languages too, but Dragoman only requests English. */
bool remote_offers(const void *state, const char *source_language, const char *target_language,
                   struct span *ret_model) {
    const struct remote *remote = state;
    *ret_model = remote->model;
    return strcmp(target_language, "en") == 0 && codes_of(&remote->codes, source_language).length > 0;
}

bool remote_needs_secret(const struct service_context *context, const struct secret *secret, const char *name,
                         struct failure *ret_failure) {
    if (secret_given(secret)) return true;
    return failure_fatal(ret_failure, EXIT_CONFIG, "[service \"%.*s\"] needs a key: set %s_file, %s_env or %s_command",
                         SPAN_ARGS(context->name), name, name, name);
}

bool remote_needs_key(const struct service_context *context, struct failure *ret_failure) {
    return remote_needs_secret(context, context->common->key, "key", ret_failure);
}

bool remote_needs_text(const struct service_context *context, struct span text, const char *name,
                       struct failure *ret_failure) {
    if (text.length) return true;
    return failure_fatal(ret_failure, EXIT_CONFIG, "[service \"%.*s\"] needs %s = ...", SPAN_ARGS(context->name), name);
}
