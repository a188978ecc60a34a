#include "pipeline/engine/edition.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store_days.h"

/* A day with more articles than a page can show in full is loaded with SLIM_BLOCKS blocks per article, to save
 * memory. */
enum { SLIM_BLOCKS = 6, FULL_ARTICLES = 200 };

struct edition *edition_new(const char *day) {
    /* The edition lives in its own arena. */
    struct arena *arena = arena_new();
    struct edition *edition = arena_take(arena, sizeof *edition);
    edition->arena = arena;
    edition->names = HASH_TABLE(arena);
    snprintf(edition->day, sizeof edition->day, "%s", day);
    return edition;
}

void edition_free(struct edition *edition) {
    if (!edition) return;
    for (size_t i = 0; i < edition->count; i++) article_free(edition->articles[i]);
    file_group_free(edition->group);
    arena_free(edition->arena);
}

void edition_add(struct edition *edition, struct article *article) {
    edition->articles =
        arena_grow(edition->arena, edition->articles, edition->count, &edition->capacity, sizeof *edition->articles);
    edition->articles[edition->count++] = article;
}

/* Adds an article with the hash of its record, from which it is known whether pages that show it are up to date. */
static void add_hashed(struct edition *edition, struct article *article, const struct kept_record *kept,
                       struct span record) {
    struct span hash = kept ? kept->hash : SPAN("");
    if (hash.length == 64)
        snprintf(article->record_hash, sizeof article->record_hash, "%.*s", SPAN_ARGS(hash));
    else
        sha256_hex(record, article->record_hash);
    if (kept) snprintf(article->record_made, sizeof article->record_made, "%.*s", SPAN_ARGS(text_clip(kept->made, 20)));
    edition_add(edition, article);
}

/* Used by `digest` on a folder without a store, and in tests. */
static void load_from_folder(struct edition *edition, const char *output_folder, size_t *ret_damaged) {
    struct records *records = records_open(output_folder, edition->day);
    struct buffer text = BUFFER(RECORD_LIMIT);
    edition->slim = edition->slim || records_count(records) > FULL_ARTICLES;
    for (size_t i = 0; i < records_count(records); i++) {
        struct article *article = NULL;
        if (records_read(records, i, edition->slim ? SLIM_BLOCKS : 0, &text, &article))
            add_hashed(edition, article, NULL, buffer_span(&text));
        else
            ++*ret_damaged;
    }
    records_close(records);
    buffer_free(&text);
}

/* Reads the file of a record, replacing what is in *text. */
static bool read_file(const char *output_folder, struct span path, struct buffer *text) {
    struct buffer name = BUFFER(1 << 16);
    buffer_clear(text);
    buffer_print(&name, "%s/%.*s", output_folder, SPAN_ARGS(path));
    bool done = file_read(name.at, text) && !text->full;
    buffer_free(&name);
    return done;
}

/* On a server, each copy that is asked for costs a round trip, so a file that has the same bytes is read in its place.
 */
static bool read_same_file(const struct store *store, const char *output_folder, struct span path, struct span hash,
                           struct buffer *text) {
    char hex[65];
    if (!store_is_remote(store) || !read_file(output_folder, path, text)) return false;
    sha256_hex(buffer_span(text), hex);
    return span_is(hash, hex);
}

/* Reads a record into *text: the store's copy, or the file of a record from an earlier version. One buffer serves all
 * records of the day. */
static bool read_kept(struct store *store, const char *output_folder, const struct kept_record *record,
                      struct buffer *text) {
    /* A record without a hash was written by a version that kept no copies in the store. */
    if (!record->hash.length) return read_file(output_folder, record->path, text) && record_intact(buffer_span(text));
    if (read_same_file(store, output_folder, record->path, record->hash, text)) return true;
    buffer_clear(text);
    return store_kept_bytes(store, record->id, text);
}

/* Reads the records that the store lists as finished; files that were added by hand are ignored. */
static void load_from_store(struct edition *edition, struct store *store, const char *output_folder,
                            size_t *ret_damaged) {
    size_t count;
    const struct kept_record *records = store_kept_of_day(store, edition->day, edition->arena, &count);
    struct buffer text = BUFFER(RECORD_LIMIT);
    edition->slim = edition->slim || count > FULL_ARTICLES;
    for (size_t i = 0; i < count; i++) {
        struct article *article = NULL;
        if (read_kept(store, output_folder, &records[i], &text) &&
            record_read(buffer_span(&text), edition->slim ? SLIM_BLOCKS : 0, &article, NULL))
            add_hashed(edition, article, &records[i], buffer_span(&text));
        else
            ++*ret_damaged;
    }
    buffer_free(&text);
}

static void load_stories(struct edition *edition, struct store *store) {
    edition->kept = store_find_stories(store, edition->day, edition->arena);
    if (store_earlier_story_day(store, edition->day, edition->earlier_day))
        edition->earlier = store_find_stories(store, edition->earlier_day, edition->arena);
}

static struct edition *load(struct store *store, const char *output_folder, const char *day, bool slim,
                            size_t *ret_damaged) {
    struct edition *edition = edition_new(day);
    edition->slim = slim;
    edition->store = store;
    edition->output_folder = output_folder;
    *ret_damaged = 0;
    if (store)
        load_from_store(edition, store, output_folder, ret_damaged);
    else
        load_from_folder(edition, output_folder, ret_damaged);
    return edition;
}

struct edition *edition_load(struct store *store, const char *output_folder, const char *day, size_t *ret_damaged) {
    struct edition *edition = load(store, output_folder, day, false, ret_damaged);
    if (store) load_stories(edition, store);
    return edition;
}

struct edition *edition_load_slim(struct store *store, const char *output_folder, const char *day,
                                  size_t *ret_damaged) {
    return load(store, output_folder, day, true, ret_damaged);
}

/* ---------------------------------------------------------------- selections */

const struct edition_place *edition_find_place(const struct edition *edition, const struct article *article) {
    return edition->selection ? hash_table_find(&edition->selection->places, span_of(article->id)) : NULL;
}

const char *edition_day_of(const struct edition *edition, const struct article *article) {
    const struct edition_place *place = edition_find_place(edition, article);
    return place ? place->day : edition->day;
}

/* ---------------------------------------------------------------- stories */

static int by_id(const void *left, const void *right) {
    const struct edition_story *a = left, *b = right;
    return span_compare(a->id, b->id);
}

void edition_list_stories(struct edition *edition) {
    struct edition_story *stories = arena_take(edition->arena, (edition->count + 1) * sizeof *stories);
    size_t named = 0, kept = 0;
    for (size_t i = 0; i < edition->count; i++)
        if (edition->articles[i]->story.length)
            stories[named++].id = arena_copy(edition->arena, edition->articles[i]->story);
    if (named) qsort(stories, named, sizeof *stories, by_id);
    for (size_t i = 0; i < named; i++)
        if (!kept || by_id(&stories[kept - 1], &stories[i]) != 0) stories[kept++] = stories[i];
    edition->stories = stories;
    edition->story_count = kept;
}

struct edition_story *edition_find_story(const struct edition *edition, struct span id) {
    struct edition_story key = {.id = id};
    if (!edition->story_count) return NULL;
    return bsearch(&key, edition->stories, edition->story_count, sizeof key, by_id);
}

/* ---------------------------------------------------------------- whole articles */

/* Reads the record of an article as read_kept() does, or, if it is not in the store, from its file. */
static bool read_again(const struct edition *edition, const struct article *article, struct buffer *text) {
    struct span path = arena_print(edition->arena, "%s/articles/%s.json", edition->day, article->id);
    if (edition->store) {
        struct span hash = span_of(article->record_hash);
        if (read_same_file(edition->store, edition->output_folder, path, hash, text)) return true;
        buffer_clear(text);
        if (store_kept_bytes(edition->store, article->id, text)) return true;
    }
    return read_file(edition->output_folder, path, text) && record_intact(buffer_span(text));
}

struct article *edition_open_whole(const struct edition *edition, struct article *article) {
    struct article *whole = NULL;
    if (!edition->slim || !edition->output_folder) return article;
    struct buffer text = BUFFER(RECORD_LIMIT);
    if (read_again(edition, article, &text)) record_read(buffer_span(&text), 0, &whole, NULL);
    buffer_free(&text);
    return whole ? whole : article;
}

void edition_close_whole(const struct article *article, struct article *whole) {
    if (whole != article) article_free(whole);
}

static void copy_id(char ret_id[33], struct span id) {
    snprintf(ret_id, 33, "%.*s", SPAN_ARGS(id));
}

/* Stories that were kept before come first, in their old order; `kept` lists them once more by id. */
static void order_stories(const struct edition *edition, struct hash_table *old, struct kept_stories *ret_stories) {
    for (int fresh = 0; fresh < 2; fresh++)
        for (size_t i = 0; i < (fresh ? edition->story_count : edition->kept.count); i++) {
            struct span id = fresh ? edition->stories[i].id : span_of(edition->kept.stories[i].id);
            const struct edition_story *story = edition_find_story(edition, id);
            if (!story || (fresh && hash_table_find(old, id))) continue;
            if (!fresh) hash_table_set(old, id, &edition->kept.stories[i]);
            struct kept_story *kept = &ret_stories->stories[ret_stories->count++];
            copy_id(kept->id, id);
            kept->signature = story->signature;
        }
}

bool edition_keep_stories(const struct edition *edition, struct store *store, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct hash_table old = HASH_TABLE(arena);
    struct kept_stories stories = {.stories = arena_take(arena, (edition->story_count + 1) * sizeof(struct kept_story)),
                                   .members = arena_take(arena, (edition->count + 1) * sizeof(struct kept_member)),
                                   .forwards =
                                       arena_take(arena, (edition->forward_count + 1) * sizeof(struct kept_forward)),
                                   .member_count = edition->count,
                                   .forward_count = edition->forward_count};
    order_stories(edition, &old, &stories);
    for (size_t i = 0; i < edition->count; i++) {
        copy_id(stories.members[i].article, span_of(edition->articles[i]->id));
        copy_id(stories.members[i].story, edition->articles[i]->story);
    }
    for (size_t i = 0; i < edition->forward_count; i++) {
        copy_id(stories.forwards[i].from, edition->forwards[i].from);
        copy_id(stories.forwards[i].to, edition->forwards[i].to);
    }
    bool done = store_keep_stories(store, edition->day, &stories, ret_failure);
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- files */

static bool add_to_memory(struct edition *edition, const char *name, struct span bytes) {
    edition->files = arena_grow(edition->arena, edition->files, edition->file_count, &edition->file_capacity,
                                sizeof *edition->files);
    edition->files[edition->file_count++] = (struct edition_file){.name = arena_copy(edition->arena, span_of(name)),
                                                                  .bytes = arena_copy(edition->arena, bytes)};
    return true;
}

/* Remembers that the file belongs to the edition. */
static void note_name(struct edition *edition, const char *name) {
    struct span own = arena_copy(edition->arena, span_of(name));
    hash_table_set(&edition->names, own, edition);
}

bool edition_add_file(struct edition *edition, const char *name, struct span bytes, struct failure *ret_failure) {
    note_name(edition, name);
    if (!edition->output_folder) return add_to_memory(edition, name, bytes);
    if (!edition->group) edition->group = file_group_new(edition->output_folder);
    struct span path = arena_print(edition->arena, "%s/%s", edition->day, name);
    return file_group_add(edition->group, path, bytes, ret_failure);
}

bool edition_extend_file(struct edition *edition, struct span bytes, struct failure *ret_failure) {
    if (edition->output_folder) return file_group_extend(edition->group, bytes, ret_failure);
    struct edition_file *last = &edition->files[edition->file_count - 1];
    last->bytes = arena_print(edition->arena, "%.*s%.*s", SPAN_ARGS(last->bytes), SPAN_ARGS(bytes));
    return true;
}

bool edition_has_file(struct edition *edition, const char *name, const char *version) {
    struct buffer path = BUFFER(1 << 16);
    if (!edition->output_folder) return false;
    buffer_print(&path, "%s/%s/%s", edition->output_folder, edition->day, name);
    bool found = page_has_version(path.at, version);
    if (found) note_name(edition, name);
    buffer_free(&path);
    return found;
}

/* Whether a page of this name comes and goes with what the day holds. The other files in a day's folder are not ours to
 * remove, or every edition has them. */
static bool comes_and_goes(struct span name) {
    return span_ends(name, SPAN(".html")) && (span_starts(name, SPAN("stories/")) || span_starts(name, SPAN("more-")));
}

/* Removes pages in a folder ("" or "stories/") that no longer belong to the edition. That they stay when this fails, or
 * when a run is killed before, does no harm: nothing links to them. */
static void remove_others(const struct edition *edition, const char *folder) {
    const struct dirent *item;
    struct buffer path = BUFFER(1 << 12), name = BUFFER(1 << 12);
    buffer_print(&path, "%s/%s", edition->day, folder);
    DIR *list = folder_list(edition->output_folder, buffer_span(&path));
    while (list && (item = readdir(list))) {
        buffer_clear(&name);
        buffer_print(&name, "%s%s", folder, item->d_name);
        bool known = hash_table_find(&edition->names, buffer_span(&name)) != NULL;
        if (!known && comes_and_goes(buffer_span(&name))) unlinkat(dirfd(list), item->d_name, 0);
    }
    if (list) closedir(list);
    buffer_free(&path);
    buffer_free(&name);
}

bool edition_write(struct edition *edition, struct failure *ret_failure) {
    if (edition->group && !file_group_place(edition->group, ret_failure)) return false;
    if (edition->output_folder) {
        remove_others(edition, "");
        remove_others(edition, "stories/");
    }
    return true;
}

bool page_has_version(const char *path, const char *version) {
    enum { HEAD_BYTES = 4096 };
    char head[HEAD_BYTES];
    /* The version is near the start of every page, so large pages need not be read to the end. */
    size_t length = file_read_head(path, head, sizeof head);
    return length != SIZE_MAX && span_find((struct span){head, length}, span_of(version)) != SIZE_MAX;
}
