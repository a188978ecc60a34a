#include "stages/services/service_list.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/store/budget_settings.h"

const struct setting roster_service_settings[] = {
    {"kind", SETTING_TEXT, NULL, NULL, 0, 0,
     "which adapter: see `dragoman services`; not needed when the section is named so"},
    {"concurrency", SETTING_NUMBER, "0", NULL, 0, 256, "most requests at a time; 0: as the adapter thinks best"},
    {"timeout", SETTING_TIME, "0s", NULL, 0, 3600000, "for one request; 0: as the adapter thinks best"},
    {"gap", SETTING_TIME, "0s", NULL, 0, 600000,
     "least time between the starts of two requests; 0: as the adapter thinks best"},
    {"attempts", SETTING_NUMBER, "0", NULL, 0, 10, "for one request, in all; 0: as the adapter thinks best"},
    {"longest_wait", SETTING_TIME, "60s", NULL, 0, 3600000, "longest Retry-After that is waited for within a run"},
    {"price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million characters of source"},
    {"input_price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million tokens that it is sent"},
    {"output_price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million tokens that it answers"},
    CAP_SETTINGS(", for this service"),
    {"request_words", SETTING_NUMBER, "450", NULL, 50, 5000,
     "most words in a request, of a service that takes paragraphs"},
    SETTINGS_END};

const struct setting roster_route_settings[] = {
    {"services", SETTING_LIST, NULL, NULL, 0, 0, "names of [service] sections, the preferred one first"},
    {"languages", SETTING_LIST, NULL, NULL, 0, 0,
     "for these languages; when no languages, sources and section are given, the route's name is its language"},
    {"sources", SETTING_LIST, NULL, NULL, 0, 0, "for articles of these [source] sections"},
    {"section", SETTING_TEXT, NULL, NULL, 0, 0, "for articles of this section of a paper, as its pages name it"},
    {"second_opinion", SETTING_CHOICE, "failed", "never failed suspect", 0, 0,
     "ask the next service once when the checks say so of an answer; the better answer is kept"},
    SETTINGS_END};

const struct setting *roster_settings_of_kind(struct span kind) {
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

static void recruit_open(const struct settings *settings, const char *data_folder, struct recruit *recruit) {
    recruit->service = service_of(settings_kind(settings));
    recruit->name = settings_name(settings);
    recruit->limits = recruit->service->gate;
    if (!recruit->service->free_of_charge) recruit->prices = prices_of(settings);
    recruit->answer_tokens = answer_tokens_of(recruit->service, settings);
    long long concurrency = setting_number(settings, "concurrency"), timeout = setting_time(settings, "timeout");
    long long gap = setting_time(settings, "gap");
    if (gap) recruit->limits.gap_ms = (unsigned)gap;
    long long attempts = setting_number(settings, "attempts");
    if (concurrency) recruit->limits.concurrency = (unsigned)concurrency;
    if (timeout) recruit->limits.timeout_ms = (unsigned)timeout;
    if (attempts) recruit->limits.attempts = (unsigned)attempts;
    recruit->request_words = (size_t)setting_number(settings, "request_words");
    recruit->limits.longest_wait_ms = (unsigned)setting_time(settings, "longest_wait");
    if (has_its_secrets(settings, recruit->service, &recruit->unusable) && recruit->service->open)
        recruit->service->open(settings, data_folder, &recruit->state, &recruit->unusable);
}

void roster_close(struct roster *roster) {
    if (!roster) return;
    for (size_t i = 0; i < roster->count; i++)
        if (roster->recruits[i].state && roster->recruits[i].service->close)
            roster->recruits[i].service->close(roster->recruits[i].state);
    free(roster->recruits);
    free(roster);
}

const struct recruit *roster_named(const struct roster *roster, struct span name) {
    for (size_t i = 0; i < roster->count; i++)
        if (span_equal(roster->recruits[i].name, name)) return &roster->recruits[i];
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
    if (sections && !span_equal_fold(setting_text(route, "section"), section)) return NO_FIT;
    return by_language + (sources ? FIT_SOURCE : 0) + (sections ? FIT_SECTION : 0);
}

struct route roster_route(const struct roster *roster, const char *language, struct span source, struct span section) {
    struct route best = {.second_opinion = SECOND_FAILED};
    int most = NO_FIT;
    for (size_t i = 0; i < config_section_count(roster->config, "route"); i++) {
        const struct settings *route = config_section_at(roster->config, "route", i);
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

static const struct recruit *nth(const struct roster *roster, const struct route *route, size_t index) {
    if (route->settings) return roster_named(roster, setting_list_item(route->settings, "services", index));
    return index < roster->count ? &roster->recruits[index] : NULL;
}

const struct recruit *roster_pick(const struct roster *roster, const struct route *route, const char *language,
                                  enum service_task task, size_t place, struct span *ret_model) {
    size_t count = route->settings ? setting_list_count(route->settings, "services") : roster->count;
    for (size_t i = 0; i < count; i++) {
        const struct recruit *recruit = nth(roster, route, i);
        if (!recruit || recruit->unusable.reach != REACH_NONE || !(recruit->service->tasks & (unsigned)task)) continue;
        if (!recruit->service->offers(recruit->state, language, "en", ret_model) || place-- > 0) continue;
        return recruit;
    }
    return NULL;
}

/* Every name that a route gives is a service's. */
static bool check_routes(const struct roster *roster, struct failure *ret_failure) {
    for (size_t i = 0; i < config_section_count(roster->config, "route"); i++) {
        const struct settings *route = config_section_at(roster->config, "route", i);
        for (size_t j = 0; j < setting_list_count(route, "services"); j++) {
            struct span name = setting_list_item(route, "services", j);
            if (!roster_named(roster, name))
                return failure_fatal(ret_failure, EXIT_CONFIG,
                                     "[route \"%.*s\"] names the service '%.*s', but there is no [service \"%.*s\"]",
                                     SPAN_ARGS(settings_name(route)), SPAN_ARGS(name), SPAN_ARGS(name));
        }
    }
    return true;
}

static bool route_can_serve(const struct roster *roster, const struct route *route, struct failure *ret_failure) {
    size_t count = route->settings ? setting_list_count(route->settings, "services") : roster->count;
    const struct failure *why = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct recruit *recruit = nth(roster, route, i);
        if (recruit && recruit->unusable.reach == REACH_NONE) return true;
        if (recruit && !why) why = &recruit->unusable;
    }
    return !why || failure_fatal(ret_failure, EXIT_CONFIG, "%s", why->sentence);
}

bool roster_can_serve(const struct roster *roster, struct failure *ret_failure) {
    size_t count = config_section_count(roster->config, "route");
    for (size_t i = 0; i < count; i++) {
        struct route route = {.settings = config_section_at(roster->config, "route", i)};
        if (!route_can_serve(roster, &route, ret_failure)) return false;
    }
    return count > 0 || route_can_serve(roster, &(struct route){.settings = NULL}, ret_failure);
}

bool roster_open(const struct config *config, const char *data_folder, struct roster **ret_roster,
                 struct failure *ret_failure) {
    size_t count = config_section_count(config, "service");
    struct roster *roster = memory_take(sizeof *roster);
    roster->recruits = memory_take((count + 1) * sizeof *roster->recruits);
    roster->config = config;
    for (; roster->count < count; roster->count++)
        recruit_open(config_section_at(config, "service", roster->count), data_folder,
                     &roster->recruits[roster->count]);
    if (!check_routes(roster, ret_failure)) {
        roster_close(roster);
        return false;
    }
    *ret_roster = roster;
    return true;
}

void roster_address(const struct recruit *recruit, struct exchange *exchange) {
    exchange->gate = arena_print(exchange->arena, "service %.*s", SPAN_ARGS(recruit->name));
    exchange->limits = recruit->limits;
    exchange->judge = recruit->service->judge;
    exchange->trusted_host = true;
}
