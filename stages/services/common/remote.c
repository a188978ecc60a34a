#include "stages/services/common/remote.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"

static struct span join_shapers(const struct settings *settings, const char *const *shapers, struct arena *arena) {
    struct span model = {NULL, 0};
    for (; shapers && *shapers; shapers++) {
        struct span value = setting_text(settings, *shapers);
        if (value.length == 0 || span_is(value, "default")) continue;
        model = model.length ? arena_print(arena, "%.*s %.*s", SPAN_ARGS(model), SPAN_ARGS(value)) : value;
    }
    return model;
}

bool remote_open(const struct settings *settings, const char *data_folder, const char *const *shapers, void **ret_state,
                 struct failure *ret_failure) {
    struct remote *remote = memory_take(sizeof *remote);
    remote->settings = settings;
    remote->arena = arena_new();
    remote->model = join_shapers(settings, shapers, remote->arena);
    const char *table = service_of(settings_kind(settings))->languages;
    if (!codes_open(settings, data_folder, table, remote->arena, &remote->codes, ret_failure)) {
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

bool remote_offers(const void *state, const char *source_language, const char *target_language,
                   struct span *ret_model) {
    const struct remote *remote = state;
    *ret_model = remote->model;
    return strcmp(target_language, "en") == 0 && codes_of(&remote->codes, source_language).length > 0;
}

bool remote_needs_secret(const struct settings *settings, const char *name, struct failure *ret_failure) {
    if (setting_secret_given(settings, name)) return true;
    return failure_fatal(ret_failure, EXIT_CONFIG, "[service \"%.*s\"] needs a key: set %s_file, %s_env or %s_command",
                         SPAN_ARGS(settings_name(settings)), name, name, name);
}

bool remote_needs_text(const struct settings *settings, const char *name, struct failure *ret_failure) {
    if (setting_text(settings, name).length) return true;
    return failure_fatal(ret_failure, EXIT_CONFIG, "[service \"%.*s\"] needs %s = ...",
                         SPAN_ARGS(settings_name(settings)), name);
}
