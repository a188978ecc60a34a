#include "pipeline/store/store_stories.h"

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"

/* `born` numbers the stories of a day, the oldest first. */
const char store_stories_schema[] =
    "CREATE TABLE story (day TEXT, id BLOB, born INTEGER NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (day, id)) "
    "WITHOUT ROWID;"
    "CREATE TABLE story_member (day TEXT, article BLOB, story BLOB NOT NULL, PRIMARY KEY (day, article)) WITHOUT ROWID;"
    "CREATE TABLE story_forward (day TEXT, old BLOB, story BLOB NOT NULL, PRIMARY KEY (day, old)) WITHOUT ROWID;";

/* ---------------------------------------------------------------- reading */

static struct statement *of_day(struct store *store, enum statement_name name, const char *day) {
    struct statement *statement = store_statement(store, name);
    statement_bind_text(statement, 1, span_of(day));
    return statement;
}

static void find_stories(struct store *store, const char *day, struct arena *arena, struct kept_stories *found) {
    struct statement *statement = of_day(store, SQL_STORIES, day);
    for (size_t capacity = 0; store_step(store, statement) == STATEMENT_ROW; found->count++) {
        found->stories = arena_grow(arena, found->stories, found->count, &capacity, sizeof *found->stories);
        store_column_id(statement, 0, found->stories[found->count].id);
        found->stories[found->count].signature = store_column(statement, 1, arena);
    }
    statement_reset(statement);
}

static void find_members(struct store *store, const char *day, struct arena *arena, struct kept_stories *found) {
    struct statement *statement = of_day(store, SQL_STORY_MEMBERS, day);
    for (size_t capacity = 0; store_step(store, statement) == STATEMENT_ROW; found->member_count++) {
        found->members = arena_grow(arena, found->members, found->member_count, &capacity, sizeof *found->members);
        store_column_id(statement, 0, found->members[found->member_count].article);
        store_column_id(statement, 1, found->members[found->member_count].story);
    }
    statement_reset(statement);
}

static void find_forwards(struct store *store, const char *day, struct arena *arena, struct kept_stories *found) {
    struct statement *statement = of_day(store, SQL_STORY_FORWARDS, day);
    for (size_t capacity = 0; store_step(store, statement) == STATEMENT_ROW; found->forward_count++) {
        found->forwards = arena_grow(arena, found->forwards, found->forward_count, &capacity, sizeof *found->forwards);
        store_column_id(statement, 0, found->forwards[found->forward_count].from);
        store_column_id(statement, 1, found->forwards[found->forward_count].to);
    }
    statement_reset(statement);
}

struct kept_stories store_find_stories(struct store *store, const char *day, struct arena *arena) {
    struct kept_stories found = {0};
    find_stories(store, day, arena, &found);
    find_members(store, day, arena, &found);
    find_forwards(store, day, arena, &found);
    return found;
}

bool store_earlier_story_day(struct store *store, const char *day, char ret_day[11]) {
    char first[11];
    struct statement *statement = of_day(store, SQL_EARLIER_STORY_DAY, day);
    clock_day_before(day, STORY_DAYS, first);
    statement_bind_text(statement, 2, span_of(first));
    bool found = store_step(store, statement) == STATEMENT_ROW && !statement_is_null(statement, 0);
    if (found) store_column_string(statement, 0, ret_day, 11);
    statement_reset(statement);
    return found;
}

/* ---------------------------------------------------------------- writing */

static bool keep_story(struct store *store, const char *day, const struct kept_story *story, size_t born,
                       struct failure *ret_failure) {
    struct statement *statement = of_day(store, SQL_KEEP_STORY, day);
    store_bind_id(statement, 2, story->id);
    statement_bind_bytes(statement, 3, story->signature);
    statement_bind_integer(statement, 4, (int64_t)born);
    return store_run(store, statement, ret_failure);
}

/* Keeps a pair of ids: an article and its story, or an old story and the one that it became part of. */
static bool keep_pair(struct store *store, enum statement_name name, const char *day, const char *one,
                      const char *other, struct failure *ret_failure) {
    struct statement *statement = of_day(store, name, day);
    store_bind_id(statement, 2, one);
    store_bind_id(statement, 3, other);
    return store_run(store, statement, ret_failure);
}

static bool forget_day(struct store *store, const char *day, struct failure *ret_failure) {
    static const enum statement_name names[] = {SQL_FORGET_STORIES, SQL_FORGET_STORY_MEMBERS,
                                                SQL_FORGET_STORY_FORWARDS};
    bool done = store_change(store, ret_failure);
    for (size_t i = 0; i < sizeof names / sizeof *names && done; i++)
        done = store_run(store, of_day(store, names[i], day), ret_failure);
    return done;
}

bool store_keep_stories(struct store *store, const char *day, const struct kept_stories *stories,
                        struct failure *ret_failure) {
    bool done = forget_day(store, day, ret_failure);
    for (size_t i = 0; i < stories->count && done; i++)
        done = keep_story(store, day, &stories->stories[i], i, ret_failure);
    for (size_t i = 0; i < stories->member_count && done; i++)
        done = keep_pair(store, SQL_KEEP_STORY_MEMBER, day, stories->members[i].article, stories->members[i].story,
                         ret_failure);
    for (size_t i = 0; i < stories->forward_count && done; i++)
        done = keep_pair(store, SQL_KEEP_STORY_FORWARD, day, stories->forwards[i].from, stories->forwards[i].to,
                         ret_failure);
    return done;
}
