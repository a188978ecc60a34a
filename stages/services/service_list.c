#include "stages/services/service_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "stages/services/common/thinking.h"

struct service_context service_context_of(const struct section *section, const char *data_folder) {
    return (struct service_context){.service = service_of(section_kind(section)),
                                    .name = section_name(section),
                                    .common = section_values(section),
                                    .settings = section_kind_values(section),
                                    .folder = section_folder(section),
                                    .data_folder = data_folder};
}

static struct prices prices_of(const struct service_settings *settings) {
    return (struct prices){
        .characters = settings->price, .input_tokens = settings->input_price, .output_tokens = settings->output_price};
}

/* The message begins with file and line, like all problems in the configuration. */
static void add_place(const struct section *section, struct failure *failure) {
    struct failure bare = *failure;
    struct span where = section_where(section, NULL, SPAN(""));
    if (failure->reach != REACH_NONE && where.length && !section_implied(section))
        snprintf(failure->sentence, sizeof failure->sentence, "%.*s: %.*s", SPAN_ARGS(text_clip(where, 200)),
                 SPAN_ARGS(text_clip(span_of(bare.sentence), sizeof bare.sentence - 204)));
}

/* A service that cannot be opened is kept in the list and marked as unusable, so that routes can refer to it and the
 * reason can be shown. */
static void configured_service_open(const struct section *section, const char *data_folder,
                                    struct configured_service *configured_service) {
    struct service_context context = service_context_of(section, data_folder);
    configured_service->service = context.service;
    configured_service->name = context.name;
    configured_service->implied = section_implied(section);
    configured_service->limits = service_rate_limits(context.service, context.common);
    if (!context.service->free_of_charge) configured_service->prices = prices_of(context.common);
    configured_service->request_words = service_request_words(context.common);
    if (!section_secrets_found(section, &configured_service->unusable) || !context.service->open) return;
    context.service->open(&context, &configured_service->state, &configured_service->unusable);
    add_place(section, &configured_service->unusable);
}

void service_list_close(struct service_list *service_list) {
    if (!service_list) return;
    for (size_t i = 0; i < service_list->count; i++)
        if (service_list->configured_services[i].state && service_list->configured_services[i].service->close)
            service_list->configured_services[i].service->close(service_list->configured_services[i].state);
    free(service_list->configured_services);
    arena_free(service_list->arena);
    free(service_list);
}

const struct configured_service *service_list_named(const struct service_list *service_list, struct span name) {
    for (size_t i = 0; i < service_list->count; i++)
        if (span_equal(service_list->configured_services[i].name, name)) return &service_list->configured_services[i];
    return NULL;
}

/* ---------------------------------------------------------------- routes */

/* Weights of the criteria by which a route matches. The weight of a more specific criterion exceeds the sum of all less
 * specific ones. */
enum { NO_FIT = -1, FIT_BASE = 1, FIT_LANGUAGE = 2, FIT_SOURCE = 4, FIT_SECTION = 8 };

/* Returns the weight with which the route matches the language, or NO_FIT. Returns 0 for a route without languages: it
 * matches every language, but less well than a route for that language. */
static int fit_language(const struct section *section, const char *language) {
    const struct route_settings *route = section_values(section);
    struct span whole = span_of(language), base = {language, strcspn(language, "-")}, name = section_name(section);
    bool by_name = route_is_for_its_name(section);
    if (!route->languages_given && !by_name) return 0;
    if (by_name ? span_equal(name, whole) : word_list_has(&route->languages, whole)) return FIT_LANGUAGE;
    return (by_name ? span_equal(name, base) : word_list_has(&route->languages, base)) ? FIT_BASE : NO_FIT;
}

static int fit(const struct section *section, const char *language, struct span source, struct span paper_section) {
    const struct route_settings *route = section_values(section);
    int by_language = fit_language(section, language);
    if (by_language == NO_FIT || (route->sources_given && !word_list_has(&route->sources, source))) return NO_FIT;
    if (route->section_given && !span_equal_ascii_fold(route->section, paper_section)) return NO_FIT;
    return by_language + (route->sources_given ? FIT_SOURCE : 0) + (route->section_given ? FIT_SECTION : 0);
}

static struct route route_of(const struct section *section) {
    const struct route_settings *settings = section_values(section);
    return (struct route){.services = &settings->services, .second_opinion = settings->second_opinion};
}

struct route service_list_route(const struct service_list *service_list, const char *language, struct span source,
                                struct span section) {
    const struct section *best = NULL;
    int most = NO_FIT;
    for (size_t i = 0; i < config_section_count(service_list->config, route_table); i++) {
        const struct section *route = config_section_at(service_list->config, route_table, i);
        int fits = fit(route, language, source, section);
        if (fits <= most) continue;
        most = fits;
        best = route;
    }
    return best ? route_of(best) : (struct route){.services = NULL, .second_opinion = SECOND_FAILED};
}

/* Returns the service at this index of the route, which may be unusable. */
static const struct configured_service *nth(const struct service_list *service_list, const struct route *route,
                                            size_t index) {
    if (route->services) return service_list_named(service_list, route->services->items[index]);
    return index < service_list->count ? &service_list->configured_services[index] : NULL;
}

/* Unusable services are not counted, so callers can try the indexes from 0 on without gaps. */
const struct configured_service *service_list_pick(const struct service_list *service_list, const struct route *route,
                                                   const char *language, enum service_task task, size_t place,
                                                   struct span *ret_model) {
    size_t count = route->services ? route->services->count : service_list->count;
    for (size_t i = 0; i < count; i++) {
        const struct configured_service *configured_service = nth(service_list, route, i);
        if (!configured_service || configured_service->unusable.reach != REACH_NONE ||
            !(configured_service->service->tasks & (unsigned)task))
            continue;
        if (!configured_service->service->offers(configured_service->state, language, "en", ret_model) || place-- > 0)
            continue;
        return configured_service;
    }
    return NULL;
}

static void check_route(const struct config *config, const struct section *section) {
    const struct route_settings *settings = section_values(section);
    for (size_t i = 0; i < settings->services.count; i++) {
        struct span name = settings->services.items[i];
        if (!config_section_named(config, service_table, name))
            section_add_problem(section, "services", name,
                                "[route \"%.*s\"] names the service '%.*s', but there is no [service \"%.*s\"]",
                                SPAN_ARGS(section_name(section)), SPAN_ARGS(name), SPAN_ARGS(name));
    }
}

void service_list_check(const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, route_table); i++)
        check_route(config, config_section_at(config, route_table, i));
}

/* One usable service is enough. If there is none, the message says why the first (the preferred) one is unusable. */
static bool route_can_serve(const struct service_list *service_list, const struct route *route,
                            struct failure *ret_failure) {
    size_t count = route->services ? route->services->count : service_list->count;
    const struct failure *why = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct configured_service *configured_service = nth(service_list, route, i);
        if (configured_service && configured_service->unusable.reach == REACH_NONE) return true;
        if (configured_service && !why) why = &configured_service->unusable;
    }
    return !why || failure_fatal(ret_failure, EXIT_CONFIG, "%s", why->sentence);
}

bool service_list_can_serve(const struct service_list *service_list, struct failure *ret_failure) {
    size_t count = config_section_count(service_list->config, route_table);
    for (size_t i = 0; i < count; i++) {
        struct route route = route_of(config_section_at(service_list->config, route_table, i));
        if (!route_can_serve(service_list, &route, ret_failure)) return false;
    }
    return count > 0 || route_can_serve(service_list, &(struct route){.services = NULL}, ret_failure);
}

static void add_service(struct service_list *service_list, const struct section *section, const char *data_folder) {
    struct configured_service *configured_service = &service_list->configured_services[service_list->count++];
    configured_service->errors = &service_list->errors;
    configured_service->words = &service_list->words;
    configured_service_open(section, data_folder, configured_service);
}

/* Sections of an unknown kind are skipped; they are reported as problems in the configuration. */
bool service_list_open(const struct config *config, const char *data_folder, struct service_list **ret_service_list,
                       struct failure *ret_failure) {
    size_t count = config_section_count(config, service_table);
    struct service_list *service_list = memory_take(sizeof *service_list);
    service_list->configured_services = memory_take((count + 1) * sizeof *service_list->configured_services);
    service_list->config = config;
    service_list->arena = arena_new();
    bool read =
        table_read(data_folder, "services/errors.tsv", service_list->arena, &service_list->errors, ret_failure) &&
        table_read(data_folder, "services/answers.tsv", service_list->arena, &service_list->words, ret_failure);
    for (size_t i = 0; read && i < count; i++) {
        const struct section *section = config_section_at(config, service_table, i);
        if (section_kind_known(section)) add_service(service_list, section, data_folder);
    }
    if (!read) {
        service_list_close(service_list);
        return false;
    }
    *ret_service_list = service_list;
    return true;
}

static void close_shared(void *service_list) {
    service_list_close(service_list);
}

bool service_list_borrow(const struct stage_context *context, struct service_list **ret_service_list,
                         struct failure *ret_failure) {
    static const struct resource shared = {.name = "services", .close = close_shared};
    struct service_list *service_list = resources_find(context->resources, &shared);
    if (!service_list) {
        if (!service_list_open(context->config, context->data_folder, &service_list, ret_failure)) return false;
        resources_lend(context->resources, &shared, service_list);
    }
    *ret_service_list = service_list;
    return true;
}

bool service_list_adapts(const struct configured_service *configured_service, const struct exchange *exchange) {
    return exchange->refusal == REFUSAL_PARAMETER && configured_service->service->adapt &&
           configured_service->service->adapt(configured_service->state, exchange);
}

bool service_list_read(const struct configured_service *configured_service, const struct batch *batch,
                       const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                       struct usage *ret_usage, struct failure *ret_failure) {
    bool read = configured_service->service->read_reply(configured_service->state, batch, exchange, answers, ret_count,
                                                        ret_usage, ret_failure);
    if (read) thinking_clean(configured_service->words, batch, answers, *ret_count, exchange->arena);
    return read;
}

void service_list_address(const struct configured_service *configured_service, struct exchange *exchange) {
    exchange->limiter = arena_print(exchange->arena, "service %.*s", SPAN_ARGS(configured_service->name));
    exchange->limits = configured_service->limits;
    exchange->judge = configured_service->service->judge;
    exchange->errors = configured_service->errors;
    exchange->trusted_host = true;
}
