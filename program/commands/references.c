#include "program/commands/references.h"

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/address.h"
#include "pipeline/net/url.h"
#include "program/mail/settings.h"
#include "stages/identify.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

/* ---------------------------------------------------------------- languages */

static struct span base_of(struct span code) {
    return span_cut(code, 0, span_find(code, SPAN("-")));
}

/* "zh" is known if "zh-Hans" is, and "pt-BR" is known if "pt" is. */
static bool is_known(struct span code, const struct table *languages) {
    for (size_t i = 0; i < languages->count; i++) {
        struct span known = languages->rows[i].cells[0];
        if (span_equal(code, known) || span_equal(code, base_of(known)) || span_equal(base_of(code), known))
            return true;
    }
    return false;
}

static void check_language(const struct section *section, const char *name, struct span code,
                           const struct table *languages) {
    if (!is_known(code, languages))
        section_add_problem(section, name, code, "unknown language code '%.*s'; expected, e.g., bg or zh-Hans",
                            SPAN_ARGS(text_clip(code, 100)));
}

static void check_language_list(const struct section *section, const char *name, const struct word_list *codes,
                                const struct table *languages) {
    for (size_t i = 0; i < codes->count; i++) check_language(section, name, codes->items[i], languages);
}

/* Checks the languages of a service, written CODE, or CODE=NAME if the service has its own name for the language. */
static void check_service_languages(const struct section *section, const struct word_list *words,
                                    const struct table *languages) {
    for (size_t i = 0; i < words->count; i++) {
        struct span word = words->items[i];
        size_t equals = span_find(word, SPAN("="));
        if (equals == 0 || equals == word.length - 1)
            section_add_problem(section, "languages", word, "expected CODE or CODE=NAME, not '%.*s'",
                                SPAN_ARGS(text_clip(word, 100)));
        else
            check_language(section, "languages", span_cut(word, 0, equals), languages);
    }
}

/* ---------------------------------------------------------------- services */

static void check_price(const struct section *section, const struct service_settings *settings) {
    static const char *const names[BUDGET_PERIODS] = {
        [BUDGET_RUN] = "cost_per_run", [BUDGET_DAY] = "cost_per_day", [BUDGET_MONTH] = "cost_per_month"};
    if (settings->price || settings->input_price || settings->output_price) return;
    for (size_t i = 0; i < BUDGET_PERIODS; i++)
        if (settings->caps.cost_given[i])
            section_add_problem(section, names[i], SPAN(""),
                                "'%s' has no effect without a price; set price, or input_price and output_price",
                                names[i]);
}

static void check_plain(const struct section *section, const struct service_settings *settings) {
    if (!secret_given(settings->key) || settings->plain_http || url_fault(settings->url) ||
        span_starts_ascii_fold(settings->url, SPAN("https:")) || address_url_loopback(settings->url.at))
        return;
    section_add_problem(section, "url", settings->url,
                        "the key would be sent unencrypted; use https, or set plain_http = yes to allow it");
}

static void check_service(const struct section *section, const struct table *languages) {
    const struct service_settings *settings = section_values(section);
    const struct service *service = service_of(section_kind(section));
    check_service_languages(section, &settings->languages, languages);
    check_plain(section, settings);
    if (service && !service->free_of_charge) check_price(section, settings);
}

/* ---------------------------------------------------------------- routes */

static void check_route(const struct config *config, const struct section *section, const struct table *languages) {
    const struct route_settings *settings = section_values(section);
    struct span name = section_name(section);
    check_language_list(section, "languages", &settings->languages, languages);
    if (route_is_for_its_name(section) && !is_known(name, languages))
        section_add_problem(
            section, NULL, SPAN(""),
            "unknown language code '%.*s'; name the route after a language, or set languages, sources or "
            "section",
            SPAN_ARGS(text_clip(name, 100)));
    if (!settings->services.count)
        section_add_problem(section, "services", SPAN(""), "the route has no service; write services = NAME");
    for (size_t i = 0; i < settings->sources.count; i++)
        if (!config_section_named(config, source_table, settings->sources.items[i]))
            section_add_problem(section, "sources", settings->sources.items[i],
                                "[route \"%.*s\"] names the source '%.*s', but there is no [source \"%.*s\"]",
                                SPAN_ARGS(text_clip(name, 100)), SPAN_ARGS(text_clip(settings->sources.items[i], 100)),
                                SPAN_ARGS(text_clip(settings->sources.items[i], 100)));
}

/* ---------------------------------------------------------------- all of them */

static void check_source(const struct section *section, const struct table *languages) {
    const struct source_settings *settings = section_values(section);
    if (settings->language.length) check_language(section, "language", settings->language, languages);
}

static void check_all(const struct config *config, const struct table *languages) {
    const struct identify_settings *identify = config_values(config, identify_table);
    check_language_list(config_section(config, identify_table), "skip", &identify->skip, languages);
    for (size_t i = 0; i < config_section_count(config, source_table); i++)
        check_source(config_section_at(config, source_table, i), languages);
    for (size_t i = 0; i < config_section_count(config, service_table); i++)
        check_service(config_section_at(config, service_table, i), languages);
    for (size_t i = 0; i < config_section_count(config, route_table); i++)
        check_route(config, config_section_at(config, route_table, i), languages);
    for (size_t i = 0; i < config_section_count(config, mail_table); i++) {
        const struct section *section = config_section_at(config, mail_table, i);
        const struct mail_settings *mail = section_values(section);
        check_language_list(section, "languages", &mail->languages, languages);
    }
}

/* A missing table is ignored here, because it is reported when the languages without a service are listed. */
void references_check(const struct config *config, const char *data_folder) {
    struct table languages;
    struct failure ignored;
    struct arena *arena = arena_new();
    if (table_read(data_folder, "names.tsv", arena, &languages, &ignored)) check_all(config, &languages);
    arena_free(arena);
}
