/* The settings of [service "..."] that all kinds share, and those of [route "..."]. */
#ifndef STAGES_SERVICES_SERVICE_SETTINGS_H
#define STAGES_SERVICES_SERVICE_SETTINGS_H

#include "config/reader.h"
#include "pipeline/store/budget_settings.h"

struct service_settings {
    struct span kind;
    long long concurrency, attempts, request_words; /* 0 for the adapter's default */
    long long timeout, gap, max_wait;               /* milliseconds */
    long long price, input_price, output_price; /* in millionths of the currency, per million characters or tokens */
    struct cap_settings caps;
    /* Defaults for services of a certain sort; what the user sets counts. */
    enum service_profile { PROFILE_NORMAL, PROFILE_SLOW_LOCAL } profile;
    bool request_words_given;
    /* The members below are set only for kinds whose table includes SERVICE_URL_SETTING, SERVICE_KEY_SETTINGS or
     * SERVICE_LANGUAGES_SETTING. */
    struct span url;
    struct secret *key;
    bool plain_http;
    struct word_list languages;
};
extern const struct setting service_table[];

#define SERVICE_URL_SETTING(otherwise, text)                                                                           \
    SETTING("url", SETTING_TEXT_AT(struct service_settings, url), .common = true, .default_value = otherwise,          \
            .help = text)
/* Entries for the tables of kinds that require or accept a key. */
#define SERVICE_KEY_SETTINGS(text)                                                                                     \
    SETTING("key", SETTING_SECRET_AT(struct service_settings, key), .common = true, .help = text),                     \
        SETTING("plain_http", SETTING_SWITCH_AT(struct service_settings, plain_http), .common = true,                  \
                .default_value = "no", .help = "allow the key to be sent to another machine over unencrypted HTTP")
#define SERVICE_LANGUAGES_SETTING(text)                                                                                \
    SETTING("languages", SETTING_LIST_AT(struct service_settings, languages), .common = true, .help = text)

struct rate_limits;
struct service;
/* The limits of [service] with this kind: the user's, those of the profile, or the adapter's defaults. */
struct rate_limits service_rate_limits(const struct service *service, const struct service_settings *settings);
/* The size of a request (in words of the source) and of an answer (in tokens), for services that are limited so.
 * `answer_tokens` is the value of the setting, and `given` whether the user has set it. */
size_t service_request_words(const struct service_settings *settings);
unsigned long service_answer_tokens(const struct service_settings *settings, long long answer_tokens, bool given);

/* Returns the kind of service at this index; used as section_table.kind_at. */
struct section_kind service_kind_at(size_t index);

struct route_settings {
    struct word_list services, languages, sources;
    struct span section;
    bool languages_given, sources_given, section_given;
    /* Which answers are compared with an answer of the next service: none, those that fail the checks, or also those
     * that the checks find suspect. */
    enum second_opinion { SECOND_NEVER, SECOND_FAILED, SECOND_SUSPECT } second_opinion;
};
extern const struct setting route_table[];

/* Returns whether the route sets neither languages nor sources nor section. The route is then for the language after
 * which it is named. */
bool route_is_for_its_name(const struct section *route);

#endif
