/* What is news in the digests of the last days, and how often it is told. */
#include "unit/program/workspace.h"

#include <time.h>

#include "pipeline/base/clock.h"
#include "program/hooks/news_internal.h"
#include "program/hooks/settings.h"

static struct {
    size_t count, growths;
    char day[11], watch[40], story[40], id[NEWS_ID], body[1 << 14];
    struct growth growth;
} told;

static bool note(void *context, const struct news *news, struct failure *ret_failure) {
    struct buffer body = BUFFER(sizeof told.body);
    (void)context, (void)ret_failure;
    told.count++;
    told.growths += news->growth != NULL;
    if (news->growth) told.growth = *news->growth;
    snprintf(told.day, sizeof told.day, "%s", news->day);
    snprintf(told.id, sizeof told.id, "%s", news->id);
    snprintf(told.watch, sizeof told.watch, "%.*s", SPAN_ARGS(news->watch));
    snprintf(told.story, sizeof told.story, "%.*s", SPAN_ARGS(json_member_text(news->story, "id")));
    assert_true(news_write(&program, news, &body));
    snprintf(told.body, sizeof told.body, "%.*s", SPAN_ARGS(buffer_span(&body)));
    buffer_free(&body);
    return true;
}

/* Looks for news, and returns how many pieces there are. */
static size_t find(void) {
    struct failure failure = {0};
    size_t before = told.count;
    if (!news_find(&program, note, NULL, &failure)) fail_msg("%s", failure.sentence);
    return told.count - before;
}

static void open_all(const char *settings) {
    memset(&told, 0, sizeof told);
    open_workspace(settings);
    assert_int_equal(find(), 0); /* from now on, somebody wants news */
}

static int version;

/* Writes a day's digest: `stories` are those of the JSON, `articles` too. */
static void write_digest(const char *day, const char *stories, const char *articles) {
    char name[80];
    struct buffer text = BUFFER(1 << 16);
    snprintf(name, sizeof name, "%s/%s", workspace, day);
    mkdir(name, 0777);
    snprintf(name, sizeof name, "%s/digest.json", day);
    buffer_print(&text, "{\"version\":\"%d\",\"stories\":[%s],\"articles\":[%s]}", ++version, stories, articles);
    write_output(name, text.at);
    buffer_free(&text);
}

static void a_story_on_a_watch_list_is_told_once(void **state) {
    (void)state;
    open_all("digest.url=https://n.example/d/");
    write_digest("2026-01-29",
                 "{\"id\":\"s1\",\"title\":\"Two\",\"page\":\"2026-01-29/stories/s1.html\",\"watches\":[\"ports\"],"
                 "\"articles\":[\"a1\",\"gone\"]},{\"id\":\"s2\",\"articles\":[]}",
                 "{\"id\":\"a1\",\"publisher\":\"Costa\",\"title\":\"Two\"}");
    assert_int_equal(find(), 1);
    assert_string_equal(told.day, "2026-01-29");
    assert_string_equal(told.watch, "ports");
    assert_string_equal(told.story, "s1");
    assert_int_equal(strlen(told.id), 32);
    assert_int_equal(told.growths, 0);
    cJSON *body = json_parse(span_of(told.body), 1 << 16, "news", NULL);
    assert_json(body, "format", "\"dragoman-news/1\"");
    assert_json(body, "day", "\"2026-01-29\"");
    assert_json(body, "what", "\"watch\"");
    assert_json(body, "watch", "\"ports\"");
    assert_json(body, "growth", NULL);
    assert_json(body, "story.title", "\"Two\"");
    assert_json(body, "story.page_url", "\"https://n.example/d/2026-01-29/stories/s1.html\"");
    assert_json(body, "articles", "[{\"id\":\"a1\",\"title\":\"Two\",\"publisher\":\"Costa\"}]");
    assert_json(body, "count", "1");
    assert_json(body, "articles_left_out", "0");
    cJSON_Delete(body);
    assert_int_equal(find(), 0); /* the digest is the same */
    write_digest("2026-01-29", "{\"id\":\"s1\",\"watches\":[\"ports\",\"towns\"],\"articles\":[]}", "");
    assert_int_equal(find(), 1); /* of another watch */
    assert_string_equal(told.watch, "towns");
    close_workspace();
}

static void a_story_is_the_same_under_its_other_ids(void **state) {
    (void)state;
    open_all("");
    write_digest("2026-01-29", "{\"id\":\"s1\",\"watches\":[\"ports\"],\"articles\":[]}", "");
    assert_int_equal(find(), 1);
    write_digest("2026-01-29", "{\"id\":\"s2\",\"former_ids\":[\"s1\"],\"watches\":[\"ports\"],\"articles\":[]}", "");
    assert_int_equal(find(), 0); /* it is part of another one now */
    memcpy(program.day, "2026-01-30", 11);
    write_digest("2026-01-30", "{\"id\":\"s9\",\"earlier\":{\"id\":\"s2\"},\"watches\":[\"ports\"],\"articles\":[]}",
                 "");
    assert_int_equal(find(), 0); /* it goes on the next day */
    write_digest("2026-01-30", "{\"id\":\"s8\",\"watches\":[\"ports\"],\"articles\":[]}", "");
    assert_int_equal(find(), 1);
    close_workspace();
}

static void three_days_are_looked_at_but_none_before_the_first(void **state) {
    (void)state;
    static const char *const days[] = {"2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"};
    char story[100];
    open_all("");
    memcpy(program.day, "2026-01-29", 11);
    for (size_t i = 0; i < 2; i++) {
        snprintf(story, sizeof story, "{\"id\":\"%s\",\"watches\":[\"ports\"],\"articles\":[]}", days[i]);
        write_digest(days[i], story, "");
    }
    assert_int_equal(find(), 1); /* what was there before is none */
    assert_string_equal(told.story, "2026-01-29");
    memcpy(program.day, "2026-02-01", 11);
    for (size_t i = 1; i < 5; i++) {
        snprintf(story, sizeof story, "{\"id\":\"new %s\",\"watches\":[\"ports\"],\"articles\":[]}", days[i]);
        write_digest(days[i], story, "");
    }
    assert_int_equal(find(), 3);
    assert_string_equal(told.story, "new 2026-02-01");
    close_workspace();
}

static void a_damaged_digest_is_a_failure(void **state) {
    (void)state;
    struct failure failure = {0};
    open_all("");
    make_output_folder("2026-01-29");
    write_output("2026-01-29/digest.json", "{\"version\":\"7\",");
    assert_false(news_find(&program, note, NULL, &failure));
    assert_true(failure.sentence[0] != '\0');
    close_workspace();
}

/* ---------------------------------------------------------------- growth */

/* Appends an article of this publisher that was published so many seconds ago. */
static void add_article(struct buffer *ids, struct buffer *articles, const char *publisher, int64_t ago,
                        const char *more) {
    char when[21];
    static int number;
    clock_iso_ago(ago, when);
    buffer_print(ids, "%s\"g%d\"", ids->length ? "," : "", ++number);
    buffer_print(articles, "%s{\"id\":\"g%d\",\"publisher\":\"%s\",\"when\":\"%s\"%s}", articles->length ? "," : "",
                 number, publisher, when, more);
}

/* Asserts how a story with these articles grows, which are separated by commas: a publisher each, and what else is to
 * be known of the article behind it (":old", ":copy"). */
static void assert_growth(const char *publishers, size_t outlets, size_t articles, int level) {
    struct buffer ids = BUFFER(4096), list = BUFFER(1 << 14), story = BUFFER(1 << 14);
    struct span rest = span_of(publishers), one;
    char name[40];
    while (span_next(&rest, ',', &one)) {
        size_t colon = span_find(one, SPAN(":"));
        struct span more = colon == SIZE_MAX ? SPAN("") : span_cut(one, colon, one.length);
        snprintf(name, sizeof name, "%.*s", SPAN_ARGS(span_cut(one, 0, colon)));
        add_article(&ids, &list, name, span_is(more, ":old") ? 7200 + 60 : 7200 - 60,
                    span_is(more, ":copy") ? ",\"copy_of\":\"x\"" : "");
    }
    buffer_print(&story, "{\"id\":\"%s\",\"articles\":[%s]}", publishers, ids.length ? ids.at : "");
    size_t before = told.growths;
    write_digest("2026-01-29", story.at, list.length ? list.at : "");
    find();
    assert_int_equal(told.growths - before, level > 0);
    if (level) {
        assert_int_equal(told.growth.outlets, outlets);
        assert_int_equal(told.growth.articles, articles);
        assert_int_equal(told.growth.level, level);
    }
    buffer_free(&ids);
    buffer_free(&list);
    buffer_free(&story);
}

#define GROWTH "hooks.growth_outlets=3;hooks.growth_articles=5;hooks.growth_within=2h"

static void a_story_grows_by_outlets_or_articles(void **state) {
    (void)state;
    open_all(GROWTH);
    assert_growth("", 0, 0, 0);
    assert_growth("a,b", 2, 2, 0);
    assert_growth("a,b,c", 3, 3, 1);
    assert_growth("a,a,a,a", 1, 4, 0);
    assert_growth("a,a,a,a,a", 1, 5, 1);
    assert_growth("a,b,c,d,e", 5, 5, 1);
    assert_growth("a,b,c,d,e,f", 6, 6, 2);
    assert_growth("a,b,a,b,a,b,a,b,a,b", 2, 10, 2);
    assert_growth("a,b,c:old", 2, 2, 0);
    assert_growth("a,b,c:copy", 2, 2, 0);
    assert_growth("a,b,c,d:old,e:copy", 3, 3, 1);
    close_workspace();
}

static void growth_may_be_off(void **state) {
    (void)state;
    open_all("hooks.growth_outlets=0;hooks.growth_articles=0");
    assert_growth("a,b,c,d,e,f,g,h,i,j,k", 11, 11, 0);
    close_workspace();
}

static void growth_is_told_again_at_twice_the_size(void **state) {
    (void)state;
    struct buffer ids = BUFFER(4096), list = BUFFER(1 << 14);
    size_t expected[] = {0, 0, 1, 1, 1, 2, 2}; /* pieces of news with the first, second, ... outlet */
    char name[2] = "a", id[NEWS_ID] = "";
    open_all("hooks.growth_outlets=3;hooks.growth_articles=0;hooks.growth_within=2h");
    for (size_t i = 0; i < 7; i++, name[0]++) {
        struct buffer story = BUFFER(1 << 14);
        add_article(&ids, &list, name, 60, "");
        buffer_print(&story, "{\"id\":\"s1\",\"articles\":[%s]}", ids.at);
        write_digest("2026-01-29", story.at, list.at);
        find();
        buffer_free(&story);
        assert_int_equal(told.growths, expected[i]);
        if (i == 2) memcpy(id, told.id, sizeof id);
    }
    assert_string_not_equal(told.id, id);
    cJSON *body = json_parse(span_of(told.body), 1 << 16, "news", NULL);
    assert_json(body, "what", "\"growth\"");
    assert_json(body, "growth", "{\"level\":2,\"outlets\":6,\"articles\":6,\"within_seconds\":7200}");
    assert_json(body, "story.page_url", NULL);
    cJSON_Delete(body);
    buffer_free(&ids);
    buffer_free(&list);
    close_workspace();
}

/* Returns whether an article with this date ("" = none), collected so many seconds ago, is recent. */
static bool is_recent(const char *when, int64_t ago) {
    static int number;
    char collected[21], story[100], article[200];
    size_t before = told.growths;
    clock_iso_ago(ago, collected);
    snprintf(story, sizeof story, "{\"id\":\"d%d\",\"articles\":[\"x\"]}", ++number);
    snprintf(article, sizeof article, "{\"id\":\"x\",\"publisher\":\"a\",\"when\":\"%s\",\"collected\":\"%s\"}", when,
             collected);
    write_digest("2026-01-29", story, article);
    find();
    return told.growths > before;
}

static void without_a_time_that_of_the_collection_counts(void **state) {
    (void)state;
    char now[21];
    open_all("hooks.growth_outlets=1;hooks.growth_articles=0;hooks.growth_within=2h");
    clock_iso_now(now);
    assert_true(is_recent("", 60));
    assert_false(is_recent("", 7200 + 60));
    assert_true(is_recent("2999-01-01", 60));
    assert_false(is_recent("2020-01-02", 60)); /* the day before it was collected, or earlier */
    assert_true(is_recent(now, 7200 + 60));
    assert_false(is_recent("2020-01-02T10:00:00Z", 60));
    close_workspace();
}

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_story_on_a_watch_list_is_told_once),
                                       cmocka_unit_test(a_story_is_the_same_under_its_other_ids),
                                       cmocka_unit_test(three_days_are_looked_at_but_none_before_the_first),
                                       cmocka_unit_test(a_damaged_digest_is_a_failure),
                                       cmocka_unit_test(a_story_grows_by_outlets_or_articles),
                                       cmocka_unit_test(growth_may_be_off),
                                       cmocka_unit_test(growth_is_told_again_at_twice_the_size),
                                       cmocka_unit_test(without_a_time_that_of_the_collection_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
