#include "stages/collect/pages.h"

#include "stages/formats/next_page.h"

bool pages_seek(const struct article *article, struct span page, struct span here, size_t count, struct arena *arena,
                struct span *ret_next) {
    if (count >= NEXT_PAGE_MAX) return false;
    *ret_next = next_page_find(page, here, article->origin.landed, count + 1, arena);
    return ret_next->length > 0;
}

bool pages_is(const struct article *article, struct span here, size_t number, struct arena *arena) {
    return next_page_is(here, article->origin.landed, number, arena);
}

/* Builds the new text separately, so that nothing is changed if it exceeds the limit. */
bool pages_append(struct article *article, struct span page, size_t limit) {
    struct buffer joined = BUFFER(limit);
    bool fits = buffer_add_span(&joined, article->origin.raw) && buffer_add_span(&joined, article_page_mark(article)) &&
                buffer_add_span(&joined, page);
    if (fits) article->origin.raw = arena_copy(article_document(article), buffer_span(&joined));
    buffer_free(&joined);
    return fits;
}
