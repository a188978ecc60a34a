/* What a day's pages are told besides the records. */
#include "unit/program/run_workspace.h"

#include "pipeline/article/record.h"
#include "program/day_notes.h"

#define DAY "2026-01-29"

static int set_up(void **state) {
    (void)state;
    open_run_workspace("source.costa.kind=page");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    close_run_workspace();
    return 0;
}

/* The caller frees the tree. */
static cJSON *notes(void) {
    return day_notes_json(program.store, DAY, SPAN("EUR"));
}

static void a_day_without_events_has_nothing_to_tell(void **state) {
    (void)state;
    cJSON *root = notes();
    assert_json(root, "",
                "{\"outages\":[],\"waiting\":[],\"failed\":[],\"notes\":[],\"spent\":{\"currency\":\"EUR\","
                "\"services\":[]}}");
    cJSON_Delete(root);
    root = day_notes_json(program.store, DAY, SPAN(""));
    assert_json(root, "spent", "{\"services\":[]}");
    cJSON_Delete(root);
}

static void begin(enum outage_kind kind, const char *name, const char *since) {
    assert_true(store_begin_outage(program.store, kind, span_of(name), SPAN("why"), since, NULL));
}

static void outages_of_the_day_are_listed(void **state) {
    (void)state;
    begin(OUTAGE_SOURCE, "costa", "2026-01-29T01:00:00Z");
    assert_true(store_end_outage(program.store, OUTAGE_SOURCE, SPAN("costa"), "2026-01-29T01:30:00Z", NULL));
    begin(OUTAGE_SERVICE, "deepl", "2026-01-29T02:00:00Z");
    begin(OUTAGE_MONEY, "cap", "2026-01-29T03:00:00Z");
    begin(OUTAGE_SERVICE, "later", "2026-01-31T03:00:00Z");
    assert_true(store_notice_silence(program.store, SPAN("mina"), SPAN("2026-01-29T04:00:00Z"), SPAN("why"),
                                     "2026-01-29T05:00:00Z", NULL));
    cJSON *root = notes();
    assert_json(root, "outages",
                "[{\"kind\":\"source\",\"name\":\"costa\",\"since\":\"2026-01-29T01:00:00Z\",\"until\":"
                "\"2026-01-29T01:30:00Z\",\"reason\":\"why\"},"
                "{\"kind\":\"service\",\"name\":\"deepl\",\"since\":\"2026-01-29T02:00:00Z\",\"reason\":\"why\"},"
                "{\"kind\":\"money\",\"name\":\"cap\",\"since\":\"2026-01-29T03:00:00Z\",\"reason\":\"why\"},"
                "{\"kind\":\"silence\",\"name\":\"mina\",\"since\":\"2026-01-29T04:00:00Z\",\"reason\":\"why\"}]");
    cJSON_Delete(root);
}

static void notes_of_the_day_are_listed(void **state) {
    (void)state;
    assert_true(store_note(program.store, DAY, SPAN("costa"), SPAN("item 3 has no text"), NULL));
    assert_true(store_note(program.store, DAY, SPAN(""), SPAN("something"), NULL));
    assert_true(store_note(program.store, "2026-01-28", SPAN("costa"), SPAN("another day"), NULL));
    cJSON *root = notes();
    assert_json(root, "notes", "[{\"what\":\"something\"},{\"where\":\"costa\",\"what\":\"item 3 has no text\"}]");
    cJSON_Delete(root);
}

/* ---------------------------------------------------------------- articles that are missing */

static void (*change)(struct article *article);

/* An article that waits or has failed, with what is known of it so far. */
static void put_missing(const char *id, bool fails) {
    struct failure failure;
    struct article *article = new_article(id, "costa", "1");
    if (change) change(article);
    failure_set(&failure, fails ? REACH_ARTICLE : REACH_SERVICE, fails ? REMEDY_NONE : REMEDY_NEXT_RUN, "it is so");
    failure_blame(&failure, fails ? CAUSE_ARTICLE : CAUSE_NETWORK, SPAN("costa.example"));
    if (!fails) {
        run_wait(&run, article, &failure);
        article_free(article);
        return;
    }
    struct buffer record = BUFFER(1 << 20);
    struct article_row row = {.article_state = ARTICLE_STATE_DEAD,
                              .source = SPAN("costa"),
                              .address = SPAN("https://costa.example/1"),
                              .note = SPAN("it is so"),
                              .since = SPAN("2026-01-29T06:10:00Z"),
                              .day = SPAN(DAY)};
    memcpy(row.id, id, sizeof row.id);
    assert_true(record_write(article, RECORD_WORKING, &record));
    row.record = buffer_span(&record);
    assert_true(store_put(program.store, &row, NULL));
    buffer_free(&record);
    article_free(article);
}

static void have_title(struct article *article) {
    article->title.source = SPAN("Dos");
    article->title.target = SPAN("Two");
    article->title.status = SEGMENT_OK;
    memcpy(article->language.code, "es", 3);
}

static void missing_articles_are_listed_by_what_becomes_of_them(void **state) {
    (void)state;
    change = have_title;
    put_missing("1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false);
    put_missing("2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true);
    cJSON *root = notes();
    cJSON *waiting = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "waiting"), 0);
    assert_int_equal(json_member_text(waiting, "since").length, 20);
    cJSON_DeleteItemFromObject(waiting, "since");
    assert_json(root, "waiting",
                "[{\"id\":\"1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"title\":\"Dos\",\"language\":\"es\","
                "\"title_english\":\"Two\",\"source\":\"costa\",\"address\":\"https://costa.example/1\","
                "\"for\":\"network\",\"on\":\"costa.example\",\"reason\":\"it is so\"}]");
    assert_json(root, "failed",
                "[{\"id\":\"2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"title\":\"Dos\",\"language\":\"es\","
                "\"title_english\":\"Two\",\"source\":\"costa\",\"address\":\"https://costa.example/1\","
                "\"since\":\"2026-01-29T06:10:00Z\",\"reason\":\"it is so\"}]");
    assert_json(root, "more_missing", NULL);
    cJSON_Delete(root);
}

static void assert_title(void (*changes)(struct article *), const char *title, const char *english, const char *dir) {
    change = changes;
    put_missing("2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true);
    cJSON *root = notes();
    assert_json(root, "failed.0.title", title);
    assert_json(root, "failed.0.title_english", english);
    assert_json(root, "failed.0.dir", dir);
    cJSON_Delete(root);
}

static void reject_title(struct article *article) {
    have_title(article);
    article->title.status = SEGMENT_FAILED;
}

static void have_new_title(struct article *article) {
    have_title(article);
    article->title.status = SEGMENT_NEW;
}

static void have_title_of_feed(struct article *article) {
    article->feed.title = SPAN("Tres");
}

static void have_arabic_title(struct article *article) {
    have_title(article);
    article->title.source = SPAN("\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7");
    article->title.status = SEGMENT_SUSPECT;
}

static void a_rejected_headline_is_not_shown(void **state) {
    (void)state;
    assert_title(reject_title, "\"Dos\"", NULL, NULL);
    assert_title(have_new_title, "\"Dos\"", NULL, NULL);
    assert_title(have_title_of_feed, "\"Tres\"", NULL, NULL);
    assert_title(have_arabic_title, "\"\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7\"", "\"Two\"", "\"rtl\"");
    assert_title(NULL, NULL, NULL, NULL);
}

static void at_most_200_are_listed(void **state) {
    (void)state;
    char id[33];
    for (unsigned i = 0; i < 200; i++) {
        snprintf(id, sizeof id, "%032x", i);
        put_article(id, ARTICLE_STATE_DEAD, "no text");
    }
    cJSON *root = notes();
    assert_int_equal(cJSON_GetArraySize(json_member(root, "failed")), 200);
    assert_json(root, "more_missing", NULL);
    cJSON_Delete(root);
    put_article("ffffffffffffffffffffffffffffffff", ARTICLE_STATE_DEAD, "no text");
    put_waiting("fffffffffffffffffffffffffffffff0", CAUSE_SERVICE, "deepl", "down");
    root = notes();
    assert_int_equal(cJSON_GetArraySize(json_member(root, "failed")), 199);
    assert_int_equal(cJSON_GetArraySize(json_member(root, "waiting")), 1);
    assert_json(root, "more_missing", "2");
    cJSON_Delete(root);
}

/* ---------------------------------------------------------------- money */

static void bill(const char *day, const char *service, const char *source, unsigned long tokens) {
    const struct bill_line line = {.day = span_of(day),
                                   .service = span_of(service),
                                   .source = span_of(source),
                                   .requests = 1,
                                   .characters = 20,
                                   .input_tokens = tokens,
                                   .output_tokens = 2 * tokens,
                                   .cost = 500000};
    assert_true(store_bill(program.store, &line, NULL));
}

static void what_the_day_cost_is_summed_by_service(void **state) {
    (void)state;
    bill(DAY, "deepl", "costa", 0);
    bill(DAY, "deepl", "mina", 0);
    bill(DAY, "openai", "costa", 5);
    bill("2026-01-28", "deepl", "costa", 0);
    cJSON *root = notes();
    assert_json(root, "spent",
                "{\"currency\":\"EUR\",\"services\":[{\"service\":\"deepl\",\"day\":{\"requests\":2,\"characters\":40,"
                "\"cost\":1}},{\"service\":\"openai\",\"day\":{\"requests\":1,\"characters\":20,\"input_tokens\":5,"
                "\"output_tokens\":10,\"cost\":0.5}}]}");
    cJSON_Delete(root);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(a_day_without_events_has_nothing_to_tell),
                                       TEST(outages_of_the_day_are_listed),
                                       TEST(notes_of_the_day_are_listed),
                                       TEST(missing_articles_are_listed_by_what_becomes_of_them),
                                       TEST(a_rejected_headline_is_not_shown),
                                       TEST(at_most_200_are_listed),
                                       TEST(what_the_day_cost_is_summed_by_service)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
