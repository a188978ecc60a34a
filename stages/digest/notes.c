#include "stages/digest/notes.h"

#include <string.h>

#include "pipeline/base/hash_table.h"

/* Pages list articles by their reasons, comparing each with each; those of hundreds of days would be too many. */
enum { NOTES_LIMIT = 16 << 20, LISTS = 4, MAX_ARTICLES = 500 };

static const char *const lists[LISTS] = {"outages", "waiting", "failed", "notes"};

/* Instead of notes that are too long: they must not come out as if nothing were missing. */
static const char too_long[] =
    "{\"outages\":[],\"waiting\":[],\"failed\":[],\"notes\":[{\"what\":\"More is missing from "
    "these days than can be listed; see the pages of the days\"}]}";

struct joined {
    cJSON *lists[LISTS];
    size_t articles[LISTS]; /* number of those with an id in each list */
    struct hash_table seen;
    struct arena *arena;
    const struct notes_filter *filter;
    double more, left_out; /* articles that a day's notes count but do not list, and that are not listed here */
};

/* Returns what tells an outage, an article or a note from others. */
static struct span key_of(const cJSON *item, struct arena *arena) {
    static const char *const members[] = {"id", "kind", "name", "since", "where", "what"};
    struct buffer key = BUFFER(1 << 20);
    bool article = json_member_text(item, "id").length > 0;
    for (size_t i = 0; i < (article ? 1 : sizeof members / sizeof *members); i++) {
        buffer_add_span(&key, json_member_text(item, members[i]));
        buffer_add(&key, "", 1);
    }
    struct span copy = arena_copy(arena, buffer_span(&key));
    buffer_free(&key);
    return copy;
}

static void add(struct joined *joined, size_t list, const cJSON *item) {
    bool article = json_member_text(item, "id").length > 0;
    if (article && joined->articles[list] == MAX_ARTICLES) {
        joined->left_out++;
        return;
    }
    joined->articles[list] += article;
    cJSON_AddItemToArray(joined->lists[list], cJSON_Duplicate(item, true));
}

static void take(struct joined *joined, size_t list, const cJSON *item) {
    struct span key = key_of(item, joined->arena);
    const struct notes_filter *filter = joined->filter;
    bool wanted = !filter || !filter->keeps || filter->keeps(filter->context, lists[list], item);
    if (!wanted || hash_table_find(&joined->seen, key)) return;
    hash_table_set(&joined->seen, key, joined);
    add(joined, list, item);
}

static void take_day(struct joined *joined, struct span day) {
    cJSON *notes = day.length ? json_parse(day, NOTES_LIMIT, "the day's notes", NULL) : NULL;
    for (size_t i = 0; i < LISTS; i++) {
        const cJSON *list = json_member(notes, lists[i]), *item;
        cJSON_ArrayForEach(item, list) take(joined, i, item);
    }
    double more = json_member_number(notes, "more_missing", 0);
    if (more > joined->more) joined->more = more;
    cJSON_Delete(notes);
}

struct span notes_join(const struct span *days, size_t count, const struct notes_filter *filter, struct arena *arena) {
    struct joined joined = {.seen = HASH_TABLE(arena), .arena = arena, .filter = filter};
    struct buffer text = BUFFER(NOTES_LIMIT);
    cJSON *root = cJSON_CreateObject();
    for (size_t i = 0; i < LISTS; i++) joined.lists[i] = cJSON_AddArrayToObject(root, lists[i]);
    while (count-- > 0) take_day(&joined, days[count]);
    cJSON_AddArrayToObject(cJSON_AddObjectToObject(root, "spent"), "services");
    if (joined.more + joined.left_out > 0) cJSON_AddNumberToObject(root, "more_missing", joined.more + joined.left_out);
    if (!json_print_free(root, &text)) buffer_add_string(&text, too_long);
    struct span notes = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return notes;
}
