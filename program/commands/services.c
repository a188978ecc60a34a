/* Lists what the adapters can do, from their own tables, and what the configured services translate. */
#include <stdio.h>

#include "config/reader.h"
#include "pipeline/base/table.h"
#include "program/command.h"
#include "program/say.h"
#include "stages/services/service_list.h"

/* ---------------------------------------------------------------- the adapters */

struct fact {
    const char *title; /* column heading */
    void (*write)(const struct service *service, const struct table *languages, struct buffer *out);
};

static void write_name(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    buffer_add_string(out, service->name);
}

static void write_tasks(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    buffer_add_string(out, service->tasks & SERVICE_SUMMARIZES ? "translations, summaries" : "translations");
}

/* Two language codes may select the same language of a service (no and nb), so this counts the rows of the table; each
 * row is one language of the service. */
static void write_languages(const struct service *service, const struct table *languages, struct buffer *out) {
    /* A service without a table of languages translates every language that its model knows. */
    if (service->languages)
        buffer_print(out, "%zu", languages->count);
    else
        buffer_add_string(out, "any");
}

static void write_limit(struct buffer *out, size_t limit, const char *unit) {
    if (limit) buffer_print(out, ", %zu %s", limit, unit);
}

static void write_request(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    bool paragraphs = service->unit == UNIT_PARAGRAPH;
    if (service->limits.texts == 1)
        buffer_add_string(out, paragraphs ? "1 paragraph" : "1 sentence");
    else
        buffer_print(out, "%zu %s", service->limits.texts, paragraphs ? "paragraphs" : "sentences");
    write_limit(out, service->limits.characters, "characters");
    write_limit(out, service->limits.bytes, "bytes");
}

static void write_at_a_time(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    buffer_print(out, "%u", service->limiter.concurrency);
}

static void write_context(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    buffer_add_string(out, service->takes_context ? "yes" : "no");
}

static void write_terms(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    buffer_add_string(out, service->takes_glossary ? "sent" : service->write_glossary ? "stored" : "placeholders");
}

static void write_secrets(const struct service *service, const struct table *languages, struct buffer *out) {
    size_t start = out->length;
    (void)languages;
    for (const struct setting *setting = service->settings.entries; setting && setting->name; setting++)
        if (setting->type == SETTING_SECRET) buffer_print(out, "%s%s", out->length > start ? ", " : "", setting->name);
    if (out->length == start) buffer_add_string(out, "none");
}

static void write_price(const struct service *service, const struct table *languages, struct buffer *out) {
    (void)languages;
    buffer_add_string(out, service->free_of_charge ? "free" : "as configured");
}

/* The columns, in the order in which they are printed. */
static const struct fact facts[] = {{"kind", write_name},
                                    {"tasks", write_tasks},
                                    {"languages", write_languages},
                                    {"max per request", write_request},
                                    {"simultaneous requests", write_at_a_time},
                                    {"context", write_context},
                                    {"terms", write_terms},
                                    {"secrets", write_secrets},
                                    {"price", write_price}};
enum { FACTS = sizeof facts / sizeof *facts };

static void add_row(struct buffer *out, const struct service *service, const struct table *languages) {
    for (size_t i = 0; i < FACTS; i++) {
        buffer_add_string(out, i ? " | " : "| ");
        if (languages)
            facts[i].write(service, languages, out);
        else
            buffer_add_string(out, service ? "---" : facts[i].title);
    }
    buffer_add_string(out, " |\n");
}

static bool read_languages(const char *data_folder, const struct service *service, struct arena *arena,
                           struct table *ret_languages, struct failure *ret_failure) {
    *ret_languages = (struct table){0};
    return !service->languages || table_read(data_folder, service->languages, arena, ret_languages, ret_failure);
}

static bool add_table(struct buffer *out, const char *data_folder, struct failure *ret_failure) {
    bool done = true;
    add_row(out, NULL, NULL);
    add_row(out, services[0], NULL);
    for (size_t i = 0; services[i] && done; i++) {
        struct arena *arena = arena_new();
        struct table languages;
        done = read_languages(data_folder, services[i], arena, &languages, ret_failure);
        if (done) add_row(out, services[i], &languages);
        arena_free(arena);
    }
    return done;
}

/* ---------------------------------------------------------------- as a page */

static const char head[] =
    "# Services\n\nThis page is for administrators. It lists the supported translation services and their settings, "
    "which go "
    "into a section `[service \"NAME\"]`. The [README](../README.md#what-translates-which-language) says which service "
    "translates which language, and [recipes.md](recipes.md) how to set up free ones. The page is generated by "
    "`dragoman "
    "services --markdown` from the adapters, so do not edit it.\n\n";

static const char legend[] =
    "\n- *Languages*: number of languages that the service translates to English; *any*: all that the model knows.\n"
    "- *Simultaneous requests*: the default maximum; the actual number adapts to what the server can handle.\n"
    "- *Context*: whether each request includes the title and the preceding text, which help the service but are not "
    "translated.\n"
    "- *Terms* of a glossary are sent with each request, stored by the service, or replaced by placeholders; the "
    "checks "
    "verify that the translation contains them.\n"
    "- *Secrets* are given by a file, an environment variable or a command (`key_file`, `key_env`, `key_command`).\n"
    "- *Price*: whether it is free, or costs what the price settings say.\n";

static void add_default(struct buffer *out, const struct setting *setting) {
    if (setting->default_value && setting->default_value[0]) buffer_print(out, "`%s`", setting->default_value);
}

static void add_settings(struct buffer *out, const struct setting *settings) {
    buffer_add_string(out, "| setting | default | meaning |\n| --- | --- | --- |\n");
    for (; settings && settings->name; settings++) {
        const char *ending = settings->type == SETTING_SECRET ? "_file, _env, _command" : "";
        buffer_print(out, "| `%s`%s | ", settings->name, ending);
        add_default(out, settings);
        buffer_print(out, " | %s", settings->help);
        if (settings->choices) buffer_print(out, " (values: %s)", settings->choices);
        buffer_add_string(out, " |\n");
    }
}

static bool add_page(struct buffer *out, const char *data_folder, struct failure *ret_failure) {
    buffer_add_string(out, head);
    if (!add_table(out, data_folder, ret_failure)) return false;
    buffer_add_string(out, legend);
    buffer_add_string(out, "\n## Settings of every service\n\n");
    add_settings(out, service_table);
    for (size_t i = 0; services[i]; i++) {
        buffer_print(out, "\n## %s\n\n%s.", services[i]->name, services[i]->help);
        if (services[i]->languages)
            buffer_print(out, " Languages: [%s](../config/tables/%s).", services[i]->languages, services[i]->languages);
        buffer_add_string(out, "\n\n");
        add_settings(out, services[i]->settings.entries);
    }
    return true;
}

static enum exit_code print_page(const char *data_folder, struct failure *ret_failure) {
    struct buffer out = BUFFER(1u << 20);
    bool done = add_page(&out, data_folder, ret_failure);
    if (done) fwrite(out.at, 1, out.length, stdout);
    buffer_free(&out);
    return done ? EXIT_DONE : EXIT_CONFIG;
}

/* ---------------------------------------------------------------- on a terminal */

static void print_adapters(void) {
    puts("adapters:");
    for (size_t i = 0; services[i]; i++) {
        struct buffer line = BUFFER(1024);
        buffer_print(&line, "  %-16s %s; ", services[i]->name, services[i]->help);
        write_tasks(services[i], NULL, &line);
        if (services[i]->takes_context) buffer_add_string(&line, ", with context");
        if (services[i]->takes_glossary || services[i]->write_glossary) buffer_add_string(&line, ", with terms");
        puts(line.at);
        buffer_free(&line);
    }
}

static void print_offers(const struct configured_service *configured_service, const struct table *languages) {
    struct span model;
    struct buffer codes = BUFFER(1 << 16);
    for (size_t i = 0; i < languages->count; i++) {
        char code[16];
        snprintf(code, sizeof code, "%.*s", SPAN_ARGS(languages->rows[i].cells[0]));
        if (configured_service->service->offers(configured_service->state, code, "en", &model))
            buffer_print(&codes, " %s", code);
    }
    say("  %-16.*s %s, to English from:%s", SPAN_ARGS(configured_service->name), configured_service->service->name,
        codes.length ? codes.at : "");
    buffer_free(&codes);
}

static bool print_configured(const struct service_list *service_list, const char *data_folder,
                             struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct table languages;
    bool read = table_read(data_folder, "names.tsv", arena, &languages, ret_failure);
    if (read) puts("configured:");
    for (size_t i = 0; read && i < service_list->count; i++) {
        const struct configured_service *configured_service = &service_list->configured_services[i];
        if (configured_service->unusable.reach == REACH_NONE)
            print_offers(configured_service, &languages);
        else
            say("  %-16.*s cannot be used: %s", SPAN_ARGS(configured_service->name),
                configured_service->unusable.sentence);
    }
    arena_free(arena);
    return read;
}

static enum exit_code do_services(struct call *call, struct failure *ret_failure) {
    struct service_list *service_list;
    if (call_option(call, "--markdown")) return print_page(call->program->data_folder, ret_failure);
    if (!service_list_open(call->program->config, call->program->data_folder, &service_list, ret_failure))
        return EXIT_CONFIG;
    print_adapters();
    bool done = print_configured(service_list, call->program->data_folder, ret_failure);
    service_list_close(service_list);
    return done ? EXIT_DONE : EXIT_CONFIG;
}

static const struct option services_options[] = {
    {"--markdown", NULL, "every adapter and its settings, as docs/services.md"}, OPTIONS_END};
static const char *const services_examples[] = {"dragoman services", "the languages that this configuration translates",
                                                NULL};

const struct subcommand command_services = {
    .name = "services",
    .takes = "",
    .help = "list the adapters, and the languages that the configured services translate",
    .options = services_options,
    .examples = services_examples,
    .run = do_services};
