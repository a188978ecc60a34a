#include "stages/segment/trim.h"

const struct setting segment_table[] = {
    SETTING("max_paragraphs", SETTING_NUMBER_AT(struct segment_settings, max_paragraphs), .default_value = "3000",
            .min = 1, .max = 1000000,
            .help = "maximum number of paragraphs of an article; the rest is left out, and the article is partial"),
    SETTING("max_characters", SETTING_NUMBER_AT(struct segment_settings, max_characters), .default_value = "300000",
            .min = 100, .max = 100000000,
            .help = "maximum number of characters of an article; the rest is left out, and the article is partial"),
    SETTINGS_END,
};

enum { WORD_BYTES = 100 }; /* a longer word is cut in two */

/* Appends a sentence to the note about the text. */
static void add_note(struct article *article, struct span sentence) {
    struct span note = article->origin.note;
    article->origin.note =
        note.length ? arena_print(article->arena, "%.*s %.*s", SPAN_ARGS(note), SPAN_ARGS(sentence)) : sentence;
}

/* Returns the longest prefix of at most `characters` characters, without a part of a word at its end. */
static struct span clip(struct span text, size_t characters) {
    size_t end = 0;
    uint32_t rune;
    while (characters-- > 0 && end < text.length) end += text_next(text, end, &rune);
    size_t space = end;
    while (end < text.length && space > 0 && end - space < WORD_BYTES && !text_is_space(text.at[space - 1])) space--;
    bool found = space > 0 && text_is_space(text.at[space - 1]);
    return span_trim(span_cut(text, 0, found ? space : end));
}

static bool is_translated(const struct block *block) {
    for (size_t i = 0; i < block->segment_count; i++)
        if (block->segments[i].target.length) return true;
    return false;
}

/* Removes the blocks from `count` on, but none before the last one that has a translation. Returns whether there were
 * any. */
static bool keep_blocks(struct article *article, size_t count) {
    size_t before = article->block_count;
    while (article->block_count > count && !is_translated(&article->body[article->block_count - 1]))
        article->block_count--;
    return article->block_count < before;
}

static void trim_paragraphs(size_t most, struct article *article) {
    size_t before = article->block_count;
    if (!keep_blocks(article, most)) return;
    article->origin.truncated = true;
    add_note(article, arena_print(article->arena,
                                  "The article has %zu paragraphs, of which only %zu %s kept (segment.max_paragraphs).",
                                  before, article->block_count, article->block_count == 1 ? "is" : "are"));
}

/* Cuts the last block to `characters`; its segments are made again. */
static void trim_last(struct article *article, size_t characters) {
    struct block *block = &article->body[article->block_count - 1];
    if (is_translated(block)) return;
    block->text = clip(block->text, characters);
    block->segment_count = 0;
    article->block_count -= !block->text.length;
}

static void trim_characters(size_t most, struct article *article) {
    size_t characters = 0, count = 0, length = 0;
    for (; count < article->block_count && characters <= most; characters += length)
        length = text_count(article->body[count++].text);
    if (characters <= most) return;
    keep_blocks(article, count);
    if (article->block_count == count) trim_last(article, most - (characters - length));
    article->origin.truncated = true;
    add_note(article,
             arena_print(article->arena,
                         "The article has more than %zu character%s; the rest was left out (segment.max_characters).",
                         most, PLURAL(most)));
}

static void trim_title(struct article *article) {
    struct segment *title = &article->title;
    size_t characters = text_count(title->source);
    if (characters <= TRIM_TITLE || title->target.length) return;
    title->source = clip(title->source, TRIM_TITLE);
    article->origin.truncated = true;
    add_note(article,
             arena_print(article->arena, "The headline has %zu characters; only its beginning was kept.", characters));
}

static void trim_authors(struct article *article) {
    if (article->authors_cut) add_note(article, SPAN("The article names more authors than are listed."));
    if (article->author_count <= TRIM_AUTHORS) return;
    add_note(article, arena_print(article->arena, "The article names %zu authors; only the first %d are listed.",
                                  article->author_count, TRIM_AUTHORS));
    article->author_count = TRIM_AUTHORS;
}

void trim_article(const struct segment_settings *settings, struct article *article) {
    trim_title(article);
    trim_authors(article);
    trim_paragraphs((size_t)settings->max_paragraphs, article);
    trim_characters((size_t)settings->max_characters, article);
}
