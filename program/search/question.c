#include "program/search/question.h"

#include <stdlib.h>
#include <string.h>

#include "program/search/words.h"
#include "stages/decode/compose.h"

/* ---------------------------------------------------------------- reading */

struct asker {
    struct question *question;
    struct arena *arena;
    bool too_many;
};

static void add_word(struct asker *asker, struct question_unit *unit, const struct search_word *word) {
    unit->words = arena_grow(asker->arena, unit->words, unit->count, &unit->capacity, sizeof *unit->words);
    unit->words[unit->count++] = arena_copy(asker->arena, (struct span){word->text, word->length});
}

/* The last character alone, after a pair, says that the text ends there. Where the unit ends, the text may go on, so it
 * is left out; and a unit of one such character is the beginning of a pair. */
static void add_unit(struct asker *asker, struct span text) {
    struct question_unit unit = {0};
    struct search_word word, held = {0};
    bool one = false;
    for (size_t at = 0; search_word_next(text, &at, &word);) {
        if (held.length) add_word(asker, &unit, &held);
        held.length = 0;
        one = word.pair && !word.last && text_count((struct span){word.text, word.length}) == 1;
        if (word.last)
            held = word;
        else
            add_word(asker, &unit, &word);
    }
    unit.prefix = one || span_ends(text, SPAN("*"));
    if (!unit.count) return;
    asker->too_many = asker->too_many || asker->question->count == QUESTION_UNITS;
    if (!asker->too_many) asker->question->units[asker->question->count++] = unit;
}

static void add_words(struct asker *asker, struct span text) {
    while ((text = span_trim(text)).length) {
        size_t length = 0;
        while (length < text.length && !text_is_space(text.at[length])) length++;
        add_unit(asker, span_cut(text, 0, length));
        text = span_cut(text, length, text.length);
    }
}

/* Every other piece between quotes is a phrase; the last one need not be closed. */
static void add_argument(struct asker *asker, struct span text) {
    struct span piece;
    if (!memchr(text.at, '"', text.length)) {
        add_unit(asker, span_trim(text));
        return;
    }
    for (bool quoted = false; span_next(&text, '"', &piece); quoted = !quoted) {
        if (quoted)
            add_unit(asker, span_trim(piece));
        else
            add_words(asker, piece);
    }
}

static bool is_too_long(char *const *arguments, size_t count) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) length += strlen(arguments[i]) + 1;
    return length > QUESTION_BYTES;
}

/* Texts were composed (NFC) when they were decoded; keyboards and file managers may write otherwise. */
static void read_argument(struct asker *asker, const char *argument) {
    struct buffer composed = BUFFER(4 * QUESTION_BYTES);
    size_t places = 0;
    struct span text = span_of(argument);
    add_argument(asker, text.length ? compose_text(text, &composed, &places) : SPAN(""));
    buffer_free(&composed);
}

bool question_read(char *const *arguments, size_t count, struct arena *arena, struct question *ret_question,
                   struct failure *ret_failure) {
    struct asker asker = {.question = ret_question, .arena = arena};
    *ret_question = (struct question){0};
    if (count == 0)
        return failure_fatal(ret_failure, EXIT_USAGE, "nothing to search for; write `dragoman search WORD...`");
    if (is_too_long(arguments, count))
        return failure_fatal(ret_failure, EXIT_USAGE, "the words to search for are longer than %d bytes",
                             QUESTION_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (!text_valid(span_of(arguments[i])))
            return failure_fatal(ret_failure, EXIT_USAGE, "argument %zu is not UTF-8", i + 1);
        read_argument(&asker, arguments[i]);
    }
    if (asker.too_many)
        return failure_fatal(ret_failure, EXIT_USAGE, "more than %d words to search for", QUESTION_UNITS);
    return ret_question->count ||
           failure_fatal(ret_failure, EXIT_USAGE, "nothing to search for: '%s' has no letters or digits", arguments[0]);
}

void question_match(const struct question *question, struct buffer *out) {
    for (size_t i = 0; i < question->count; i++) {
        const struct question_unit *unit = &question->units[i];
        buffer_add_string(out, i ? " AND \"" : "\"");
        for (size_t j = 0; j < unit->count; j++) buffer_print(out, "%s%.*s", j ? " " : "", SPAN_ARGS(unit->words[j]));
        buffer_add_string(out, unit->prefix ? "\" *" : "\"");
    }
}

/* ---------------------------------------------------------------- finding it in a text */

/* Returns the end of the unit if it occurs in the text from `at` on, else 0. */
static size_t unit_end(const struct question_unit *unit, struct span text, size_t at) {
    struct search_word word = {.to = 0};
    for (size_t i = 0; i < unit->count; i++) {
        if (!search_word_next(text, &at, &word)) return 0;
        struct span found = {word.text, word.length};
        bool last = i + 1 == unit->count;
        if (!(last && unit->prefix ? span_starts(found, unit->words[i]) : span_equal(found, unit->words[i]))) return 0;
    }
    return word.to;
}

/* A pair that only begins with the unit is marked up to its first character. */
static size_t marked_end(const struct question_unit *unit, struct span text, const struct search_word *word,
                         size_t end) {
    uint32_t rune;
    bool one = unit->prefix && unit->count == 1 && word->pair && text_count(unit->words[0]) == 1;
    return one ? word->from + text_next(text, word->from, &rune) : end;
}

size_t question_find(const struct question *question, struct span text, struct question_hit ret_hits[QUESTION_HITS],
                     size_t *ret_units) {
    struct search_word word;
    size_t count = 0;
    uint32_t seen = 0;
    for (size_t at = 0, next = 0; at = next, search_word_next(text, &next, &word);) {
        for (size_t i = 0; i < question->count; i++) {
            size_t end = unit_end(&question->units[i], text, at);
            if (!end) continue;
            seen |= 1u << i;
            end = marked_end(&question->units[i], text, &word, end);
            bool joins = count && word.from <= ret_hits[count - 1].to;
            if (joins && end > ret_hits[count - 1].to) ret_hits[count - 1].to = end;
            if (!joins && count < QUESTION_HITS) ret_hits[count++] = (struct question_hit){word.from, end};
        }
    }
    *ret_units = 0;
    for (size_t i = 0; i < question->count; i++) *ret_units += seen >> i & 1;
    return count;
}
