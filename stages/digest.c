/* The day's digest: digest.html, digest.md and digest.json. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/edition.h"
#include "stages/digest/page.h"

enum { PAGE_LIMIT = 256 << 20, STYLE_LIMIT = 1 << 20 };

struct press {
    struct buffer style;
};

static void digest_close(void *state) {
    struct press *press = state;
    buffer_free(&press->style);
    free(press);
}

static bool digest_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct press *press = memory_take(sizeof *press);
    struct buffer path = BUFFER(1 << 16);
    char chunk[4096];
    press->style = BUFFER(STYLE_LIMIT);
    buffer_print(&path, "%s/tables/digest/style.css", context->data_folder);
    FILE *file = fopen(path.at, "rb");
    bool there = file || failure_fatal(ret_failure, EXIT_CONFIG, "cannot read %s: %s", path.at, strerror(errno));
    for (size_t length; file && (length = fread(chunk, 1, sizeof chunk, file)) > 0;) buffer_add(&press->style, chunk, length);
    if (file) fclose(file);
    buffer_free(&path);
    if (there) *ret_state = press;
    else digest_close(press);
    return there;
}

/* The leading article of each story first, in order; sorting is stable by the story's first appearance. */
static void order_by_story(struct edition *edition) {
    struct article **sorted = arena_take(edition->arena, (edition->count + 1) * sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; i < edition->count; i++) {
        struct article *lead = edition->articles[i];
        if (!span_is(lead->story, lead->id) && lead->story.length) continue;
        for (size_t j = i; j < edition->count; j++)
            if (j == i || span_is(edition->articles[j]->story, lead->id)) sorted[count++] = edition->articles[j];
    }
    if (count && count == edition->count) memcpy(edition->articles, sorted, count * sizeof *sorted);
}

static bool digest_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    const struct press *press = state;
    struct buffer html = BUFFER(PAGE_LIMIT), markdown = BUFFER(PAGE_LIMIT), json = BUFFER(PAGE_LIMIT);
    order_by_story(edition);
    bool fits = page_html(edition, buffer_span(&press->style), &html) && page_markdown(edition, &markdown) && page_json(edition, &json);
    if (fits) {
        edition_add_file(edition, "digest.html", buffer_span(&html));
        edition_add_file(edition, "digest.md", buffer_span(&markdown));
        edition_add_file(edition, "digest.json", buffer_span(&json));
    }
    buffer_free(&html);
    buffer_free(&markdown);
    buffer_free(&json);
    return fits || failure_fatal(ret_failure, EXIT_IO, "the digest is larger than %d bytes", PAGE_LIMIT);
}

const struct stage stage_digest = {
    .name = "digest",
    .help = "edition: digest.json, digest.html, digest.md",
    .open = digest_open,
    .close = digest_close,
    .edit = digest_edit,
};
