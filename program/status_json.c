#include "program/status_json.h"

#include "config/reader.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/spending.h"
#include "pipeline/store/store_events.h"
#include "pipeline/store/store_runs.h"
#include "program/hooks/news.h"
#include "program/mail/send.h"
#include "program/report_sources.h"
#include "program/state.h"
#include "stages/translate/closings.h"

/* ---------------------------------------------------------------- articles */

static void add_waiting(void *context, const struct waiting *waiting) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "for", span_of(failure_cause_name(waiting->waits_for)));
    json_add_filled(item, "on", waiting->waits_on);
    json_add_filled(item, "since", waiting->since);
    json_add_filled(item, "reason", waiting->reason);
    cJSON_AddNumberToObject(item, "articles", (double)waiting->count);
    cJSON_AddItemToArray(context, item);
}

/* Returns whether an article is partial. The store has no such state: it is a finished article that lacks translations
 * or part of its page. */
static bool is_partial(const struct article_row *row) {
    return row->article_state == ARTICLE_STATE_DONE && (row->unfinished > 0 || row->cut);
}

cJSON *status_article_json(const struct article_row *row) {
    bool waits = row->article_state == ARTICLE_STATE_WAITING, copy = row->article_state == ARTICLE_STATE_DUPLICATE;
    cJSON *item = cJSON_CreateObject();
    json_add(item, "id", span_of(row->id));
    json_add(item, "state", span_of(is_partial(row) ? "partial" : article_state_name(row->article_state)));
    json_add_filled(item, "source", row->source);
    json_add_filled(item, "address", row->address);
    if (waits) json_add(item, "for", span_of(failure_cause_name(row->waits_for)));
    json_add_filled(item, "on", waits ? row->waits_on : SPAN(""));
    json_add_filled(item, "since", row->since.length ? row->since : row->day);
    if (row->article_state != ARTICLE_STATE_DONE) json_add_filled(item, copy ? "duplicate_of" : "reason", row->note);
    json_add_filled(item, "record", row->path);
    json_add_filled(item, "pruned", row->pruned);
    if (row->unfinished > 0) cJSON_AddNumberToObject(item, "missing", row->unfinished);
    if (row->cut) cJSON_AddBoolToObject(item, "cut", true);
    if (row->kills) cJSON_AddNumberToObject(item, "kills", row->kills);
    return item;
}

static void add_event(void *context, const struct event *event) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "event", span_of(event_kind_name(event->kind)));
    json_add(item, "at", event->at);
    if (event->times > 1) json_add(item, "until", event->until);
    if (event->times > 1) cJSON_AddNumberToObject(item, "times", event->times);
    json_add_filled(item, "service", event->service);
    json_add_filled(item, event->kind == EVENT_DUPLICATE ? "duplicate_of" : "reason", event->note);
    if (event->kind == EVENT_ASKED) {
        cJSON_AddNumberToObject(item, "requests", (double)event->cost.requests);
        cJSON_AddNumberToObject(item, "characters", (double)event->cost.characters);
        cJSON_AddNumberToObject(item, "cost", (double)event->cost.cost / 1e6);
    }
    cJSON_AddItemToArray(context, item);
}

cJSON *status_explain_json(struct store *store, const struct article_row *row) {
    cJSON *item = status_article_json(row);
    store_each_event(store, row->id, add_event, cJSON_AddArrayToObject(item, "events"));
    return item;
}

static void add_article(void *context, const struct article_row *row) {
    cJSON_AddItemToArray(context, status_article_json(row));
}

/* Lists the articles that may need the user's attention. Complete articles are not listed. */
static void add_articles(cJSON *root, struct store *store, const size_t *counts, size_t limit) {
    static const enum article_state named[] = {ARTICLE_STATE_WAITING, ARTICLE_STATE_DEAD, ARTICLE_STATE_SKIPPED,
                                               ARTICLE_STATE_DUPLICATE};
    cJSON *articles = cJSON_AddArrayToObject(root, "articles"), *left_out = cJSON_AddObjectToObject(root, "left_out");
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        size_t listed = store_list(store, named[i], limit, add_article, articles);
        if (counts[named[i]] > listed)
            cJSON_AddNumberToObject(left_out, article_state_name(named[i]), (double)(counts[named[i]] - listed));
    }
    size_t partial = store_count_partial(store), listed = store_list_partial(store, limit, add_article, articles);
    if (partial > listed) cJSON_AddNumberToObject(left_out, "partial", (double)(partial - listed));
}

/* ---------------------------------------------------------------- runs */

void status_each_run(struct program *program, void (*run)(void *context, const struct run_at_work *run),
                     void *context) {
    size_t count;
    struct arena *arena = arena_new();
    const struct run_at_work *runs = store_runs(program->store, arena, &count);
    for (size_t i = 0; i < count; i++) run(context, &runs[i]);
    arena_free(arena);
}

static void add_run(void *context, const struct run_at_work *run) {
    cJSON *item = cJSON_CreateObject();
    cJSON_AddNumberToObject(item, "process", (double)run->process);
    json_add(item, "host", run->host);
    json_add(item, "since", span_of(run->since));
    json_add(item, "seen", span_of(run->seen));
    cJSON_AddNumberToObject(item, "articles", (double)run->articles);
    cJSON_AddItemToArray(context, item);
}

/* For a file this is unknown. */
static void add_runs(cJSON *root, struct program *program) {
    if (state_is_on_server(program)) status_each_run(program, add_run, cJSON_AddArrayToObject(root, "runs"));
}

/* ---------------------------------------------------------------- sources and services */

void status_each_source(struct program *program, void (*source)(void *context, const struct source_health *health),
                        void *context) {
    struct arena *arena = arena_new();
    struct source_health health;
    for (size_t i = 0; i < config_section_count(program->config, source_table); i++)
        if (store_find_source(program->store, section_name(config_section_at(program->config, source_table, i)), arena,
                              &health))
            source(context, &health);
    arena_free(arena);
}

void status_each_outage(struct program *program, enum outage_kind kind,
                        void (*outage)(void *context, const struct outage *outage), void *context) {
    size_t count;
    struct arena *arena = arena_new();
    const struct outage *outages = store_outages(program->store, NULL, arena, &count);
    for (size_t i = 0; i < count; i++)
        if (outages[i].kind == kind) outage(context, &outages[i]);
    arena_free(arena);
}

static void add_source(void *context, const struct source_health *health) {
    cJSON_AddItemToArray(context, report_source_json(health));
}

static void add_service(void *context, const struct outage *outage) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "name", outage->name);
    json_add(item, "failing_since", outage->since);
    json_add(item, "reason", outage->reason);
    cJSON_AddItemToArray(context, item);
}

static void add_closing(void *context, const struct closing *closing) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "service", closing->service);
    json_add(item, "language", closing->language);
    json_add(item, "since", closing->since);
    json_add(item, "reason", closing->reason);
    cJSON_AddItemToArray(context, item);
}

static void add_mail(void *context, const struct mail_waiting *waiting) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "name", waiting->label);
    json_add(item, "since", waiting->since);
    json_add(item, "reason", waiting->reason);
    cJSON_AddItemToArray(context, item);
}

static void add_news(void *context, const struct news_waiting *waiting) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "hook", span_of(waiting->hook));
    json_add(item, "since", waiting->since);
    json_add(item, "reason", waiting->reason);
    cJSON_AddNumberToObject(item, "count", (double)waiting->count);
    cJSON_AddItemToArray(context, item);
}

/* ---------------------------------------------------------------- money */

/* Amounts of money are in the configured currency. */
static void add_cap(void *context, const struct cap_use *use) {
    static const char *const subjects[] = {
        [BUDGET_ALL] = "budget", [BUDGET_SERVICE] = "service", [BUDGET_SOURCE] = "source"};
    double unit = use->money ? 1e6 : 1;
    if (use->period == BUDGET_RUN) return; /* that run is over */
    cJSON *item = cJSON_CreateObject();
    json_add(item, "of", span_of(subjects[use->subject]));
    json_add_filled(item, "name", use->name);
    json_add(item, "cap", span_of(use->cap));
    cJSON_AddNumberToObject(item, "max", (double)use->max / unit);
    cJSON_AddNumberToObject(item, "spent", (double)use->spent / unit);
    cJSON_AddItemToArray(context, item);
}

static void add_spending(cJSON *root, struct program *program) {
    struct span currency = budget_settings_of(program->config)->currency;
    struct bill_line spent = store_spent(program->store, SPAN(""), SPAN(""), SPAN(""));
    cJSON_AddNumberToObject(root, "requests", (double)spent.requests);
    cJSON_AddNumberToObject(root, "characters", (double)spent.characters);
    cJSON_AddNumberToObject(root, "cost", (double)spent.cost / 1e6);
    cJSON_AddItemToObject(root, "spent", spending_json(program->store, span_of(program->day), currency));
    struct bill_line reserved = store_reserved(program->store);
    cJSON *under_way = cJSON_AddObjectToObject(root, "reserved");
    cJSON_AddNumberToObject(under_way, "requests", (double)reserved.requests);
    cJSON_AddNumberToObject(under_way, "characters", (double)reserved.characters);
    cJSON_AddNumberToObject(under_way, "cost", (double)reserved.cost / 1e6);
    budget_each_cap(program->budget, add_cap, cJSON_AddArrayToObject(root, "caps"));
}

cJSON *status_json(struct program *program, size_t limit) {
    size_t counts[7];
    store_counts(program->store, counts);
    cJSON *root = cJSON_CreateObject();
    for (size_t i = 1; i < 7; i++)
        cJSON_AddNumberToObject(root, article_state_name((enum article_state)i), (double)counts[i]);
    store_each_waiting(program->store, add_waiting, cJSON_AddArrayToObject(root, "waits_for"));
    add_articles(root, program->store, counts, limit);
    add_runs(root, program);
    status_each_source(program, add_source, cJSON_AddArrayToObject(root, "sources"));
    status_each_outage(program, OUTAGE_SERVICE, add_service, cJSON_AddArrayToObject(root, "services"));
    closings_each(program->store, add_closing, cJSON_AddArrayToObject(root, "closed_services"));
    mail_each_waiting(program, add_mail, cJSON_AddArrayToObject(root, "mail"));
    news_each_waiting(program, add_news, cJSON_AddArrayToObject(root, "news"));
    add_spending(root, program);
    return root;
}
