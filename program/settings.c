#include "program/settings.h"

#include <string.h>

#include "pipeline/engine/source_settings.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/database_postgresql.h"
#include "program/hooks/settings.h"
#include "program/mail/settings.h"
#include "program/metrics.h"
#include "program/prune/prune.h"
#include "stages/digest/watch.h"
#include "stages/language/termbase.h"
#include "stages/services/service_settings.h"

/* Max. number of sections of the program and all stages, including the entry that ends the table. */
enum { MAX_SECTIONS = 48 };

/* SQLite takes "" for a temporary database, which is deleted after the run. */
static bool is_given(struct span text) {
    return text.length > 0;
}

static bool is_header_value(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7F) return false;
    return true;
}

const struct setting run_table[] = {
    SETTING("output", SETTING_PATH_AT(struct run_settings, output), .default_value = "~/news", .fits = is_given,
            .expected = "a folder", .help = "folder for records and digests"),
    SETTING("state", SETTING_PATH_AT(struct run_settings, state), .fits = is_given, .expected = "a file",
            .help = "database of articles seen, translations and spending (default: state.db in the output folder)"),
    SETTING("store", SETTING_TEXT_AT(struct run_settings, store), .fits = database_postgresql_is_address,
            .expected = "an address such as postgresql://user@host/database",
            .help = "PostgreSQL database to use in place of the file `state`; without a password (see store_password)"),
    SETTING("store_password", SETTING_SECRET_AT(struct run_settings, store_password),
            .help = "password for `store`; without it, libpq looks in ~/.pgpass"),
    SETTING("publish", SETTING_SWITCH_AT(struct run_settings, publish), .default_value = "yes",
            .help = "whether runs on this machine make the pages; no: another one that shares `store` makes them, also "
                    "of the records written here"),
    SETTING("in_flight", SETTING_NUMBER_AT(struct run_settings, in_flight), .default_value = "64", .min = 1,
            .max = 4096, .help = "maximum number of articles processed at the same time"),
    SETTING("threads", SETTING_NUMBER_AT(struct run_settings, threads), .default_value = "0", .max = 256,
            .help = "worker threads (0 = one per CPU)"),
    SETTING("grace_period", SETTING_TIME_AT(struct run_settings, grace_period), .default_value = "20s", .max = 3600e3,
            .help = "grace period after SIGINT or SIGTERM", .formerly = "drain"),
    SETTING("deadline", SETTING_TIME_AT(struct run_settings, deadline), .default_value = "0s", .max = 86400e3,
            .help = "end the run after this time and leave the rest for the next run (0 = no limit)"),
    SETTING("attempts", SETTING_NUMBER_AT(struct run_settings, attempts), .default_value = "2", .min = 1, .max = 100,
            .help = "number of crashes, while an article is processed alone, after which the article counts as failed; "
                    "also how often a page without an article is fetched again"),
    SETTING("revisit", SETTING_TIME_AT(struct run_settings, revisit), .default_value = "1h", .max = 90 * 86400e3,
            .help = "time until a page without an article (a paywall, an error page, an empty page), or one whose host "
                    "was down when the feed had a text, is fetched again; "
                    "each further attempt waits four times as long (0 = never)"),
    SETTING("remind", SETTING_TIME_AT(struct run_settings, remind), .default_value = "1d", .max = 90 * 86400e3,
            .help = "time until a problem that persists is reported again (0 = in every run)"),
    SETTING(
        "sandbox", SETTING_CHOICE_AT(struct run_settings, sandbox), .default_value = "auto", .choices = "auto yes no",
        .help = "restrict runs to the files that they need, so that a flaw in a parser cannot reach others; auto: if "
                "the kernel supports it and no configured command may need more; yes: always, even for these commands"),
    SETTINGS_END,
};

const struct setting http_table[] = {
    SETTING("user_agent", SETTING_TEXT_AT(struct http_settings, user_agent),
            .default_value = "Dragoman/" DRAGOMAN_VERSION, .fits = is_header_value, .expected = "one line of text",
            .help = "User-Agent header sent to web servers"),
    SETTING("ca_file", SETTING_PATH_AT(struct http_settings, ca_file),
            .help = "file with trusted certificates (default: the system's)"),
    SETTING("proxy", SETTING_TEXT_AT(struct http_settings, proxy),
            .help = "proxy (default: from the environment); services on this machine are contacted without it"),
    SETTINGS_END,
};

#define TABLE(entries, structure)                                                                                      \
    { entries, sizeof(structure) }

/* Those that belong to no stage. */
static const struct section_table own_sections[] = {
    {.name = "run", .settings = TABLE(run_table, struct run_settings), .help = "the run"},
    {.name = "http", .settings = TABLE(http_table, struct http_settings), .help = "HTTP"},
    {.name = "source",
     .named = true,
     .settings = TABLE(source_table, struct source_settings),
     .kind_at = source_kind_at,
     .help = "where articles come from"},
    {.name = "service",
     .named = true,
     .settings = TABLE(service_table, struct service_settings),
     .kind_at = service_kind_at,
     .help = "services that translate and summarize"},
    {.name = "route",
     .named = true,
     .settings = TABLE(route_table, struct route_settings),
     .help = "services for a language, in order of preference; \"default\" is for all other languages"},
    {.name = "budget",
     .settings = TABLE(budget_table, struct budget_settings),
     .help = "hard caps on spending (default: no caps)"},
    {.name = "glossary",
     .settings = TABLE(glossary_table, struct glossary_settings),
     .help = "terms and names with a fixed translation"},
    {.name = "mail",
     .named = true,
     .name_optional = true,
     .settings = TABLE(mail_table, struct mail_settings),
     .help = "mails the digest; [mail \"NAME\"] for further lists (default: no mail)"},
    {.name = "hooks",
     .settings = TABLE(hooks_table, struct hooks_settings),
     .help = "programs to run, and addresses to call, when a run begins or ends and when there is news"},
    {.name = "metrics", .settings = TABLE(metrics_table, struct metrics_settings), .help = "metrics for Prometheus"},
    {.name = "prune",
     .settings = TABLE(prune_table, struct prune_settings),
     .help = "what `dragoman prune` removes (default: nothing)"},
    {.name = "watch",
     .named = true,
     .settings = TABLE(watch_table, struct watch_settings),
     .help = "watch-list: its stories are marked on the day's page and listed beside it"}};

const struct section_table *program_section_tables(void) {
    static struct section_table tables[MAX_SECTIONS];
    size_t count = sizeof own_sections / sizeof *own_sections;
    memcpy(tables, own_sections, sizeof own_sections);
    for (size_t i = 0; stages_in_order[i] && count + 1 < MAX_SECTIONS; i++) {
        const struct stage *stage = stages_in_order[i];
        tables[count++] = (struct section_table){
            .name = stage->section ? stage->section : stage->name, .settings = stage->settings, .help = stage->help};
    }
    return tables;
}

const void *program_stage_values(const struct config *config, const struct stage *stage) {
    return stage->settings.entries ? config_values(config, stage->settings.entries) : NULL;
}
