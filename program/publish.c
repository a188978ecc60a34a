#include "program/publish.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/article/records.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/base/sha256.h"
#include "pipeline/engine/edition.h"
#include "pipeline/store/budget_settings.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_prune.h"
#include "program/day_notes.h"
#include "program/publish_days.h"
#include "program/publish_links.h"
#include "program/search/fill.h"
#include "stages/digest/nav.h"
#include "stages/digest/watch.h"

/* Increase this number whenever the generated pages change, so that existing pages count as stale. */
enum { PAGES_FORMAT = 7 };
enum { NOTES_LIMIT = 16 << 20, VERSION_LIMIT = 64 << 20, PAGE_LIMIT = 256 << 20 };

/* ---------------------------------------------------------------- what pages are made from */

static void read_notes(struct program *program, const char *day, struct buffer *out) {
    struct span currency = budget_settings_of(program->config)->currency;
    json_print_free(day_notes_json(program->store, day, currency), out);
}

/* Appends a fingerprint of the settings that change what pages show. */
static void add_settings(const struct config *config, struct buffer *out) {
    char hex[33];
    for (size_t i = 0; stages_in_order[i]; i++) {
        const struct setting *entries = stages_in_order[i]->settings.entries;
        if (!stages_in_order[i]->edit || !entries) continue;
        section_fingerprint(config_section(config, entries), hex);
        buffer_print(out, "%s\n", hex);
    }
    for (size_t i = 0; i < config_section_count(config, watch_table); i++) {
        const struct section *section = config_section_at(config, watch_table, i);
        section_fingerprint(section, hex);
        buffer_print(out, "%.*s %s\n", SPAN_ARGS(section_name(section)), hex);
    }
}

/* The version is the first half of the SHA-256 over the day's records and notes. Unlike a counter, a hash cannot match
 * pages left in the folder by another state database. */
static void find_version(struct program *program, const char *day, struct span notes, char ret_version[33]) {
    char hash[65], pruned[11];
    size_t count;
    struct arena *arena = arena_new();
    struct buffer all = BUFFER(VERSION_LIMIT);
    const struct kept_record *records = store_kept_of_day(program->store, day, arena, &count);
    buffer_print(&all, "%d %s\n", PAGES_FORMAT, day);
    for (size_t i = 0; i < count; i++) buffer_print(&all, "%s %.*s\n", records[i].id, SPAN_ARGS(records[i].hash));
    add_settings(program->config, &all);
    /* The pages must not link to stories that are gone. */
    if (store_pruned_before(program->store, day, pruned)) buffer_print(&all, "pruned %s\n", pruned);
    buffer_add_span(&all, notes);
    sha256_hex(buffer_span(&all), hash);
    snprintf(ret_version, 33, "%.32s", hash);
    buffer_free(&all);
    arena_free(arena);
}

/* Calls `page` for each of the day's pages until a call returns false. Returns whether all calls returned true. */
static bool each_page(struct program *program, const char *day, bool (*page)(void *context, const char *path),
                      void *context) {
    struct buffer path = BUFFER(1 << 16);
    bool all = true;
    for (size_t i = 0; stages_in_order[i] && all; i++)
        for (const char *const *name = stages_in_order[i]->pages; name && *name && all; name++) {
            buffer_clear(&path);
            buffer_print(&path, "%s/%s/%s", program->output_folder, day, *name);
            all = page(context, path.at);
        }
    buffer_free(&path);
    return all;
}

/* A missing page counts as stale. A table has no place for a version, but it is put into place before the pages that
 * have one. */
static bool page_carries(void *context, const char *path) {
    if (span_ends(span_of(path), SPAN(".csv"))) return access(path, R_OK) == 0;
    return page_has_version(path, context);
}

bool publish_day_is_stale(struct program *program, const char *day) {
    char version[33];
    struct buffer notes = BUFFER(NOTES_LIMIT);
    read_notes(program, day, &notes);
    find_version(program, day, buffer_span(&notes), version);
    buffer_free(&notes);
    return !each_page(program, day, page_carries, version);
}

/* ---------------------------------------------------------------- what was written */

struct page_hashes {
    const char *day;
    struct buffer all;
    bool unread; /* a page could not be read, so the hash says nothing */
};

/* The links from day to day change when another day comes (publish_days.c), so they do not count. */
static bool add_page(void *context, const char *path) {
    struct page_hashes *hashes = context;
    struct buffer page = BUFFER(PAGE_LIMIT), bare = BUFFER(PAGE_LIMIT);
    const struct nav none = {0};
    char hash[65] = "";
    if (file_read(path, &page)) {
        bool linked = nav_replace(buffer_span(&page), hashes->day, &none, &bare);
        sha256_hex(buffer_span(linked ? &bare : &page), hash);
    } else {
        hashes->unread = true;
    }
    buffer_free(&page);
    buffer_free(&bare);
    return buffer_print(&hashes->all, "%s\n", hash);
}

/* A hash of the day's pages, but not of those of its stories; empty if one cannot be read. It begins with the version,
 * because it tells nothing of pages of another one. */
static struct span hash_pages(struct program *program, const char *day, struct arena *arena) {
    char version[33], hash[65];
    struct buffer notes = BUFFER(NOTES_LIMIT);
    struct page_hashes hashes = {.day = day, .all = BUFFER(1 << 16)};
    read_notes(program, day, &notes);
    find_version(program, day, buffer_span(&notes), version);
    each_page(program, day, add_page, &hashes);
    sha256_hex(buffer_span(&hashes.all), hash);
    buffer_free(&notes);
    buffer_free(&hashes.all);
    return hashes.unread ? SPAN("") : arena_print(arena, "%s %s", version, hash);
}

static struct span pages_key(const char *day, struct arena *arena) {
    return arena_print(arena, "pages of %s", day);
}

static bool keep_hash(struct program *program, const char *day, struct failure *ret_failure) {
    char now[21];
    struct arena *arena = arena_new();
    clock_iso_now(now);
    bool done =
        store_tell(program->store, pages_key(day, arena), hash_pages(program, day, arena), span_of(now), ret_failure) &&
        store_commit(program->store, ret_failure);
    arena_free(arena);
    return done;
}

bool publish_day_is_changed(struct program *program, const char *day) {
    struct span kept, at;
    struct arena *arena = arena_new();
    bool known = store_told(program->store, pages_key(day, arena), arena, &kept, &at);
    struct span found = known ? hash_pages(program, day, arena) : SPAN("");
    bool same_version = kept.length && found.length && span_equal(span_cut(kept, 0, 33), span_cut(found, 0, 33));
    bool changed = known && same_version && !span_equal(kept, found);
    struct span folder = arena_print(arena, "%s/%s", program->output_folder, day);
    changed = changed || publish_links_are_broken(folder.at);
    arena_free(arena);
    return changed;
}

/* Uses the time of the last status change (ctime), because unlike the modification time it cannot be set by
 * programs. */
static bool find_oldest(void *context, const char *path) {
    struct timespec *oldest = context;
    struct stat status;
    if (stat(path, &status) != 0) return false;
    bool older = status.st_ctim.tv_sec < oldest->tv_sec ||
                 (status.st_ctim.tv_sec == oldest->tv_sec && status.st_ctim.tv_nsec < oldest->tv_nsec);
    if (older || oldest->tv_sec == 0) *oldest = status.st_ctim;
    return true;
}

bool publish_day_made(struct program *program, const char *day, struct timespec *ret_made) {
    *ret_made = (struct timespec){0};
    return each_page(program, day, find_oldest, ret_made);
}

/* ---------------------------------------------------------------- making pages */

void publish_warn_of_damage(const struct program *program, size_t damaged, const char *day) {
    struct buffer line = BUFFER(256);
    buffer_print(&line, "%zu damaged record%s of %s %s left out; see `dragoman verify`", damaged, PLURAL(damaged), day,
                 damaged == 1 ? "was" : "were");
    log_sentence(&program->log, LOG_LEVEL_WARNING, line.at);
    buffer_free(&line);
}

/* Returns when the newest article of the edition was collected; empty if there is none. */
static struct span newest_collected(const struct edition *edition) {
    struct span newest = SPAN("");
    for (size_t i = 0; i < edition->count; i++) {
        struct span collected = edition->articles[i]->origin.collected;
        if (span_compare(collected, newest) > 0) newest = collected;
    }
    return newest;
}

/* Finds out which articles came with the last run that brought news. The store keeps two times for each day: when the
 * newest article on its pages was collected, and the same for the pages before. As long as no newer article arrives,
 * both stay, so pages that are made again come out the same. */
static bool find_seen_before(struct program *program, struct edition *edition, struct failure *ret_failure) {
    struct span shown = SPAN(""), before = SPAN(""), newest = newest_collected(edition);
    struct span key = arena_print(edition->arena, "shown on %s", edition->day);
    store_told(program->store, key, edition->arena, &shown, &before);
    if (span_compare(newest, shown) > 0) {
        before = shown;
        if (!store_tell(program->store, key, newest, before, ret_failure)) return false;
    }
    snprintf(edition->seen_before, sizeof edition->seen_before, "%.*s", SPAN_ARGS(text_clip(before, 20)));
    return true;
}

/* If `from_store` is false, because there is no state database, the records are read from the output folder. */
static bool make_pages(struct program *program, const char *day, bool from_store, struct failure *ret_failure) {
    size_t damaged;
    char version[33];
    struct buffer notes = BUFFER(NOTES_LIMIT);
    read_notes(program, day, &notes);
    /* Before the records are read, so that one that another run adds meanwhile makes the pages stale. */
    find_version(program, day, buffer_span(&notes), version);
    struct edition *edition = edition_load(from_store ? program->store : NULL, program->output_folder, day, &damaged);
    edition->run_notes = buffer_span(&notes);
    memcpy(edition->version, version, sizeof version);
    /* Where other runs write records, a file may be newer than what has been read. */
    if (from_store && program->began && !store_is_remote(program->store)) search_add_edition(edition, program->began);
    publish_days_beside(program->output_folder, day, edition->previous_day, edition->next_day);
    bool done = !from_store || find_seen_before(program, edition, ret_failure);
    for (size_t i = 0; i < program->stage_count && done; i++)
        done = program->stages[i]->edit(program->states[i], edition, ret_failure);
    /* Committed before a page shows an id, so that a run killed in between gives the same ids. */
    if (from_store)
        done = done && edition_keep_stories(edition, program->store, ret_failure) &&
               store_commit(program->store, ret_failure);
    done = done && edition_write(edition, ret_failure);
    /* The pages are made even if some records are damaged, so that the intact ones can be read. */
    if (damaged) publish_warn_of_damage(program, damaged, day);
    edition_free(edition);
    buffer_free(&notes);
    /* Only now, because a large page is in memory while it is hashed. */
    return done && (!from_store || keep_hash(program, day, ret_failure));
}

static bool open_editions(struct program *program, struct failure *ret_failure) {
    /* program->stages holds one set of stages at a time, those for articles or those for editions. */
    if (program->stage_count && stage_is_for_editions(program->stages[0])) return true;
    program_close_stages(program);
    return program_open_stages(program, NULL, NULL, true, ret_failure);
}

/* ---------------------------------------------------------------- stale days */

struct days {
    const char **items;
    size_t count, capacity;
};

static void add_day(struct days *days, struct arena *arena, struct span day) {
    for (size_t i = 0; i < days->count; i++)
        if (span_is(day, days->items[i])) return;
    days->items = arena_grow(arena, days->items, days->count, &days->capacity, sizeof *days->items);
    days->items[days->count++] = arena_string(arena, day);
}

/* A record that has moved to another day leaves its old file behind, and the old day's pages still show it. The old
 * file is removed only once the new one is durable, and the old day is added to the days whose pages are checked. */
static bool remove_leftovers(struct program *program, struct days *days, struct arena *arena,
                             struct failure *ret_failure) {
    enum { DAY_LENGTH = 10 };
    size_t count;
    struct span *paths = store_leftovers(program->store, arena, &count);
    if (count && !store_make_durable(program->store, ret_failure)) return false;
    for (size_t i = 0; i < count; i++) {
        folder_remove(program->output_folder, paths[i]);
        add_day(days, arena, span_cut(paths[i], 0, DAY_LENGTH));
    }
    return true;
}

/* The stages for editions are opened only when a stale day is found, because in most runs none or only today is
 * stale. */
static bool make_if_stale(struct program *program, const char *day, size_t *count, struct failure *ret_failure) {
    /* `verify --repair` has opened the state for this. */
    if (!publish_day_is_stale(program, day) && !(program->repairs && publish_day_is_changed(program, day))) return true;
    bool done = open_editions(program, ret_failure) && make_pages(program, day, true, ret_failure);
    *count += done;
    return done;
}

static bool make_all(struct program *program, const char *since, struct arena *arena, size_t *count,
                     struct failure *ret_failure) {
    struct days days = {0};
    size_t run_days;
    if (!store_begin_pages(program->store, ret_failure) || !store_commit(program->store, ret_failure)) return false;
    struct span *run = store_days(program->store, since, arena, &run_days);
    for (size_t i = 0; i < run_days; i++) add_day(&days, arena, run[i]);
    bool done = remove_leftovers(program, &days, arena, ret_failure);
    for (size_t i = 0; i < days.count && done; i++) done = make_if_stale(program, days.items[i], count, ret_failure);
    done = done && publish_days(program, ret_failure);
    return done && store_clear_leftovers(program->store, ret_failure) &&
           store_end_day(program->store, program->day, ret_failure) && store_commit(program->store, ret_failure);
}

bool publish_stale_days(struct program *program, const char *since, size_t *ret_count, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    *ret_count = 0;
    bool done = make_all(program, since, arena, ret_count, ret_failure);
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- one day, on request */

/* Whether there was a run on the day. */
static bool had_run(struct store *store, const char *day) {
    size_t count;
    struct arena *arena = arena_new();
    bool found = false;
    const struct span *days = store_days(store, day, arena, &count);
    for (size_t i = 0; i < count && !found; i++) found = span_is(days[i], day);
    arena_free(arena);
    return found;
}

static size_t count_records(struct program *program, const char *day, bool from_store) {
    size_t count;
    if (!from_store) {
        struct records *records = records_open(program->output_folder, day);
        count = records_count(records);
        records_close(records);
        return count;
    }
    struct arena *arena = arena_new();
    store_kept_of_day(program->store, day, arena, &count);
    arena_free(arena);
    return count;
}

bool publish_has_day(struct program *program, const char *day, bool from_store) {
    struct timespec made;
    return count_records(program, day, from_store) > 0 || publish_day_made(program, day, &made) ||
           (from_store && had_run(program->store, day));
}

bool publish_day(struct program *program, const char *day, bool from_store, struct failure *ret_failure) {
    return open_editions(program, ret_failure) && make_pages(program, day, from_store, ret_failure) &&
           publish_days(program, ret_failure);
}
