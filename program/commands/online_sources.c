#include "program/commands/online_sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/engine/loop.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/url.h"
#include "program/say.h"
#include "stages/decode/decoder.h"
#include "stages/extract/date.h"
#include "stages/sources/parts/feed_list.h"

extern const struct source source_feed, source_opml;

/* The user is waiting. At one request per second and host, this reads 120 feeds of one host, and far more of many. */
enum { LONGEST_MS = 120000, MAX_LANGUAGES = 4, MAX_CHECKS = 20000 };

/* One source, or one feed of a list. */
struct source_check {
    struct span name;    /* as discovery knows it: of the section and, for a feed of a list, its address */
    struct span section; /* name of the section */
    struct span kind, address;
    struct source_settings settings; /* of a feed in a list: those of the list with the feed's address */
    size_t entries, unusable;
    int64_t newest; /* seconds since 1970; -1 = no entry has a date */
    char newest_day[11];
    struct span languages[MAX_LANGUAGES];
    size_t language_count;
    struct span reason, note; /* reason: why it could not be read */
    bool whole;               /* it was read to its end */
};

struct online_sources {
    struct arena *arena;
    struct discovery *discovery;
    struct date_words *dates; /* NULL if the tables cannot be read */
    struct source_check *checks;
    size_t count, capacity, current; /* current: the check of the last item */
    bool interrupted;
};

/* ---------------------------------------------------------------- what is found */

/* Items come in long sequences of one source. */
static struct source_check *check_of(struct online_sources *reading, struct span name) {
    if (reading->current < reading->count && span_equal(reading->checks[reading->current].name, name))
        return &reading->checks[reading->current];
    for (size_t i = 0; i < reading->count; i++)
        if (span_equal(reading->checks[i].name, name)) {
            reading->current = i;
            return &reading->checks[i];
        }
    return NULL;
}

static void note_date(const struct online_sources *reading, struct source_check *check, struct span published,
                      struct span language) {
    struct date date;
    if (!reading->dates || !published.length || !date_find(reading->dates, published, language, &date)) return;
    int64_t seconds = clock_seconds(date.iso);
    if (seconds <= check->newest) return;
    check->newest = seconds;
    snprintf(check->newest_day, sizeof check->newest_day, "%.10s", date.iso);
}

/* Copies the code, as the tables of languages write it. "es-MX" and "es_mx" are Spanish; "zh-Hans" and "sr-Cyrl" keep
 * the script, which services care about. Returns an empty span for what is no code. */
static struct span plain_language(struct span code, struct arena *arena) {
    struct span plain = arena_copy(arena, code);
    char *at = arena_string(arena, plain);
    size_t length = strcspn(at, "-_");
    for (size_t i = 0; i < length; i++) {
        if (at[i] >= 'A' && at[i] <= 'Z') at[i] = (char)(at[i] - 'A' + 'a');
        if (at[i] < 'a' || at[i] > 'z') return SPAN("");
    }
    bool script = strlen(at) - length == sizeof "-Hans" - 1;
    if (script) at[length] = '-';
    if (length < 2 || length > 3) return SPAN("");
    return (struct span){at, script ? strlen(at) : length};
}

static void note_language(const struct online_sources *reading, struct source_check *check, struct span code) {
    code = plain_language(span_trim(code), reading->arena);
    for (size_t i = 0; i < check->language_count; i++)
        if (span_equal(check->languages[i], code)) return;
    if (code.length && check->language_count < MAX_LANGUAGES) check->languages[check->language_count++] = code;
}

static bool found(void *context, const struct discovered *source, struct article *article) {
    struct online_sources *reading = context;
    struct source_check *check = check_of(reading, source->name);
    if (check && article) {
        check->entries++;
        note_date(reading, check, article->feed.published, article->feed.language);
        note_language(reading, check, article->feed.language);
    }
    article_free(article);
    return true;
}

/* Keeps the first reason. Entries beyond a source's limit, and entries that cannot be used, are no failure of it. */
static void failed(void *context, const struct discovered *source, const struct failure *failure) {
    struct online_sources *reading = context;
    struct source_check *check = check_of(reading, source->name);
    struct span sentence = span_of(failure->sentence);
    if (!check) return;
    if (failure->reach == REACH_NONE)
        check->note = arena_copy(reading->arena, sentence);
    else if (discovery_is_outage(failure) && !check->reason.length)
        check->reason = arena_copy(reading->arena, sentence);
}

static void conclude_one(void *context, const struct discovered *source) {
    struct source_check *check = check_of(context, source->name);
    if (!check) return;
    check->unusable = source->unusable;
    check->whole = source->whole;
}

/* ---------------------------------------------------------------- which are read */

static struct source_check *add_check(struct online_sources *reading, const struct section *section,
                                      struct span address, bool listed) {
    if (reading->count == MAX_CHECKS) return NULL;
    reading->checks =
        arena_grow(reading->arena, reading->checks, reading->count, &reading->capacity, sizeof *reading->checks);
    struct source_check *check = &reading->checks[reading->count++];
    *check = (struct source_check){.name = section_name(section),
                                   .section = section_name(section),
                                   .kind = section_kind(section),
                                   .address = address,
                                   .newest = -1};
    if (listed) check->name = arena_print(reading->arena, "%.*s %.*s", SPAN_ARGS(check->section), SPAN_ARGS(address));
    return check;
}

/* A run reads the feeds of a list one after the other, which would take too long here. Files that a list names are on
 * this machine and are not read. */
static void add_list(struct program *program, struct online_sources *reading, const struct section *section) {
    struct source_context context = program_source_context(program, section);
    struct sitemap list = {0};
    const char *folder;
    struct failure failure = {0};
    const struct decoder *decoder = resources_borrow(context.resources, &decoder_resource, &failure);
    bool done = decoder && feed_list_read(&context, decoder, reading->arena, &list, &folder, &failure);
    if (!done || !list.count) {
        struct source_check *check = add_check(reading, section, SPAN(""), false);
        if (check)
            check->reason =
                done ? SPAN("it lists no usable feed") : arena_copy(reading->arena, span_of(failure.sentence));
    }
    for (size_t i = 0; i < list.count; i++) {
        struct span address = span_trim(list.entries[i].address);
        if (url_is_remote(address)) add_check(reading, section, address, true);
    }
}

static void add_source(struct program *program, struct online_sources *reading, const struct section *section) {
    const struct source_settings *settings = section_values(section);
    if (span_is(section_kind(section), source_opml.name))
        add_list(program, reading, section);
    else if (settings->url.length)
        add_check(reading, section, settings->url, false);
}

/* The list of checks no longer moves, so discovery may borrow from it. */
static void open_source(struct program *program, struct online_sources *reading, struct source_check *check,
                        const struct section *section) {
    struct source_context context = program_source_context(program, section);
    const struct source *source = source_of(check->kind);
    if (check->reason.length) return;
    if (source == &source_opml) {
        source = &source_feed;
        check->settings = *context.common;
        check->settings.url = check->address;
        context.common = &check->settings;
    }
    context.name = check->name;
    discovery_add(reading->discovery, source, &context);
}

static void open_all(struct program *program, struct online_sources *reading) {
    const struct config *config = program->config;
    size_t count = config_section_count(config, source_table), next = 0;
    for (size_t i = 0; i < count; i++) add_source(program, reading, config_section_at(config, source_table, i));
    /* In the order of the sections, because they were added in it. */
    for (size_t i = 0; i < reading->count; i++) {
        while (next < count &&
               !span_equal(section_name(config_section_at(config, source_table, next)), reading->checks[i].section))
            next++;
        if (next < count)
            open_source(program, reading, &reading->checks[i], config_section_at(config, source_table, next));
    }
}

static void read_all(struct program *program, struct online_sources *reading) {
    struct loop loop = {.dispatcher = program->dispatcher,
                        .stop_fd = program->signal_fd,
                        .discovery = reading->discovery,
                        .deadline = clock_ms() + LONGEST_MS,
                        .grace_ms = LOOP_NO_GRACE};
    while (!discovery_finished(reading->discovery) && loop_turn(&loop)) continue;
    discovery_stop(reading->discovery);
    discovery_wait(reading->discovery);
    discovery_each_source(reading->discovery, conclude_one, reading);
    reading->interrupted = program_interrupted();
}

struct online_sources *online_sources_read(struct program *program) {
    struct online_sources *reading = memory_take(sizeof *reading);
    *reading = (struct online_sources){.arena = arena_new()};
    reading->discovery = discovery_new(program->dispatcher, found, failed, reading);
    if (!date_words_read(program->data_folder, reading->arena, &reading->dates, NULL)) reading->dates = NULL;
    open_all(program, reading);
    read_all(program, reading);
    return reading;
}

void online_sources_free(struct online_sources *reading) {
    if (!reading) return;
    discovery_free(reading->discovery);
    arena_free(reading->arena);
    free(reading);
}

void online_sources_each_language(const struct online_sources *reading,
                                  void (*language)(void *context, struct span source, struct span code),
                                  void *context) {
    for (size_t i = 0; i < reading->count; i++)
        for (size_t k = 0; k < reading->checks[i].language_count; k++)
            language(context, reading->checks[i].section, reading->checks[i].languages[k]);
}

/* ---------------------------------------------------------------- telling */

/* What has not ended was cut off by the user or the time limit. A source that has entries works all the same. */
static struct span reason_of(const struct online_sources *reading, const struct source_check *check) {
    if (check->whole || check->entries || check->reason.length) return check->reason;
    return reading->interrupted ? SPAN("interrupted before it was read")
                                : SPAN("it was not read within two minutes; runs wait longer");
}

static void add_languages(const struct source_check *check, struct buffer *out) {
    if (!check->language_count) buffer_add_string(out, ", no language stated");
    for (size_t i = 0; i < check->language_count; i++)
        buffer_print(out, "%s%.*s", i ? " " : ", language ", SPAN_ARGS(check->languages[i]));
}

static void tell_one(const struct source_check *check, bool listed) {
    struct buffer line = BUFFER(1 << 14);
    buffer_print(&line, "[source \"%.*s\"]", SPAN_ARGS(check->section));
    if (listed) buffer_print(&line, " %.*s", SPAN_ARGS(check->address));
    buffer_print(&line, " works: %.*s, %s%zu %s", SPAN_ARGS(listed ? SPAN("feed") : check->kind),
                 check->whole ? "" : "at least ", check->entries, check->entries == 1 ? "entry" : "entries");
    if (check->newest >= 0) buffer_print(&line, ", the newest of %s", check->newest_day);
    add_languages(check, &line);
    if (check->unusable) buffer_print(&line, "; %zu cannot be used", check->unusable);
    say("%s", line.at);
    if (check->note.length) say("[source \"%.*s\"] %.*s", SPAN_ARGS(check->section), SPAN_ARGS(check->note));
    buffer_free(&line);
}

static void add_json(const struct source_check *check, struct span reason, bool listed, cJSON *json) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "source", check->section);
    json_add(item, "kind", listed ? SPAN("feed") : check->kind);
    if (listed) json_add(item, "feed", check->address);
    cJSON_AddBoolToObject(item, "works", reason.length == 0);
    json_add_filled(item, "reason", reason);
    cJSON_AddNumberToObject(item, "entries", (double)check->entries);
    cJSON_AddNumberToObject(item, "unusable", (double)check->unusable);
    json_add_filled(item, "newest", span_of(check->newest_day));
    cJSON *languages = cJSON_AddArrayToObject(item, "languages");
    for (size_t i = 0; i < check->language_count; i++) json_append(languages, check->languages[i]);
    json_add_filled(item, "note", check->note);
    cJSON_AddItemToArray(json, item);
}

bool online_sources_tell(const struct online_sources *reading, cJSON *json) {
    bool all_work = true;
    for (size_t i = 0; i < reading->count; i++) {
        const struct source_check *check = &reading->checks[i];
        bool listed = check->name.length > check->section.length;
        struct span reason = reason_of(reading, check);
        all_work = all_work && !reason.length;
        if (json) add_json(check, reason, listed, json);
        if (!json && !reason.length) tell_one(check, listed);
        if (reason.length)
            say_error("[source \"%.*s\"]%s%.*s: %.*s", SPAN_ARGS(check->section), listed ? " " : "",
                      SPAN_ARGS(listed ? check->address : SPAN("")), SPAN_ARGS(reason));
    }
    return all_work;
}
