#include "program/search/result.h"

#include "pipeline/article/record.h"
#include "pipeline/base/file.h"
#include "program/search/page.h"

/* Characters of a sentence that are shown before the first hit, and in all. */
enum { SHOWN_BEFORE = 80, SHOWN = 240 };

/* ---------------------------------------------------------------- snippets */

/* Moves `at` by `count` characters, back or on. */
static size_t move(struct span text, size_t at, size_t count, bool back) {
    uint32_t rune;
    while (count-- && (back ? at > 0 : at < text.length))
        at = back ? at - text_previous(text, at, &rune) : at + text_next(text, at, &rune);
    return at;
}

/* Cuts a long sentence, keeping its first hit in view, and moves the hits to where they are in the rest. */
static void cut_snippet(struct snippet *snippet) {
    size_t first = snippet->hit_count ? snippet->hits[0].from : 0;
    size_t from = move(snippet->text, first, SHOWN_BEFORE, true), to = move(snippet->text, from, SHOWN, false);
    size_t kept = 0;
    snippet->cut_before = from > 0;
    snippet->cut_after = to < snippet->text.length;
    for (size_t i = 0; i < snippet->hit_count; i++) {
        struct question_hit hit = snippet->hits[i];
        if (hit.from >= to) break;
        snippet->hits[kept++] = (struct question_hit){hit.from - from, (hit.to < to ? hit.to : to) - from};
    }
    snippet->hit_count = kept;
    snippet->text = span_cut(snippet->text, from, to);
}

/* A translation that was rejected, or that equals its source, is not shown. */
static struct span english_of(const struct segment *segment) {
    return segment->status == SEGMENT_FAILED || segment->copied ? SPAN("") : segment->target;
}

static size_t find_in(const struct question *question, struct span text, struct snippet *snippet) {
    size_t units = 0;
    snippet->text = text;
    snippet->hit_count = question_find(question, text, snippet->hits, &units);
    return units;
}

/* Chooses the first sentence in which most of the question occurs, in either language. The headline is shown anyway,
 * so a sentence of the text is preferred to it. */
static void choose(struct search_result *result, const struct question *question) {
    size_t best = 0;
    for (struct segment_walk walk = {0}; segment_walk_next(result->article, &walk);) {
        struct snippet english, source;
        size_t in_english = find_in(question, english_of(walk.segment), &english);
        size_t in_source = find_in(question, walk.segment->source, &source);
        size_t units = in_english > in_source ? in_english : in_source;
        bool better = units > best || (units && units == best && result->segment_id == 0 && walk.block);
        if (!better) continue;
        best = units;
        result->segment = walk.segment;
        result->segment_id = walk.id;
        result->english = english;
        result->source = source;
    }
    cut_snippet(&result->english);
    cut_snippet(&result->source);
}

/* ---------------------------------------------------------------- the record */

static struct article *read_article(const char *output_folder, struct span path) {
    struct buffer name = BUFFER(1 << 16), text = BUFFER(RECORD_LIMIT);
    struct article *article = NULL;
    buffer_print(&name, "%s/%.*s", output_folder, SPAN_ARGS(path));
    bool sound = file_read(name.at, &text) && !text.full && record_intact(buffer_span(&text)) &&
                 record_read(buffer_span(&text), 0, &article, NULL);
    buffer_free(&name);
    buffer_free(&text);
    return sound ? article : NULL;
}

struct search_result *search_result_read(const char *output_folder, struct span day, struct span file,
                                         const struct question *question) {
    struct arena *arena = arena_new();
    struct span path = arena_print(arena, "%.*s/articles/%.*s", SPAN_ARGS(day), SPAN_ARGS(file));
    struct article *article = read_article(output_folder, path);
    struct search_result *result = NULL;
    if (article) {
        result = arena_take(article->arena, sizeof *result);
        result->article = article;
        result->record = arena_copy(article->arena, path);
        result->page = search_page_of(article, output_folder, day);
        choose(result, question);
    }
    arena_free(arena);
    return result;
}
