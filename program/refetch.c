#include "program/refetch.h"

#include <string.h>

#include "stages/formats/feed.h"

enum { TEXT_LIMIT = 32 << 20 };

/* The id and version stay the same, so the source still recognises the article. */
static void copy_origin(const struct article *from, struct article *to) {
    struct arena *arena = to->arena;
    memcpy(to->id, from->id, sizeof to->id);
    to->origin.source = arena_copy(arena, from->origin.source);
    to->origin.address = arena_copy(arena, from->origin.address);
    to->origin.identity = arena_copy(arena, from->origin.identity);
    to->origin.version = arena_copy(arena, from->origin.version);
}

/* Returns the article's blocks, except captions, as HTML paragraphs. */
static struct span text_of(const struct article *from, struct arena *arena) {
    struct buffer page = BUFFER(TEXT_LIMIT);
    for (size_t i = 0; i < from->block_count; i++) {
        /* A caption in the feed's text would become a paragraph of the article. */
        if (from->body[i].kind == BLOCK_CAPTION) continue;
        buffer_add_string(&page, "<p>");
        feed_escape(from->body[i].text, &page);
        buffer_add_string(&page, "</p>\n");
    }
    struct span text = arena_copy(arena, buffer_span(&page));
    buffer_free(&page);
    return text;
}

/* Everything known about the article is put into its feed entry, because later stages take from there whatever the page
 * lacks. */
struct article *refetch_begin(struct article *partial) {
    struct article *article = article_new();
    struct arena *arena = article->arena;
    copy_origin(partial, article);
    article->feed =
        (struct feed_entry){.title = arena_copy(arena, partial->title.source),
                            .content = text_of(partial, arena),
                            .author = partial->author_count ? arena_copy(arena, partial->authors[0]) : SPAN(""),
                            .published = arena_copy(arena, partial->published),
                            .modified = arena_copy(arena, partial->modified),
                            .language = arena_copy(arena, span_of(partial->language.code)),
                            .section = arena_copy(arena, partial->section),
                            .image = arena_copy(arena, partial->image)};
    article_free(partial);
    return article;
}
