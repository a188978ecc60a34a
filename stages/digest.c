/* Writes the digest of the day: digest.html, digest.md, digest.json and feed.xml. */
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
    struct table languages;
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
    bool done = read_style(digest_state, context->data_folder, ret_failure) &&
                language_names_read(context->data_folder, digest_state->arena, &digest_state->languages, ret_failure);
    if (done)
        *ret_state = digest_state;
    else
        digest_close(digest_state);
    return done;
}

/* The names of the files and, in the same order, the functions that write them. */
static const char *const pages[] = {"digest.html", "digest.md", "digest.json", "feed.xml", NULL};
static bool (*const writers[])(const struct page *page, struct buffer *out) = {page_html, page_markdown, page_json,
                                                                               page_feed};

/* Writes the digest in all formats, using one buffer for one format after the other. */
static bool digest_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    const struct digest_state *digest_state = state;
    struct page page = {
        .edition = edition, .style = buffer_span(&digest_state->style), .languages = &digest_state->languages};
    struct buffer out = BUFFER(PAGE_LIMIT);
    bool fits = true;
    /* sorted once, because all formats use the same order */
    page.stories = stories_sort(edition, &page.count);
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
    .help = "edition: write digest.html, digest.md, digest.json and feed.xml",
    .open = digest_open,
    .close = digest_close,
    .edit = digest_edit,
    .pages = pages,
};
