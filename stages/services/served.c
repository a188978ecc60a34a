/* Finds languages that no service translates, so that the user is warned before an article in such a language arrives.
 */
#include <stdio.h>

#include "config/reader.h"
#include "stages/services/service_list.h"

static bool is_served(const struct service_list *service_list, const struct route *route, struct span code) {
    char language[32];
    struct span model;
    snprintf(language, sizeof language, "%.*s", SPAN_ARGS(code));
    return span_is(code, "en") ||
           service_list_pick(service_list, route, language, SERVICE_TRANSLATES, 0, &model) != NULL;
}

static bool is_served_by_default(const struct service_list *service_list, struct span code) {
    char language[32];
    snprintf(language, sizeof language, "%.*s", SPAN_ARGS(code));
    struct route route = service_list_route(service_list, language, SPAN(""), SPAN(""));
    return is_served(service_list, &route, code);
}

void service_list_unserved(const struct service_list *service_list, const struct table *languages,
                           void (*unserved)(void *context, struct span code), void *context) {
    for (size_t i = 0; i < languages->count; i++)
        if (!is_served_by_default(service_list, languages->rows[i].cells[0]))
            unserved(context, languages->rows[i].cells[0]);
}

/* ---------------------------------------------------------------- routes without a usable service */

struct telling {
    const struct service_list *service_list;
    void (*dead_end)(void *context, const char *what);
    void *context;
};

static void tell(const struct telling *telling, const struct section *section, struct span code) {
    char what[600];
    struct span name = section_name(section), where = section_where(section, "languages", code);
    snprintf(what, sizeof what, "%.*s%s[route \"%.*s\"]: none of its usable services translates '%.*s' to English",
             SPAN_ARGS(text_clip(where, 300)), where.length ? ": " : "", SPAN_ARGS(text_clip(name, 100)),
             SPAN_ARGS(text_clip(code, 30)));
    telling->dead_end(telling->context, what);
}

/* A route may list its languages in a setting or be named after a language. Routes for sources or sections apply to any
 * language and are not checked. */
static void consider_route(const struct telling *telling, const struct section *section) {
    const struct route_settings *settings = section_values(section);
    struct route route = {.services = &settings->services};
    struct span name = section_name(section);
    for (size_t i = 0; i < settings->languages.count; i++)
        if (!is_served(telling->service_list, &route, settings->languages.items[i]))
            tell(telling, section, settings->languages.items[i]);
    if (route_is_for_its_name(section) && !is_served(telling->service_list, &route, name)) tell(telling, section, name);
}

void service_list_dead_ends(const struct service_list *service_list, void (*dead_end)(void *context, const char *what),
                            void *context) {
    const struct telling telling = {service_list, dead_end, context};
    const struct config *config = service_list->config;
    for (size_t i = 0; i < config_section_count(config, route_table); i++)
        consider_route(&telling, config_section_at(config, route_table, i));
}
