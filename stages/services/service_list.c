#include "stages/services/service_list.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "pipeline/store/budget_settings.h"
#include "stages/services/common/thinking.h"

const struct setting service_list_service_settings[] = {
    {"kind", SETTING_TEXT, NULL, NULL, 0, 0,
     "which adapter: see `dragoman services`; not needed when the section is named so"},
    {"concurrency", SETTING_NUMBER, "0", NULL, 0, 256, "most requests at a time; 0: as the adapter thinks best"},
    {"timeout", SETTING_TIME, "0s", NULL, 0, 3600000, "for one request; 0: as the adapter thinks best"},
    {"gap", SETTING_TIME, "0s", NULL, 0, 600000,
     "least time between the starts of two requests; 0: as the adapter thinks best"},
    {"attempts", SETTING_NUMBER, "0", NULL, 0, 10, "for one request, in all; 0: as the adapter thinks best"},
    {"max_wait", SETTING_TIME, "60s", NULL, 0, 3600000, "longest Retry-After that is waited for within a run"},
    {"price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million characters of source"},
    {"input_price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million tokens that it is sent"},
    {"output_price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million tokens that it answers"},
    CAP_SETTINGS(", for this service"),
    {"request_words", SETTING_NUMBER, "450", NULL, 50, 5000,
     "most words in a request, of a service that takes paragraphs"},
    SETTINGS_END};

const struct setting service_list_route_settings[] = {
    {"services", SETTING_LIST, NULL, NULL, 0, 0, "names of [service] sections, the preferred one first"},
    {"languages", SETTING_LIST, NULL, NULL, 0, 0,
     "for these languages; when no languages, sources and section are given, the route's name is its language"},
    {"sources", SETTING_LIST, NULL, NULL, 0, 0, "for articles of these [source] sections"},
    {"section", SETTING_TEXT, NULL, NULL, 0, 0, "for articles of this section of a paper, as its pages name it"},
    {"second_opinion", SETTING_CHOICE, "failed", "never failed suspect", 0, 0,
     "ask the next service when the checks say so of an answer: once of a suspect one, to the end of the route while "
     "they "
     "reject every one; the best answer is kept"},
    SETTINGS_END};

const struct setting *service_list_settings_of_kind(struct span kind) {
    const struct service *service = service_of(kind);
    return service ? service->settings : NULL;
}

/* The longest answer that a language model is allowed; 0 for services without that setting. */
static unsigned long answer_tokens_of(const struct service *service, const struct settings *settings) {
    for (const struct setting *entry = service->settings; entry && entry->name; entry++)
        if (strcmp(entry->name, "answer_tokens") == 0) return (unsigned long)setting_number(settings, entry->name);
    return 0;
}

static struct prices prices_of(const struct settings *settings) {
    return (struct prices){.characters = setting_money(settings, "price"),
                           .input_tokens = setting_money(settings, "input_price"),
                           .output_tokens = setting_money(settings, "output_price")};
}

static bool has_its_secrets(const struct settings *settings, const struct service *service,
                            struct failure *ret_failure) {
    for (const struct setting *entry = service->settings; entry && entry->name; entry++)
        if (entry->type == SETTING_SECRET && !setting_secret_found(settings, entry->name, ret_failure)) return false;
    return true;
}

static void configured_service_open(const struct settings *settings, const char *data_folder,
                                    struct configured_service *configured_service) {
    configured_service->service = service_of(settings_kind(settings));
    configured_service->name = settings_name(settings);
    configured_service->implied = settings_implied(settings);
    configured_service->limits = configured_service->service->limiter;
    if (!configured_service->service->free_of_charge) configured_service->prices = prices_of(settings);
    configured_service->answer_tokens = answer_tokens_of(configured_service->service, settings);
    long long concurrency = setting_number(settings, "concurrency"), timeout = setting_time(settings, "timeout");
    long long gap = setting_time(settings, "gap");
    if (gap) configured_service->limits.gap_ms = (unsigned)gap;
    long long attempts = setting_number(settings, "attempts");
    if (concurrency) configured_service->limits.concurrency = (unsigned)concurrency;
    if (timeout) configured_service->limits.timeout_ms = (unsigned)timeout;
    if (attempts) configured_service->limits.attempts = (unsigned)attempts;
    configured_service->request_words = (size_t)setting_number(settings, "request_words");
    configured_service->limits.max_wait_ms = (unsigned)setting_time(settings, "max_wait");
    if (has_its_secrets(settings, configured_service->service, &configured_service->unusable) &&
        configured_service->service->open)
        configured_service->service->open(settings, data_folder, &configured_service->state,
                                          &configured_service->unusable);
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

static bool list_has(const struct settings *settings, const char *list, struct span word) {
    for (size_t i = 0; i < setting_list_count(settings, list); i++)
        if (span_equal(setting_list_item(settings, list, i), word)) return true;
    return false;
}

enum { NO_FIT = -1, FIT_BASE = 1, FIT_LANGUAGE = 2, FIT_SOURCE = 4, FIT_SECTION = 8 };

/* A criterion that is not given fits everything and counts nothing. */
static int fit_language(const struct settings *route, const char *language) {
    struct span whole = span_of(language), base = {language, strcspn(language, "-")}, name = settings_name(route);
    bool listed = setting_given(route, "languages");
    bool by_name =
        !listed && !setting_given(route, "sources") && !setting_given(route, "section") && !span_is(name, "default");
    if (!listed && !by_name) return 0;
    if (by_name ? span_equal(name, whole) : list_has(route, "languages", whole)) return FIT_LANGUAGE;
    return (by_name ? span_equal(name, base) : list_has(route, "languages", base)) ? FIT_BASE : NO_FIT;
}

static int fit(const struct settings *route, const char *language, struct span source, struct span section) {
    int by_language = fit_language(route, language);
    bool sources = setting_given(route, "sources"), sections = setting_given(route, "section");
    if (by_language == NO_FIT || (sources && !list_has(route, "sources", source))) return NO_FIT;
    if (sections && !span_equal_ascii_fold(setting_text(route, "section"), section)) return NO_FIT;
    return by_language + (sources ? FIT_SOURCE : 0) + (sections ? FIT_SECTION : 0);
}

struct route service_list_route(const struct service_list *service_list, const char *language, struct span source,
                                struct span section) {
    struct route best = {.second_opinion = SECOND_FAILED};
    int most = NO_FIT;
    for (size_t i = 0; i < config_section_count(service_list->config, "route"); i++) {
        const struct settings *route = config_section_at(service_list->config, "route", i);
        int fits = fit(route, language, source, section);
        if (fits <= most) continue;
        most = fits;
        best.settings = route;
    }
    if (!best.settings) return best;
    struct span again = setting_text(best.settings, "second_opinion");
    best.second_opinion = span_is(again, "never")     ? SECOND_NEVER
                          : span_is(again, "suspect") ? SECOND_SUSPECT
                                                      : SECOND_FAILED;
    return best;
}

static const struct configured_service *nth(const struct service_list *service_list, const struct route *route,
                                            size_t index) {
    if (route->settings) return service_list_named(service_list, setting_list_item(route->settings, "services", index));
    return index < service_list->count ? &service_list->configured_services[index] : NULL;
}

const struct configured_service *service_list_pick(const struct service_list *service_list, const struct route *route,
                                                   const char *language, enum service_task task, size_t place,
                                                   struct span *ret_model) {
    size_t count = route->settings ? setting_list_count(route->settings, "services") : service_list->count;
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

/* Every name that a route gives is a service's. */
static bool check_routes(const struct service_list *service_list, struct failure *ret_failure) {
    for (size_t i = 0; i < config_section_count(service_list->config, "route"); i++) {
        const struct settings *route = config_section_at(service_list->config, "route", i);
        for (size_t j = 0; j < setting_list_count(route, "services"); j++) {
            struct span name = setting_list_item(route, "services", j);
            if (!service_list_named(service_list, name))
                return failure_fatal(ret_failure, EXIT_CONFIG,
                                     "[route \"%.*s\"] names the service '%.*s', but there is no [service \"%.*s\"]",
                                     SPAN_ARGS(settings_name(route)), SPAN_ARGS(name), SPAN_ARGS(name));
        }
    }
    return true;
}

static bool route_can_serve(const struct service_list *service_list, const struct route *route,
                            struct failure *ret_failure) {
    size_t count = route->settings ? setting_list_count(route->settings, "services") : service_list->count;
    const struct failure *why = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct configured_service *configured_service = nth(service_list, route, i);
        if (configured_service && configured_service->unusable.reach == REACH_NONE) return true;
        if (configured_service && !why) why = &configured_service->unusable;
    }
    return !why || failure_fatal(ret_failure, EXIT_CONFIG, "%s", why->sentence);
}

bool service_list_can_serve(const struct service_list *service_list, struct failure *ret_failure) {
    size_t count = config_section_count(service_list->config, "route");
    for (size_t i = 0; i < count; i++) {
        struct route route = {.settings = config_section_at(service_list->config, "route", i)};
        if (!route_can_serve(service_list, &route, ret_failure)) return false;
    }
    return count > 0 || route_can_serve(service_list, &(struct route){.settings = NULL}, ret_failure);
}

bool service_list_open(const struct config *config, const char *data_folder, struct service_list **ret_service_list,
                       struct failure *ret_failure) {
    size_t count = config_section_count(config, "service");
    struct service_list *service_list = memory_take(sizeof *service_list);
    service_list->configured_services = memory_take((count + 1) * sizeof *service_list->configured_services);
    service_list->config = config;
    service_list->arena = arena_new();
    bool read =
        table_read(data_folder, "services/errors.tsv", service_list->arena, &service_list->errors, ret_failure) &&
        table_read(data_folder, "services/answers.tsv", service_list->arena, &service_list->words, ret_failure);
    for (; read && service_list->count < count; service_list->count++) {
        struct configured_service *configured_service = &service_list->configured_services[service_list->count];
        configured_service->errors = &service_list->errors;
        configured_service->words = &service_list->words;
        configured_service_open(config_section_at(config, "service", service_list->count), data_folder,
                                configured_service);
    }
    if (!read || !check_routes(service_list, ret_failure)) {
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
