#include "stages/extract/plain.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST_TITLE = 200, SHORTEST_WRAP = 50, LONGEST_WRAP = 100 };

static bool ends_sentence(struct span line) {
    static const char *const ends[] = {".", "!", "?", "\"", "”", "“", "»", "…", ":", "。", "！", "？"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (span_ends(line, span_of(ends[i]))) return true;
    return false;
}

static size_t count_digits(struct span line) {
    size_t digits = 0;
    for (size_t i = 0; i < line.length; i++) digits += line.at[i] >= '0' && line.at[i] <= '9';
    return digits;
}

/* A line of date, time and views: short, with digits, and no sentence. */
static bool is_counter_line(struct span line) {
    return text_count(line) < 60 && count_digits(line) >= 3 && !ends_sentence(line);
}

/* The headline again, perhaps with the number of the photo behind it. */
static bool repeats(struct span line, struct span title) {
    if (title.length == 0 || line.length > title.length + 12 || line.length < title.length) return false;
    size_t at = span_find(line, title);
    return at != SIZE_MAX && at <= 6;
}

static struct span next_line(struct span *rest, bool *ret_gap) {
    struct span line = {NULL, 0};
    *ret_gap = false;
    while (span_next(rest, '\n', &line)) {
        line = span_trim(line);
        if (line.length) return line;
        *ret_gap = true;
    }
    return (struct span){NULL, 0};
}

/* Joins a wrapped line to the block before it. */
static bool continues(const struct article *article, struct span line, size_t last_length, bool gap) {
    if (gap || article->block_count == 0 || last_length < SHORTEST_WRAP || last_length > LONGEST_WRAP) return false;
    return text_count(line) <= LONGEST_WRAP && !ends_sentence(article->body[article->block_count - 1].text);
}

static void add_line(struct article *article, struct span line, size_t *last_length, bool gap) {
    if (continues(article, line, *last_length, gap)) {
        struct block *block = &article->body[article->block_count - 1];
        block->text = arena_print(article->arena, "%.*s %.*s", SPAN_ARGS(block->text), SPAN_ARGS(line));
    } else {
        article_add_block(article, BLOCK_PARAGRAPH, arena_copy(article->arena, line));
    }
    *last_length = text_count(line);
}

/* The first line is the site's when the second is a longer one and neither ends like a sentence. */
static struct span take_title(struct span *rest) {
    bool gap;
    struct span first = next_line(rest, &gap), after = *rest, second = next_line(&after, &gap);
    if (ends_sentence(first) || text_count(first) > LONGEST_TITLE) return (struct span){NULL, 0};
    bool site_line = second.length > first.length && !ends_sentence(second) && text_count(first) < 40 && text_count(second) < LONGEST_TITLE;
    if (site_line) *rest = after;
    return site_line ? second : first;
}

void plain_read(struct span text, struct article *article) {
    struct span rest = text, whole = text;
    size_t last_length = 0;
    if (article->title.source.length == 0) {
        struct span title = take_title(&rest);
        if (title.length == 0) rest = whole;
        else article->title.source = arena_copy(article->arena, title);
    }
    bool gap;
    size_t seen = 0;
    for (struct span line; (line = next_line(&rest, &gap)).length; seen++) {
        if (seen < 5 && is_counter_line(line)) continue;
        if (seen < 5 && repeats(line, article->title.source)) continue;
        add_line(article, line, &last_length, gap);
    }
    if (article->block_count > 2 && article->title.source.length && text_count(article->body[0].text) < 300)
        article->body[0].kind = BLOCK_STANDFIRST;
}
