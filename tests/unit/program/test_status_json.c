/* The output of `dragoman status --json` and `dragoman explain --json`. */
#include "unit/program/workspace.h"

#include "pipeline/store/budget.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_events.h"
#include "pipeline/store/store_sources.h"
#include "program/status_json.h"
#include "stages/translate/closings.h"

static const char id[] = "0123456789abcdef0123456789abcdef";

static void assert_article(const struct article_row *row, const char *printed) {
    cJSON *item = status_article_json(row);
    assert_json(item, "", printed);
    cJSON_Delete(item);
}

static struct article_row row_of(enum article_state article_state) {
    struct article_row row = {.article_state = article_state,
                              .source = SPAN("costa"),
                              .day = SPAN("2026-01-29"),
                              .waits_on = SPAN("deepl"),
                              .waits_for = CAUSE_SERVICE};
    memcpy(row.id, id, sizeof id);
    return row;
}

#define ARTICLE(state) "{\"id\":\"0123456789abcdef0123456789abcdef\",\"state\":\"" state "\",\"source\":\"costa\","

static void an_article_has_what_its_state_needs(void **state) {
    (void)state;
    struct article_row waiting = row_of(ARTICLE_STATE_WAITING), copy = row_of(ARTICLE_STATE_DUPLICATE);
    struct article_row failed = row_of(ARTICLE_STATE_DEAD), done = row_of(ARTICLE_STATE_DONE);
    waiting.note = SPAN("down");
    waiting.address = SPAN("https://a.example/1");
    waiting.since = SPAN("2026-01-28T06:10:00Z");
    assert_article(&waiting, ARTICLE("waiting") "\"address\":\"https://a.example/1\",\"for\":\"service\",\"on\":"
                                                "\"deepl\",\"since\":\"2026-01-28T06:10:00Z\",\"reason\":\"down\"}");
    copy.note = SPAN("fedcba98");
    assert_article(&copy, ARTICLE("duplicate") "\"since\":\"2026-01-29\",\"duplicate_of\":\"fedcba98\"}");
    failed.note = SPAN("no text");
    failed.kills = 2;
    assert_article(&failed, ARTICLE("failed") "\"since\":\"2026-01-29\",\"reason\":\"no text\",\"kills\":2}");
    done.note = done.path = SPAN("a.json");
    done.pruned = SPAN("2026-02-01");
    assert_article(&done, ARTICLE("done") "\"since\":\"2026-01-29\",\"record\":\"a.json\",\"pruned\":\"2026-02-01\"}");
}

static void a_finished_article_that_lacks_something_is_partial(void **state) {
    (void)state;
    struct article_row row = row_of(ARTICLE_STATE_DONE), waiting = row_of(ARTICLE_STATE_WAITING);
    row.unfinished = -1; /* not known */
    assert_article(&row, ARTICLE("done") "\"since\":\"2026-01-29\"}");
    row.unfinished = 1;
    assert_article(&row, ARTICLE("partial") "\"since\":\"2026-01-29\",\"missing\":1}");
    row.unfinished = 0;
    row.cut = true;
    assert_article(&row, ARTICLE("partial") "\"since\":\"2026-01-29\",\"cut\":true}");
    waiting.unfinished = 1;
    waiting.waits_on = SPAN("");
    assert_article(&waiting, ARTICLE("waiting") "\"for\":\"service\",\"since\":\"2026-01-29\",\"missing\":1}");
}

static void what_happened_to_an_article_is_told(void **state) {
    (void)state;
    struct article_row row = row_of(ARTICLE_STATE_FOUND);
    const struct bill_line cost = {
        .service = SPAN("deepl"), .requests = 1, .characters = 200, .cost = 1500000, .day = SPAN("2026-01-29")};
    open_workspace("source.costa.kind=page");
    assert_true(store_put(program.store, &row, NULL));
    assert_true(store_note_cost(program.store, id, &cost, NULL));
    assert_true(store_note_cost(program.store, id, &cost, NULL));
    row.article_state = ARTICLE_STATE_DUPLICATE;
    row.note = SPAN("fedcba98");
    assert_true(store_put(program.store, &row, NULL));
    cJSON *item = status_explain_json(program.store, &row);
    assert_json(item, "id", "\"0123456789abcdef0123456789abcdef\"");
    assert_json(item, "events.0.event", "\"found\"");
    assert_json(item, "events.0.until", NULL);
    assert_json(item, "events.0.times", NULL);
    assert_json(item, "events.0.cost", NULL);
    assert_json(item, "events.1.event", "\"asked\"");
    assert_json(item, "events.1.times", "2");
    assert_json(item, "events.1.service", "\"deepl\"");
    assert_json(item, "events.1.requests", "2");
    assert_json(item, "events.1.characters", "400");
    assert_json(item, "events.1.cost", "3");
    assert_int_equal(json_member_text(json_at(item, "events.1"), "at").length, 20);
    assert_int_equal(json_member_text(json_at(item, "events.1"), "until").length, 20);
    assert_json(item, "events.2.duplicate_of", "\"fedcba98\"");
    assert_json(item, "events.2.reason", NULL);
    assert_json(item, "events.3", NULL);
    cJSON_Delete(item);
    close_workspace();
}

/* ---------------------------------------------------------------- the whole */

static void put_many(size_t *next, enum article_state article_state, size_t count) {
    char text[33];
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%032zx", ++*next);
        put_article(text, article_state, "why");
    }
}

static void no_more_articles_are_listed_than_the_limit(void **state) {
    (void)state;
    size_t next = 0;
    open_workspace("source.costa.kind=page");
    put_many(&next, ARTICLE_STATE_FOUND, 3);
    put_many(&next, ARTICLE_STATE_DONE, 1);
    put_many(&next, ARTICLE_STATE_SKIPPED, 2);
    put_many(&next, ARTICLE_STATE_DUPLICATE, 1);
    put_many(&next, ARTICLE_STATE_DEAD, 4);
    put_waiting("ffffffffffffffffffffffffffffffff", CAUSE_SERVICE, "deepl", "down");
    store_put_unfinished(program.store, "00000000000000000000000000000004", 1, false, NULL);
    cJSON *root = status_json(&program, 2);
    assert_json(root, "unknown", NULL);
    assert_json(root, "found", "3");
    assert_json(root, "waiting", "1");
    assert_json(root, "done", "1");
    assert_json(root, "skipped", "2");
    assert_json(root, "duplicate", "1");
    assert_json(root, "failed", "4");
    assert_json(root, "waits_for",
                "[{\"for\":\"service\",\"on\":\"deepl\",\"since\":\"2026-01-29T06:10:00Z\","
                "\"reason\":\"down\",\"articles\":1}]");
    assert_json(root, "left_out", "{\"failed\":2}");
    assert_int_equal(cJSON_GetArraySize(json_member(root, "articles")), 7);
    cJSON_Delete(root);
    root = status_json(&program, 0);
    assert_json(root, "articles", "[]");
    assert_json(root, "left_out", "{\"waiting\":1,\"failed\":4,\"skipped\":2,\"duplicate\":1,\"partial\":1}");
    cJSON_Delete(root);
    close_workspace();
}

static void see_source(const char *name, bool failed) {
    const struct source_visit visit = {.name = span_of(name), .reason = SPAN("404"), .failed = failed};
    assert_true(store_see_source(program.store, &visit, "2026-01-29T06:10:00Z", NULL));
}

static void sources_and_services_with_problems(void **state) {
    (void)state;
    const struct closing closing = {
        .service = SPAN("useless"), .language = SPAN("uk"), .reason = SPAN("it repeats itself")};
    open_workspace("source.costa.kind=page;source.new.kind=page");
    see_source("costa", true);
    see_source("removed", true);
    store_begin_outage(program.store, OUTAGE_SERVICE, SPAN("bad"), SPAN("down"), "2026-01-28T10:00:00Z", NULL);
    store_begin_outage(program.store, OUTAGE_SOURCE, SPAN("costa"), SPAN("404"), "2026-01-28T11:00:00Z", NULL);
    store_begin_outage(program.store, OUTAGE_SERVICE, SPAN("well"), SPAN("down"), "2026-01-28T10:00:00Z", NULL);
    store_end_outage(program.store, OUTAGE_SERVICE, SPAN("well"), "2026-01-28T11:00:00Z", NULL);
    closings_put(program.store, &closing, NULL);
    cJSON *root = status_json(&program, 2);
    assert_json(root, "sources.0.name", "\"costa\"");
    assert_json(root, "sources.0.failures", "1");
    assert_json(root, "sources.1", NULL);
    assert_json(root, "services",
                "[{\"name\":\"bad\",\"failing_since\":\"2026-01-28T10:00:00Z\",\"reason\":\"down\"}]");
    assert_json(root, "closed_services.0.service", "\"useless\"");
    assert_json(root, "closed_services.0.language", "\"uk\"");
    assert_json(root, "closed_services.0.reason", "\"it repeats itself\"");
    assert_int_equal(json_member_text(json_at(root, "closed_services.0"), "since").length, 20);
    assert_json(root, "closed_services.1", NULL);
    assert_json(root, "mail", "[]");
    assert_json(root, "news", "[]");
    cJSON_Delete(root);
    close_workspace();
}

static void assert_has_item(const cJSON *array, const char *printed) {
    const cJSON *item;
    bool found = false;
    cJSON_ArrayForEach(item, array) {
        char *given = cJSON_PrintUnformatted(item);
        found = found || strcmp(given, printed) == 0;
        free(given);
    }
    if (!found) fail_msg("there is no %s", printed);
}

/* The cap for one run is not there, because that run is over. */
static void what_was_spent_and_may_be_spent(void **state) {
    (void)state;
    const struct bill_line line = {.day = SPAN("2026-01-29"),
                                   .service = SPAN("paid"),
                                   .source = SPAN("costa"),
                                   .requests = 3,
                                   .characters = 50,
                                   .cost = 2500000};
    open_workspace("source.costa.kind=page;source.costa.characters_per_month=70;budget.currency=EUR;budget.cost_per_run"
                   "=1;budget.characters_per_day=200;service.paid.kind=deepl;service.paid.cost_per_day=10");
    assert_true(store_bill(program.store, &line, NULL));
    assert_true(store_reserve(program.store, &line, 2, NULL));
    budget_free(program.budget);
    program.budget = program_budget(&program, program.store, false, NULL);
    cJSON *root = status_json(&program, 2);
    assert_json(root, "requests", "3");
    assert_json(root, "characters", "50");
    assert_json(root, "cost", "2.5");
    assert_json(root, "spent.currency", "\"EUR\"");
    assert_json(root, "spent.services.0.service", "\"paid\"");
    assert_json(root, "spent.services.0.day.cost", "2.5");
    assert_json(root, "reserved", "{\"requests\":6,\"characters\":100,\"cost\":5}");
    const cJSON *caps = json_member(root, "caps");
    assert_int_equal(cJSON_GetArraySize(caps), 3);
    assert_has_item(caps, "{\"of\":\"budget\",\"cap\":\"characters_per_day\",\"max\":200,\"spent\":50}");
    assert_has_item(caps, "{\"of\":\"service\",\"name\":\"paid\",\"cap\":\"cost_per_day\",\"max\":10,\"spent\":2.5}");
    assert_has_item(caps,
                    "{\"of\":\"source\",\"name\":\"costa\",\"cap\":\"characters_per_month\",\"max\":70,\"spent\":50}");
    cJSON_Delete(root);
    close_workspace();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_article_has_what_its_state_needs),
                                       cmocka_unit_test(a_finished_article_that_lacks_something_is_partial),
                                       cmocka_unit_test(what_happened_to_an_article_is_told),
                                       cmocka_unit_test(no_more_articles_are_listed_than_the_limit),
                                       cmocka_unit_test(sources_and_services_with_problems),
                                       cmocka_unit_test(what_was_spent_and_may_be_spent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
