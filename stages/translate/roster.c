#include "stages/translate/roster.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"

const struct setting roster_service_settings[] = {
    {"kind", SETTING_TEXT, NULL, NULL, 0, 0, "which adapter: see `dragoman services`; not needed when the section is named so"},
    {"concurrency", SETTING_NUMBER, "0", NULL, 0, 256, "most requests at a time; 0: as the adapter thinks best"},
    {"timeout", SETTING_TIME, "0s", NULL, 0, 3600000, "for one request; 0: as the adapter thinks best"},
    {"attempts", SETTING_NUMBER, "0", NULL, 0, 10, "for one request, in all; 0: as the adapter thinks best"},
    {"longest_wait", SETTING_TIME, "60s", NULL, 0, 3600000, "longest Retry-After that is waited for within a run"},
    {"price", SETTING_MONEY, "0", NULL, 0, 1e12, "per million characters of source, for the bill"},
    SETTINGS_END};

const struct setting roster_route_settings[] = {
    {"services", SETTING_LIST, NULL, NULL, 0, 0, "names of [service] sections, the preferred one first"}, SETTINGS_END};

const struct setting *roster_settings_of_kind(struct span kind) {
    const struct service *service = service_of(kind);
    return service ? service->settings : NULL;
}

static bool recruit_open(const struct settings *settings, const char *data_folder, struct recruit *recruit,
                         struct failure *ret_failure) {
    recruit->service = service_of(settings_kind(settings));
    recruit->name = settings_name(settings);
    recruit->limits = recruit->service->gate;
    recruit->price = recruit->service->free_of_charge ? 0 : setting_money(settings, "price");
    long long concurrency = setting_number(settings, "concurrency"), timeout = setting_time(settings, "timeout");
    long long attempts = setting_number(settings, "attempts");
    if (concurrency) recruit->limits.concurrency = (unsigned)concurrency;
    if (timeout) recruit->limits.timeout_ms = (unsigned)timeout;
    if (attempts) recruit->limits.attempts = (unsigned)attempts;
    recruit->limits.longest_wait_ms = (unsigned)setting_time(settings, "longest_wait");
    return !recruit->service->open || recruit->service->open(settings, data_folder, &recruit->state, ret_failure);
}

bool roster_open(const struct config *config, const char *data_folder, struct roster **ret_roster,
                 struct failure *ret_failure) {
    size_t count = config_section_count(config, "service");
    struct roster *roster = memory_take(sizeof *roster);
    roster->recruits = memory_take((count + 1) * sizeof *roster->recruits);
    roster->config = config;
    for (; roster->count < count; roster->count++) {
        const struct settings *settings = config_section_at(config, "service", roster->count);
        if (recruit_open(settings, data_folder, &roster->recruits[roster->count], ret_failure)) continue;
        roster_close(roster);
        return false;
    }
    *ret_roster = roster;
    return true;
}

void roster_close(struct roster *roster) {
    if (!roster) return;
    for (size_t i = 0; i < roster->count; i++)
        if (roster->recruits[i].service->close) roster->recruits[i].service->close(roster->recruits[i].state);
    free(roster->recruits);
    free(roster);
}

static const struct recruit *find(const struct roster *roster, struct span name) {
    for (size_t i = 0; i < roster->count; i++)
        if (span_equal(roster->recruits[i].name, name)) return &roster->recruits[i];
    return NULL;
}

/* [route "sr-Cyrl"], else [route "sr"], else [route "default"], else every service in the order of the file. */
static const struct settings *find_route(const struct roster *roster, const char *language) {
    const struct settings *route = config_section_named(roster->config, "route", span_of(language));
    struct span base = {language, strcspn(language, "-")};
    if (!route) route = config_section_named(roster->config, "route", base);
    return route ? route : config_section_named(roster->config, "route", SPAN("default"));
}

static const struct recruit *nth(const struct roster *roster, const struct settings *route, size_t index) {
    if (route) return find(roster, setting_list_item(route, "services", index));
    return index < roster->count ? &roster->recruits[index] : NULL;
}

const struct recruit *roster_pick(const struct roster *roster, const char *language, enum service_task task, size_t place,
                                  struct span *ret_model) {
    const struct settings *route = find_route(roster, language);
    size_t count = route ? setting_list_count(route, "services") : roster->count;
    for (size_t i = 0; i < count; i++) {
        const struct recruit *recruit = nth(roster, route, i);
        if (!recruit || !(recruit->service->tasks & (unsigned)task)) continue;
        if (!recruit->service->offers(recruit->state, language, "en", ret_model) || place-- > 0) continue;
        return recruit;
    }
    return NULL;
}

void roster_address(const struct recruit *recruit, struct exchange *exchange) {
    exchange->gate = arena_print(exchange->arena, "service %.*s", SPAN_ARGS(recruit->name));
    exchange->limits = recruit->limits;
    exchange->judge = recruit->service->judge;
    exchange->trusted_host = true;
}
