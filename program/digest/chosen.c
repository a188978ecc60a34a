#include "program/digest/chosen.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/base/sha256.h"
#include "pipeline/engine/edition.h"
#include "program/publish.h"
#include "stages/digest/day_file.h"
#include "stages/digest/notes.h"
#include "stages/digest/settings.h"

/* A page with more would be too large for browsers. */
enum { MAX_CHOSEN = 20000 };

struct chosen {
    struct program *program;
    const struct period *period;
    struct selection *selection;
    struct edition *edition;
    struct edition_selection about;
    struct hash_table roots; /* struct span: the id of the entry to which a story belongs, by the story's id */
    struct span *notes;      /* of each day */
    struct buffer empty;     /* the days without records, ... */
    size_t day_count, empty_count, damaged;
};

/* ---------------------------------------------------------------- the stories of the days */

/* A story that continues one of an earlier day of the period belongs to the same entry. */
static void note_story(struct chosen *chosen, const char *day, const struct listed_story *story) {
    struct arena *arena = chosen->edition->arena;
    const struct span *before = story->earlier.length ? hash_table_find(&chosen->roots, story->earlier) : NULL;
    struct span *root = arena_take(arena, sizeof *root);
    *root = before ? *before : story->id;
    hash_table_set(&chosen->roots, story->id, root);
    for (size_t i = 0; i < story->count; i++) {
        struct edition_place *place = arena_take(arena, sizeof *place);
        snprintf(place->day, sizeof place->day, "%s", day);
        place->story = story->id;
        hash_table_set(&chosen->about.places, story->articles[i], place);
    }
}

/* Adds a note of our own to those on what is missing. */
static void add_note(struct chosen *chosen, struct span what) {
    struct buffer notes = BUFFER(8192);
    buffer_add_string(&notes, "{\"notes\":[{\"what\":");
    json_quote(&notes, what);
    buffer_add_string(&notes, "}]}");
    chosen->notes[chosen->day_count++] = arena_copy(chosen->edition->arena, buffer_span(&notes));
    buffer_free(&notes);
}

/* Without the file, the articles are there, but not what was missing, so that this must be said. */
static void note_day(struct chosen *chosen, const char *day) {
    struct arena *arena = chosen->edition->arena;
    struct day_file file;
    bool whole = day_file_read(chosen->program->output_folder, day, arena, &file);
    for (size_t i = 0; i < file.count; i++) note_story(chosen, day, &file.stories[i]);
    if (whole)
        chosen->notes[chosen->day_count++] = file.notes;
    else
        add_note(chosen, arena_print(arena,
                                     "What was missing on %s is not known, and its articles are not grouped into "
                                     "stories: its digest.json is missing or damaged; run `dragoman digest %s`",
                                     day, day));
}

/* ---------------------------------------------------------------- articles */

/* An article that its day's pages do not show yet is an entry of its own. */
static void find_story(struct chosen *chosen, const char *day, struct article *article) {
    struct arena *arena = chosen->edition->arena;
    const struct edition_place *place = edition_find_place(chosen->edition, article);
    const struct span *root = place && place->story.length ? hash_table_find(&chosen->roots, place->story) : NULL;
    if (!place) {
        struct edition_place *own = arena_take(arena, sizeof *own);
        snprintf(own->day, sizeof own->day, "%s", day);
        hash_table_set(&chosen->about.places, arena_copy(arena, span_of(article->id)), own);
    }
    article->story = root ? *root : span_of(article->id);
}

static bool add_day(struct chosen *chosen, const char *day, bool from_store, struct failure *ret_failure) {
    size_t damaged;
    struct edition *of_day =
        edition_load_slim(from_store ? chosen->program->store : NULL, chosen->program->output_folder, day, &damaged);
    chosen->damaged += damaged;
    for (size_t i = 0; i < of_day->count; i++) {
        struct article *article = of_day->articles[i];
        if (!selection_takes(chosen->selection, article)) continue;
        of_day->articles[i] = NULL;
        find_story(chosen, day, article);
        edition_add(chosen->edition, article);
    }
    edition_free(of_day);
    if (chosen->edition->count <= MAX_CHOSEN) return true;
    return failure_fatal(ret_failure, EXIT_USAGE,
                         "more than %d articles do not fit into one page; choose fewer days, languages, sources or "
                         "sections",
                         MAX_CHOSEN);
}

static void note_empty(struct chosen *chosen, const char *day) {
    enum { MAX_NAMED = 14 };
    if (chosen->empty_count++ < MAX_NAMED) buffer_print(&chosen->empty, "%s%s", chosen->empty.length ? ", " : "", day);
    if (chosen->empty_count == MAX_NAMED + 1) buffer_add_string(&chosen->empty, " ...");
}

/* Says which days have no records. */
static void add_empty_days(struct chosen *chosen) {
    if (!chosen->empty_count) return;
    struct span days = buffer_span(&chosen->empty);
    add_note(chosen, arena_print(chosen->edition->arena, "%zu of these days %s no records: %.*s", chosen->empty_count,
                                 chosen->empty_count == 1 ? "has" : "have", SPAN_ARGS(days)));
}

static bool add_days(struct chosen *chosen, bool from_store, struct failure *ret_failure) {
    char day[11] = "";
    while (period_next(chosen->period, day)) {
        if (!publish_has_day(chosen->program, day, from_store)) {
            note_empty(chosen, day);
            continue;
        }
        note_day(chosen, day);
        if (!add_day(chosen, day, from_store, ret_failure)) return false;
    }
    return selection_check_seen(chosen->selection, ret_failure);
}

/* ---------------------------------------------------------------- the file */

/* Covers what the file is made from, as in the pages of days. */
static void find_version(struct edition *edition) {
    struct buffer all = BUFFER(64 << 20);
    char hash[65];
    buffer_print(&all, "%.*s %s\n", SPAN_ARGS(edition->selection->name), edition->selection->format);
    for (size_t i = 0; i < edition->count; i++)
        buffer_print(&all, "%s %s\n", edition->articles[i]->id, edition->articles[i]->record_hash);
    buffer_add_span(&all, edition->run_notes);
    sha256_hex(buffer_span(&all), hash);
    snprintf(edition->version, sizeof edition->version, "%.32s", hash);
    buffer_free(&all);
}

static bool write_file(struct chosen *chosen, struct buffer *out, struct failure *ret_failure) {
    struct program *program = chosen->program;
    struct edition *edition = chosen->edition;
    struct notes_filter filter = {selection_takes_note, chosen->selection};
    add_empty_days(chosen);
    edition->run_notes = notes_join(chosen->notes, chosen->day_count, &filter, edition->arena);
    edition_list_stories(edition);
    find_version(edition);
    program_close_stages(program);
    bool done = program_open_stages(program, &stage_digest, &stage_digest, true, ret_failure) &&
                stage_digest.edit(program->states[0], edition, ret_failure);
    if (done && edition->file_count) buffer_add_span(out, edition->files[0].bytes);
    return done;
}

static void begin(struct chosen *chosen, const struct output *output, struct span name) {
    struct buffer about = BUFFER(1 << 16);
    chosen->edition = edition_new(chosen->period->last);
    struct arena *arena = chosen->edition->arena;
    selection_describe(chosen->selection, &about);
    chosen->about = (struct edition_selection){.name = name,
                                               .about = arena_copy(arena, buffer_span(&about)),
                                               .base = output->base,
                                               .format = output->format,
                                               .places = HASH_TABLE(arena)};
    memcpy(chosen->about.first, chosen->period->first, sizeof chosen->about.first);
    chosen->edition->selection = &chosen->about;
    chosen->roots = HASH_TABLE(arena);
    chosen->notes = arena_take(arena, (MAX_PERIOD_DAYS + 1) * sizeof *chosen->notes);
    buffer_free(&about);
}

bool chosen_make(struct program *program, const struct period *period, struct selection *selection,
                 const struct output *output, struct span name, bool from_store, struct buffer *out, size_t *ret_count,
                 struct failure *ret_failure) {
    struct chosen chosen = {
        .program = program, .period = period, .selection = selection, .empty = BUFFER(MAX_PERIOD_DAYS * 16)};
    begin(&chosen, output, name);
    bool done = add_days(&chosen, from_store, ret_failure);
    *ret_count = done ? chosen.edition->count : 0;
    if (*ret_count) done = write_file(&chosen, out, ret_failure);
    if (done && chosen.damaged) publish_warn_of_damage(program, chosen.damaged, period->first);
    buffer_free(&chosen.empty);
    edition_free(chosen.edition);
    return done;
}
