#include "stages/services/service_settings.h"

#include "stages/services/service.h"

const struct setting service_table[] = {
    SETTING("kind", SETTING_TEXT_AT(struct service_settings, kind),
            .help = "adapter to use (see `dragoman services`); optional if the section is named after an adapter"),
    SETTING("concurrency", SETTING_NUMBER_AT(struct service_settings, concurrency), .default_value = "0", .max = 256,
            .help = "maximum number of concurrent requests (0 = the adapter's default)"),
    SETTING("timeout", SETTING_TIME_AT(struct service_settings, timeout), .default_value = "0s", .max = 3600e3,
            .help = "timeout of a request (0 = the adapter's default)"),
    SETTING("gap", SETTING_TIME_AT(struct service_settings, gap), .default_value = "0s", .max = 600e3,
            .help = "minimum time between the starts of two requests (0 = the adapter's default)"),
    SETTING("attempts", SETTING_NUMBER_AT(struct service_settings, attempts), .default_value = "0", .max = 10,
            .help = "attempts per request, including the first one (0 = the adapter's default)"),
    SETTING("max_wait", SETTING_TIME_AT(struct service_settings, max_wait), .default_value = "60s", .max = 3600e3,
            .help = "longest Retry-After for which a run waits", .formerly = "longest_wait"),
    SETTING("price", SETTING_MONEY_AT(struct service_settings, price), .default_value = "0", .max = 1e12,
            .help = "price per million source characters"),
    SETTING("input_price", SETTING_MONEY_AT(struct service_settings, input_price), .default_value = "0", .max = 1e12,
            .help = "price per million input tokens"),
    SETTING("output_price", SETTING_MONEY_AT(struct service_settings, output_price), .default_value = "0", .max = 1e12,
            .help = "price per million output tokens"),
    CAP_SETTINGS(struct service_settings, caps, ", for this service"),
    SETTING("request_words", SETTING_NUMBER_AT(struct service_settings, request_words), .default_value = "450",
            SETTING_GIVEN_AT(struct service_settings, request_words_given), .min = 50, .max = 5000,
            .help = "maximum number of words per request, for services that translate paragraphs"),
    SETTING("profile", SETTING_CHOICE_AT(struct service_settings, profile), .default_value = "normal",
            .choices = "normal slow-local",
            .help = "slow-local = for a model on a machine without a fast GPU: unless they are set, concurrency = 1, "
                    "timeout = 15m, request_words = 150, answer_tokens = 2048"),
    SETTINGS_END,
};

const struct setting route_table[] = {
    SETTING("services", SETTING_LIST_AT(struct route_settings, services),
            .help = "names of [service] sections, in order of preference"),
    SETTING("languages", SETTING_LIST_AT(struct route_settings, languages),
            SETTING_GIVEN_AT(struct route_settings, languages_given),
            .help = "source languages that use this route; if languages, sources and section are all absent, the route "
                    "is for the language after which it is named"),
    SETTING("sources", SETTING_LIST_AT(struct route_settings, sources),
            SETTING_GIVEN_AT(struct route_settings, sources_given),
            .help = "use the route only for articles from these [source] sections"),
    SETTING("section", SETTING_TEXT_AT(struct route_settings, section),
            SETTING_GIVEN_AT(struct route_settings, section_given),
            .help =
                "use the route only for articles in this section of a newspaper (its name as printed on the pages)"),
    SETTING("second_opinion", SETTING_CHOICE_AT(struct route_settings, second_opinion), .default_value = "failed",
            .choices = "never failed suspect",
            .help = "when to ask the next service as well: failed = if the checks rejected every answer so far, "
                    "suspect = also, once, if an answer is suspect; the best answer is used"),
    SETTINGS_END,
};

/* What `profile` sets, in the order of enum service_profile; 0 = the adapter's default. At two tokens a second, an
 * answer of this size takes a little longer than the timeout, and one for this many words a third of it. */
static const struct profile {
    unsigned concurrency, timeout_ms, request_words, answer_tokens;
} profiles[] = {[PROFILE_NORMAL] = {0}, [PROFILE_SLOW_LOCAL] = {1, 15 * 60 * 1000, 150, 2048}};

/* Returns the first that is not 0. */
static unsigned first_of(long long own, unsigned profile, unsigned adapter) {
    return own ? (unsigned)own : profile ? profile : adapter;
}

struct rate_limits service_rate_limits(const struct service *service, const struct service_settings *settings) {
    const struct profile *profile = &profiles[settings->profile];
    struct rate_limits limits = service->limiter;
    limits.gap_ms = first_of(settings->gap, 0, limits.gap_ms);
    limits.concurrency = first_of(settings->concurrency, profile->concurrency, limits.concurrency);
    limits.timeout_ms = first_of(settings->timeout, profile->timeout_ms, limits.timeout_ms);
    limits.attempts = first_of(settings->attempts, 0, limits.attempts);
    limits.max_wait_ms = (unsigned)settings->max_wait;
    return limits;
}

size_t service_request_words(const struct service_settings *settings) {
    unsigned words = profiles[settings->profile].request_words;
    return words && !settings->request_words_given ? words : (size_t)settings->request_words;
}

unsigned long service_answer_tokens(const struct service_settings *settings, long long answer_tokens, bool given) {
    unsigned tokens = profiles[settings->profile].answer_tokens;
    return tokens && !given ? tokens : (unsigned long)answer_tokens;
}

struct section_kind service_kind_at(size_t index) {
    const struct service *service = services[index];
    return service ? (struct section_kind){service->name, service->help, service->settings} : (struct section_kind){0};
}

bool route_is_for_its_name(const struct section *route) {
    const struct route_settings *settings = section_values(route);
    return !settings->languages_given && !settings->sources_given && !settings->section_given &&
           !span_is(section_name(route), "default");
}
