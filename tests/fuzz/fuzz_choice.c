/* What users write to choose articles, after a first line that says which: a pattern, a selector, a question to the
 * archive. It is refused with a reason, or applied to its own text without leaving it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/pattern.h"
#include "config/selector.h"
#include "program/search/question.h"
#include "program/search/words.h"

enum { LIMIT = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

static void try_pattern(struct span text) {
    char why[200] = "";
    struct pattern *pattern = pattern_new(text, why);
    require(pattern || why[0]);
    if (pattern) pattern_matches(pattern, span_cut(text, 0, 64));
    pattern_free(pattern);
}

static void try_selector(struct span text) {
    const char *why = NULL;
    struct selector *selector = selector_new(text, &why);
    require(selector || (why && why[0]));
    if (selector) require(selector->count > 0 && selector->count <= SELECTOR_PATHS);
    selector_free(selector);
}

static void check_hits(const struct question *question, struct span text) {
    struct question_hit hits[QUESTION_HITS];
    size_t units = 0, count = question_find(question, text, hits, &units), end = 0;
    require(count <= QUESTION_HITS && units <= question->count);
    for (size_t i = 0; i < count; i++) {
        require(hits[i].from >= end && hits[i].to > hits[i].from && hits[i].to <= text.length);
        end = hits[i].to;
    }
}

static void try_question(struct span text, struct arena *arena) {
    char *arguments[] = {arena_string(arena, text)};
    struct question *question = arena_take(arena, sizeof *question);
    struct buffer match = BUFFER(64 * LIMIT);
    struct search_word word;
    for (size_t at = 0, last = 0; search_word_next(text, &at, &word); last = at)
        require(at >= last && word.length && word.length <= sizeof word.text && word.to <= text.length);
    if (question_read(arguments, 1, arena, question, NULL)) {
        question_match(question, &match);
        check_hits(question, text);
    }
    buffer_free(&match);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length < LIMIT ? length : LIMIT}, kind = {NULL, 0};
    struct arena *arena = arena_new();
    span_next(&rest, '\n', &kind);
    if (!text_valid(rest)) rest.length = 0;
    if (span_is(kind, "pattern")) try_pattern(rest);
    if (span_is(kind, "selector")) try_selector(rest);
    if (span_is(kind, "question")) try_question(rest, arena);
    arena_free(arena);
    return 0;
}
