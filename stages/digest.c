/* The day's digest: digest.html, digest.md, digest.json and feed.xml. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"
#include "pipeline/engine/edition.h"
#include "stages/digest/page.h"

enum { PAGE_LIMIT = 256 << 20, STYLE_LIMIT = 1 << 20 };

struct press {
    struct buffer style;
    struct arena *arena;
    struct table languages;
};

static void digest_close(void *state) {
    struct press *press = state;
    buffer_free(&press->style);
    arena_free(press->arena);
    free(press);
}

static bool read_style(struct press *press, const char *data_folder, struct failure *ret_failure) {
    struct span path = arena_print(press->arena, "%s/tables/digest/style.css", data_folder);
    return file_read(path.at, &press->style) ||
           failure_fatal(ret_failure, EXIT_CONFIG, "cannot read %s: %s", path.at, strerror(errno));
}

static bool digest_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct press *press = memory_take(sizeof *press);
    *press = (struct press){.style = BUFFER(STYLE_LIMIT), .arena = arena_new()};
    bool done = read_style(press, context->data_folder, ret_failure) &&
                table_read(context->data_folder, "names.tsv", press->arena, &press->languages, ret_failure);
    if (done)
        *ret_state = press;
    else
        digest_close(press);
    return done;
}

/* The files, and what writes each of them. */
static const char *const pages[] = {"digest.html", "digest.md", "digest.json", "feed.xml", NULL};
static bool (*const faces[])(const struct page *page, struct buffer *out) = {page_html, page_markdown, page_json,
                                                                             page_feed};

static bool digest_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    const struct press *press = state;
    struct page page = {.edition = edition, .style = buffer_span(&press->style), .languages = &press->languages};
    struct buffer out = BUFFER(PAGE_LIMIT);
    bool fits = true;
    page.stories = stories_sort(edition, &page.count);
    for (size_t i = 0; pages[i] && fits; i++) {
        buffer_clear(&out);
        fits = faces[i](&page, &out);
        if (fits) edition_add_file(edition, pages[i], buffer_span(&out));
    }
    buffer_free(&out);
    return fits || failure_fatal(ret_failure, EXIT_IO, "the digest is larger than %d bytes", PAGE_LIMIT);
}

const struct stage stage_digest = {
    .name = "digest",
    .help = "edition: digest.html, digest.md, digest.json and feed.xml",
    .open = digest_open,
    .close = digest_close,
    .edit = digest_edit,
    .pages = pages,
};
