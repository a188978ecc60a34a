/* Writes the digest of the day: index.html, digest.md, digest.json, digest.csv and feed.xml. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"
#include "pipeline/engine/edition.h"
#include "pipeline/net/url.h"
#include "stages/digest/feed.h"
#include "stages/digest/figures.h"
#include "stages/digest/front.h"
#include "stages/digest/html.h"
#include "stages/digest/page.h"
#include "stages/digest/story_page.h"
#include "stages/language/names.h"

enum { PAGE_LIMIT = 256 << 20, STYLE_LIMIT = 1 << 20 };

/* The data that all digests written in one run share. */
struct digest_state {
    struct buffer style, story_style;
    struct arena *arena;
    struct table languages, checks, counted;
    struct word_tables *words;
    struct sounds *sounds;
    struct english_tables english;
    struct watches watches;
    int morning; /* minutes after midnight */
    struct feed_place feed;
};

/* Returns whether the text is a time of day such as "08:00", and its minutes after midnight. */
static bool read_time(struct span text, int *ret_minutes) {
    long long hours, minutes;
    bool fits = span_form(text, "dd:dd") == text.length && span_number(span_cut(text, 0, 2), &hours) &&
                span_number(span_cut(text, 3, 5), &minutes) && hours < 24 && minutes < 60;
    if (fits) *ret_minutes = (int)(hours * 60 + minutes);
    return fits;
}

int digest_morning(const struct digest_settings *settings) {
    int minutes = 0;
    read_time(settings->morning, &minutes);
    return minutes;
}

static bool is_time(struct span text) {
    int minutes;
    return read_time(text, &minutes);
}

static bool is_address(struct span text) {
    return !url_fault(text) && span_find(text, SPAN("?")) == SIZE_MAX && span_find(text, SPAN("#")) == SIZE_MAX;
}

static const struct setting digest_table[] = {
    SETTING("morning", SETTING_TEXT_AT(struct digest_settings, morning), .default_value = "08:00", .fits = is_time,
            .expected = "a time of day such as 08:00",
            .help = "articles collected after this local time are marked as new on the day's page"),
    SETTING("url", SETTING_TEXT_AT(struct digest_settings, url), .fits = is_address,
            .expected = "an address such as https://news.example/digest",
            .help = "address of the output folder on the web, for the links and ids of feeds and the links of mails"),
    SETTING("feed", SETTING_CHOICE_AT(struct digest_settings, feed), .choices = "full summaries",
            .default_value = "full",
            .help = "contents of the feeds: headlines, summaries and links as a small page, or plain summaries only"),
    SETTING("feed_entries", SETTING_NUMBER_AT(struct digest_settings, feed_entries), .default_value = "200", .min = 1,
            .max = 5000, .help = "number of entries in the feed of all days (feed.xml)"),
    SETTINGS_END,
};

static void digest_close(void *state) {
    struct digest_state *digest_state = state;
    word_tables_close(digest_state->words);
    buffer_free(&digest_state->style);
    buffer_free(&digest_state->story_style);
    arena_free(digest_state->arena);
    free(digest_state);
}

static bool read_style(struct arena *arena, const char *data_folder, const char *name, struct buffer *style,
                       struct failure *ret_failure) {
    struct span path = arena_print(arena, "%s/tables/digest/%s", data_folder, name);
    return file_read(path.at, style) ||
           failure_fatal(ret_failure, EXIT_CONFIG, "cannot read %s: %s", path.at, strerror(errno));
}

/* All pages share base.css. */
static bool read_styles(struct digest_state *state, const char *data_folder, struct failure *ret_failure) {
    return read_style(state->arena, data_folder, "base.css", &state->style, ret_failure) &&
           read_style(state->arena, data_folder, "day.css", &state->style, ret_failure) &&
           read_style(state->arena, data_folder, "base.css", &state->story_style, ret_failure) &&
           read_style(state->arena, data_folder, "story.css", &state->story_style, ret_failure);
}

static bool read_tables(struct digest_state *state, const char *data_folder, struct failure *ret_failure) {
    state->english.counted = &state->counted;
    bool done = table_read(data_folder, "digest/findings.tsv", state->arena, &state->checks, ret_failure) &&
                table_read(data_folder, "digest/counted.tsv", state->arena, &state->counted, ret_failure) &&
                word_tables_open_one(data_folder, SPAN("en"), &state->words, ret_failure) &&
                sounds_read(data_folder, state->arena, &state->sounds, ret_failure) &&
                language_names_read(data_folder, state->arena, &state->languages, ret_failure);
    state->english.words = state->words;
    state->english.sounds = state->sounds;
    return done;
}

static bool digest_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct digest_state *digest_state = memory_take(sizeof *digest_state);
    *digest_state =
        (struct digest_state){.style = BUFFER(STYLE_LIMIT), .story_style = BUFFER(STYLE_LIMIT), .arena = arena_new()};
    const struct digest_settings *settings = context->settings;
    if (settings) read_time(settings->morning, &digest_state->morning);
    digest_state->feed = feed_place_of(settings, digest_state->arena);
    watches_read(context->config, digest_state->arena, &digest_state->watches);
    bool done = read_styles(digest_state, context->data_folder, ret_failure) &&
                read_tables(digest_state, context->data_folder, ret_failure);
    if (done)
        *ret_state = digest_state;
    else
        digest_close(digest_state);
    return done;
}

/* ---------------------------------------------------------------- writing */

static bool too_large(const struct edition *edition, const char *name, struct failure *ret_failure) {
    return failure_fatal(
        ret_failure, EXIT_IO,
        "%s of %s would be larger than %d MB: the day has too many articles (%zu) for one digest, though its records "
        "are "
        "complete; divide the sources among several configurations, or share a `store` and set `publish = no`",
        name, edition->day, PAGE_LIMIT >> 20, edition->count);
}

/* Writes the pages of the stories of which something has changed. */
static bool write_stories(const struct page *page, struct edition *edition, struct buffer *out,
                          struct failure *ret_failure) {
    char version[33], name[128];
    for (size_t i = 0; i < page->day->count; i++) {
        const struct entry *entry = &page->day->entries[i];
        struct buffer address = BUFFER(sizeof name);
        html_story_address(&address, entry->id);
        snprintf(name, sizeof name, "%.*s", SPAN_ARGS(buffer_span(&address)));
        buffer_free(&address);
        story_page_version(page, entry, version);
        if (edition_has_file(edition, name, version)) continue;
        buffer_clear(out);
        if (!story_page_write(page, entry, version, out)) return too_large(edition, name, ret_failure);
        if (!edition_add_file(edition, name, buffer_span(out), ret_failure)) return false;
    }
    return true;
}

/* An old address leads to the story that its story has become part of. */
static bool write_forwards(struct edition *edition, struct buffer *out, struct failure *ret_failure) {
    char name[128];
    for (size_t i = 0; i < edition->forward_count; i++) {
        struct buffer address = BUFFER(sizeof name);
        html_story_address(&address, edition->forwards[i].from);
        snprintf(name, sizeof name, "%.*s", SPAN_ARGS(buffer_span(&address)));
        buffer_free(&address);
        buffer_clear(out);
        story_page_forward(&edition->forwards[i], out);
        if (!edition_add_file(edition, name, buffer_span(out), ret_failure)) return false;
    }
    return true;
}

/* Writes more-2.html and so on. index.html has shown what is before *place. */
static bool write_more(const struct page *page, struct edition *edition, struct front_place *place, struct buffer *out,
                       struct failure *ret_failure) {
    char name[64];
    while (front_has_more(page, place)) {
        snprintf(name, sizeof name, "more-%zu.html", place->page);
        buffer_clear(out);
        if (!front_write(page, place, out)) return too_large(edition, name, ret_failure);
        if (!edition_add_file(edition, name, buffer_span(out), ret_failure)) return false;
    }
    return true;
}

/* The first page says how many follow, so it is made before them, but it is added after them: once it is in place, all
 * that it links to is. */
static bool write_front(const struct page *page, struct edition *edition, struct buffer *out,
                        struct failure *ret_failure) {
    struct front_place place = {.page = 1};
    struct buffer first = BUFFER(PAGE_LIMIT);
    bool done = front_write(page, &place, &first) || too_large(edition, "index.html", ret_failure);
    done = done && write_more(page, edition, &place, out, ret_failure) &&
           edition_add_file(edition, "index.html", buffer_span(&first), ret_failure);
    buffer_free(&first);
    return done;
}

/* The files of every edition and, in the same order, the functions that write them; index.html comes last. */
static const char *const pages[] = {"digest.csv",  "digest.md",  "digest.json", "feed.xml",
                                    "digest.html", "check.html", "index.html",  NULL};
static bool (*const writers[])(const struct page *page, struct buffer *out) = {
    page_csv, page_markdown, page_json, page_feed, page_moved, check_page_write};

static bool write_formats(const struct page *given, struct edition *edition, struct buffer *out,
                          struct failure *ret_failure) {
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        struct page_file file = {.edition = edition, .name = pages[i]};
        struct page page = *given;
        page.file = &file;
        buffer_clear(out);
        bool fits = writers[i](&page, out), done = page_finish(&page, out);
        if (!fits || file.written > PAGE_LIMIT) return too_large(edition, pages[i], ret_failure);
        if (!done) *ret_failure = file.failure;
        if (!done) return false;
    }
    return true;
}

static struct day *make_day(const struct digest_state *state, struct edition *edition) {
    struct day *day = day_new(edition, &state->languages, &state->checks, &state->watches, state->morning);
    day->english = &state->english;
    return day;
}

static bool write_page(const struct page *page, struct buffer *out) {
    struct front_place place = {.page = 1};
    return front_write(page, &place, out);
}

/* A selection is a single file, in one of the formats. */
static bool write_selection(const struct page *page, struct edition *edition, struct failure *ret_failure) {
    static const struct {
        const char *suffix;
        bool (*write)(const struct page *page, struct buffer *out);
    } formats[] = {
        {".html", write_page}, {".json", page_json}, {".md", page_markdown}, {".csv", page_csv}, {".xml", page_feed}};
    struct buffer out = BUFFER(PAGE_LIMIT);
    bool done = false;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(edition->selection->format, formats[i].suffix) == 0)
            done = (formats[i].write(page, &out) || too_large(edition, "the selection", ret_failure)) &&
                   edition_add_file(edition, formats[i].suffix, buffer_span(&out), ret_failure);
    buffer_free(&out);
    return done;
}

/* Writes the digest in all formats, using one buffer for one file after the other. */
static bool digest_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    const struct digest_state *digest_state = state;
    struct page page = {.edition = edition,
                        .day = make_day(digest_state, edition),
                        .style = buffer_span(&digest_state->style),
                        .story_style = buffer_span(&digest_state->story_style),
                        .checks = &digest_state->checks,
                        .languages = &digest_state->languages,
                        .feed = digest_state->feed};
    page.story_style_hash = (unsigned)span_hash(page.story_style);
    if (edition->selection) return write_selection(&page, edition, ret_failure);
    struct buffer out = BUFFER(PAGE_LIMIT);
    page.front_pages = front_pages(&page, &out);
    bool done = write_stories(&page, edition, &out, ret_failure) && write_forwards(edition, &out, ret_failure) &&
                write_formats(&page, edition, &out, ret_failure) && write_front(&page, edition, &out, ret_failure);
    buffer_free(&out);
    return done;
}

const struct stage stage_digest = {
    .name = "digest",
    .help = "edition: write the day's page and its other formats",
    .settings = {digest_table, sizeof(struct digest_settings)},
    .open = digest_open,
    .close = digest_close,
    .edit = digest_edit,
    .pages = pages,
};
