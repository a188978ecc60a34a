/* Writes the digest of the day: index.html, digest.md, digest.json and feed.xml. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"
#include "pipeline/engine/edition.h"
#include "stages/digest/page.h"
#include "stages/language/names.h"

enum { PAGE_LIMIT = 256 << 20, STYLE_LIMIT = 1 << 20 };

/* The data that all digests written in one run share. */
struct digest_state {
    struct buffer style;
    struct arena *arena;
    struct table languages, checks;
    struct watches watches;
    int morning; /* minutes after midnight */
};

struct digest_settings {
    struct span morning;
};

/* Returns whether the text is a time of day such as "08:00", and its minutes after midnight. */
static bool read_time(struct span text, int *ret_minutes) {
    long long hours, minutes;
    bool fits = span_form(text, "dd:dd") == text.length && span_number(span_cut(text, 0, 2), &hours) &&
                span_number(span_cut(text, 3, 5), &minutes) && hours < 24 && minutes < 60;
    if (fits) *ret_minutes = (int)(hours * 60 + minutes);
    return fits;
}

static bool is_time(struct span text) {
    int minutes;
    return read_time(text, &minutes);
}

static const struct setting digest_table[] = {
    SETTING("morning", SETTING_TEXT_AT(struct digest_settings, morning), .default_value = "08:00", .fits = is_time,
            .expected = "a time of day such as 08:00",
            .help = "local time since when articles are marked as new on the day's page"),
    SETTINGS_END,
};

static void digest_close(void *state) {
    struct digest_state *digest_state = state;
    buffer_free(&digest_state->style);
    arena_free(digest_state->arena);
    free(digest_state);
}

static bool read_style(struct digest_state *digest_state, const char *data_folder, struct failure *ret_failure) {
    struct span path = arena_print(digest_state->arena, "%s/tables/digest/style.css", data_folder);
    return file_read(path.at, &digest_state->style) ||
           failure_fatal(ret_failure, EXIT_CONFIG, "cannot read %s: %s", path.at, strerror(errno));
}

static bool digest_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct digest_state *digest_state = memory_take(sizeof *digest_state);
    *digest_state = (struct digest_state){.style = BUFFER(STYLE_LIMIT), .arena = arena_new()};
    const struct digest_settings *settings = context->settings;
    if (settings) read_time(settings->morning, &digest_state->morning);
    watches_read(context->config, digest_state->arena, &digest_state->watches);
    bool done = read_style(digest_state, context->data_folder, ret_failure) &&
                table_read(context->data_folder, "digest/findings.tsv", digest_state->arena, &digest_state->checks,
                           ret_failure) &&
                language_names_read(context->data_folder, digest_state->arena, &digest_state->languages, ret_failure);
    if (done)
        *ret_state = digest_state;
    else
        digest_close(digest_state);
    return done;
}

/* The names of the files and, in the same order, the functions that write them. */
static const char *const pages[] = {"digest.md", "digest.json", "feed.xml", "digest.html", "index.html", NULL};
static bool (*const writers[])(const struct page *page, struct buffer *out) = {page_markdown, page_json, page_feed,
                                                                               page_moved, page_html};

/* Writes the digest in all formats, using one buffer for one format after the other. */
static bool digest_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    const struct digest_state *digest_state = state;
    struct page page = {.edition = edition,
                        .day = day_new(edition, &digest_state->languages, &digest_state->checks, &digest_state->watches,
                                       digest_state->morning),
                        .style = buffer_span(&digest_state->style),
                        .languages = &digest_state->languages};
    struct buffer out = BUFFER(PAGE_LIMIT);
    bool fits = true;
    for (size_t i = 0; pages[i] && fits; i++) {
        buffer_clear(&out);
        fits = writers[i](&page, &out);
        if (fits) edition_add_file(edition, pages[i], buffer_span(&out));
    }
    buffer_free(&out);
    return fits || failure_fatal(ret_failure, EXIT_IO, "the digest is larger than %d bytes", PAGE_LIMIT);
}

const struct stage stage_digest = {
    .name = "digest",
    .help = "edition: write index.html, digest.md, digest.json and feed.xml",
    .settings = {digest_table, sizeof(struct digest_settings)},
    .open = digest_open,
    .close = digest_close,
    .edit = digest_edit,
    .pages = pages,
};
