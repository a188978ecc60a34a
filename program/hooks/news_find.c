/* What is news: for each watch, a story that it has not been told of; and a story that has grown fast to a size that
 * has not been told of. A story that continues one of an earlier day, or has absorbed another, is the same story. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/store.h"
#include "program/hooks/news_internal.h"

/* NEWS_DAYS: how far back a run looks for what a killed one has left. KEPT_DAYS: how long a story is remembered after
 * it was last in a digest. */
enum { NEWS_DAYS = 3, KEPT_DAYS = 30, DIGEST_LIMIT = 256 << 20, HEAD_BYTES = 4096, MAX_LEVEL = 20 };

struct news_search {
    struct program *program;
    const struct hooks_settings *settings;
    struct arena *arena;
    char now[21];
    news_found *found;
    void *context;
};

/* ---------------------------------------------------------------- growth */

/* The time that counts is that of publication, or of collection if only a date is known. */
static bool is_recent(const cJSON *article, int64_t since) {
    struct span when = json_member_text(article, "when"), collected = json_member_text(article, "collected");
    enum { DAY_LENGTH = 10 };
    bool exact = when.length > DAY_LENGTH;
    bool earlier_day = when.length == DAY_LENGTH && span_compare(when, span_cut(collected, 0, DAY_LENGTH)) < 0;
    return !earlier_day && clock_seconds(exact ? when.at : collected.at ? collected.at : "") >= since;
}

static int level_of(size_t count, long long step) {
    int level = 0;
    for (unsigned long long size = (unsigned long long)step; step && count >= size && level < MAX_LEVEL; size *= 2)
        level++;
    return level;
}

struct growth news_growth(const struct hooks_settings *settings, const cJSON *story,
                          const struct hash_table *articles) {
    const cJSON *id;
    struct growth growth = {0};
    struct arena *arena = arena_new();
    struct hash_table outlets = HASH_TABLE(arena);
    int64_t since = (int64_t)time(NULL) - settings->growth_within / 1000;
    cJSON_ArrayForEach(id, json_member(story, "articles")) {
        const cJSON *article = hash_table_find(articles, json_text(id));
        if (!article || json_member(article, "copy_of") || !is_recent(article, since)) continue;
        struct span publisher = json_member_text(article, "publisher");
        growth.articles++;
        growth.outlets += !hash_table_find(&outlets, publisher);
        hash_table_set(&outlets, publisher, &growth);
    }
    int by_outlets = level_of(growth.outlets, settings->growth_outlets);
    int by_articles = level_of(growth.articles, settings->growth_articles);
    growth.level = by_outlets > by_articles ? by_outlets : by_articles;
    arena_free(arena);
    return growth;
}

/* ---------------------------------------------------------------- the same story */

static bool is_known_as(const struct news_search *search, struct span id, struct span *ret_root) {
    struct span at;
    return id.length && store_told(search->program->store, arena_print(search->arena, "news story %.*s", SPAN_ARGS(id)),
                                   search->arena, ret_root, &at);
}

/* Returns the id under which the story was first told, or would be. */
static struct span root_of(const struct news_search *search, const cJSON *story) {
    struct span root, id = json_member_text(story, "id");
    struct span earlier = json_member_text(json_member(story, "earlier"), "id");
    const cJSON *former;
    if (is_known_as(search, id, &root) || is_known_as(search, earlier, &root)) return root;
    cJSON_ArrayForEach(former,
                       json_member(story, "former_ids")) if (is_known_as(search, json_text(former), &root)) return root;
    return earlier.length ? earlier : id;
}

static bool tell(const struct news_search *search, struct span key, struct span value, struct failure *ret_failure) {
    return store_tell(search->program->store, key, value, span_of(search->now), ret_failure);
}

/* Its former ids lead to it too, because one of them may come back when a story is divided again. */
static bool keep_root(const struct news_search *search, const cJSON *story, struct span root,
                      struct failure *ret_failure) {
    struct span id = json_member_text(story, "id");
    const cJSON *former = NULL, *list = json_member(story, "former_ids");
    bool done = tell(search, arena_print(search->arena, "news story %.*s", SPAN_ARGS(id)), root, ret_failure);
    cJSON_ArrayForEach(former, list) {
        struct span other, name = json_text(former);
        if (!done || is_known_as(search, name, &other)) continue;
        done = tell(search, arena_print(search->arena, "news story %.*s", SPAN_ARGS(name)), root, ret_failure);
    }
    return done;
}

/* ---------------------------------------------------------------- what is new of a story */

static void make_id(const struct news_search *search, const char *what, struct span more, struct span root,
                    char ret_id[NEWS_ID]) {
    char hash[65];
    sha256_hex(arena_print(search->arena, "%s\n%.*s\n%.*s", what, SPAN_ARGS(more), SPAN_ARGS(root)), hash);
    snprintf(ret_id, NEWS_ID, "%.32s", hash);
}

static bool find_watch(const struct news_search *search, const struct news_day *day, const cJSON *story,
                       struct span root, struct span watch, struct failure *ret_failure) {
    struct news news = {.day = day->day, .watch = watch, .story = story, .articles = &day->articles};
    struct span value, at;
    make_id(search, "watch", watch, root, news.id);
    struct span key = arena_print(search->arena, "news told %s", news.id);
    bool known = store_told(search->program->store, key, search->arena, &value, &at);
    return (known || search->found(search->context, &news, ret_failure)) && tell(search, key, SPAN(""), ret_failure);
}

static int known_level(const struct news_search *search, struct span key) {
    struct span value, at;
    long long level = 0;
    bool known = store_told(search->program->store, key, search->arena, &value, &at) && span_number(value, &level);
    return known && level > 0 && level <= MAX_LEVEL ? (int)level : 0;
}

static bool find_growth(const struct news_search *search, const struct news_day *day, const cJSON *story,
                        const struct growth *growth, struct span root, struct failure *ret_failure) {
    struct news news = {.day = day->day, .growth = growth, .story = story, .articles = &day->articles};
    struct span key = arena_print(search->arena, "news grown %.*s", SPAN_ARGS(root));
    int before = known_level(search, key), level = growth->level > before ? growth->level : before;
    struct span number = arena_print(search->arena, "%d", level);
    if (!level) return true;
    make_id(search, "growth", number, root, news.id);
    return (level == before || search->found(search->context, &news, ret_failure)) &&
           tell(search, key, number, ret_failure);
}

static bool find_in_story(const struct news_search *search, const struct news_day *day, const cJSON *story,
                          struct failure *ret_failure) {
    const cJSON *watch;
    bool done = true;
    struct growth growth = news_growth(search->settings, story, &day->articles);
    struct span root = root_of(search, story);
    cJSON_ArrayForEach(watch, json_member(story, "watches")) done =
        done && find_watch(search, day, story, root, json_text(watch), ret_failure);
    done = done && find_growth(search, day, story, &growth, root, ret_failure);
    bool told = json_member(story, "watches") || growth.level;
    return done && (!told || keep_root(search, story, root, ret_failure));
}

/* ---------------------------------------------------------------- the days */

static bool find_in_digest(const struct news_search *search, struct news_day *day, struct failure *ret_failure) {
    const cJSON *item;
    bool done = true;
    cJSON_ArrayForEach(item, json_member(day->digest, "articles")) {
        union {
            const cJSON *given;
            void *kept; /* the table only keeps it */
        } article = {.given = item};
        hash_table_set(&day->articles, json_member_text(item, "id"), article.kept);
    }
    cJSON_ArrayForEach(item, json_member(day->digest, "stories")) done =
        done && find_in_story(search, day, item, ret_failure);
    return done;
}

static bool read_digest(const struct news_search *search, const char *day, const char *path,
                        struct failure *ret_failure) {
    struct buffer text = BUFFER(DIGEST_LIMIT);
    bool read = file_read(path, &text) && !text.full;
    cJSON *digest = read ? json_parse(buffer_span(&text), DIGEST_LIMIT, "digest.json", ret_failure) : NULL;
    struct news_day found = {.day = day, .digest = digest, .articles = HASH_TABLE(search->arena)};
    bool done = digest ? find_in_digest(search, &found, ret_failure)
                       : read || failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "cannot read %s", path);
    cJSON_Delete(digest);
    buffer_free(&text);
    return done && digest;
}

/* The version stands near the beginning, and changes with everything that could be news. */
static struct span version_of(const struct news_search *search, const char *path) {
    char head[HEAD_BYTES];
    size_t length = file_read_head(path, head, sizeof head);
    struct span text = {head, length == SIZE_MAX ? 0 : length};
    size_t at = span_find(text, SPAN("\"version\":\""));
    if (at == SIZE_MAX) return SPAN("");
    struct span rest = span_cut(text, at + sizeof "\"version\":\"" - 1, text.length);
    return arena_copy(search->arena, span_cut(rest, 0, span_find(rest, SPAN("\""))));
}

static bool find_in_day(const struct news_search *search, const char *day, struct failure *ret_failure) {
    struct span seen = SPAN(""), at, key = arena_print(search->arena, "news of %s", day);
    const char *path = arena_print(search->arena, "%s/%s/digest.json", search->program->output_folder, day).at;
    struct span version = version_of(search, path);
    store_told(search->program->store, key, search->arena, &seen, &at);
    if (!version.length || span_equal(version, seen)) return true;
    return read_digest(search, day, path, ret_failure) && tell(search, key, version, ret_failure);
}

/* The first day on which somebody wants news; what was there before is none. */
static bool find_first(const struct news_search *search, struct span *ret_first, struct failure *ret_failure) {
    struct span at;
    const struct program *program = search->program;
    if (store_told(program->store, SPAN("news since"), search->arena, ret_first, &at)) return true;
    *ret_first = span_of(program->day);
    return tell(search, SPAN("news since"), *ret_first, ret_failure);
}

static bool forget(const struct news_search *search, struct failure *ret_failure) {
    static const char *const prefixes[] = {"news of ", "news told ", "news grown ", "news story "};
    char before[21];
    bool done = true;
    clock_iso_ago((int64_t)KEPT_DAYS * 86400, before);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && done; i++)
        done = store_untell_old(search->program->store, span_of(prefixes[i]), span_of(before), ret_failure);
    return done;
}

static bool find_in_days(const struct news_search *search, struct failure *ret_failure) {
    struct span first;
    bool done = find_first(search, &first, ret_failure);
    for (int i = NEWS_DAYS - 1; i >= 0 && done; i--) {
        char day[11];
        clock_day_before(search->program->day, i, day);
        if (span_compare(span_of(day), first) >= 0) done = find_in_day(search, day, ret_failure);
    }
    return done && forget(search, ret_failure);
}

bool news_find(struct program *program, news_found *found, void *context, struct failure *ret_failure) {
    struct news_search search = {.program = program,
                                 .settings = config_values(program->config, hooks_table),
                                 .arena = arena_new(),
                                 .found = found,
                                 .context = context};
    clock_iso_now(search.now);
    bool done = find_in_days(&search, ret_failure);
    arena_free(search.arena);
    return done;
}
