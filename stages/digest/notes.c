#include "stages/digest/notes.h"

#include <string.h>

#include "pipeline/base/hash_table.h"

enum { NOTES_LIMIT = 16 << 20, LISTS = 4 };

static const char *const lists[LISTS] = {"outages", "waiting", "failed", "notes"};

struct joined {
    cJSON *lists[LISTS];
    struct hash_table seen;
    struct arena *arena;
    const struct notes_filter *filter;
    double more;
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

static void take(struct joined *joined, size_t list, cJSON *item) {
    struct span key = key_of(item, joined->arena);
    const struct notes_filter *filter = joined->filter;
    bool wanted = !filter || !filter->keeps || filter->keeps(filter->context, lists[list], item);
    if (!wanted || hash_table_find(&joined->seen, key)) {
        cJSON_Delete(item);
        return;
    }
    hash_table_set(&joined->seen, key, joined);
    cJSON_AddItemToArray(joined->lists[list], item);
}

static void take_day(struct joined *joined, struct span day) {
    cJSON *notes = day.length ? json_parse(day, NOTES_LIMIT, "the day's notes", NULL) : NULL;
    for (size_t i = 0; i < LISTS; i++) {
        cJSON *list = cJSON_GetObjectItemCaseSensitive(notes, lists[i]);
        while (list && list->child) take(joined, i, cJSON_DetachItemFromArray(list, 0));
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
    if (joined.more > 0) cJSON_AddNumberToObject(root, "more_missing", joined.more);
    json_print_free(root, &text);
    struct span notes = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return notes;
}
