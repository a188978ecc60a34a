#include "stages/digest/watch.h"

#include <string.h>

#include "config/reader.h"
#include "stages/language/unicode.h"

/* Days with very many articles are loaded with this many blocks of each, so no more are searched on any day. */
enum { BLOCKS = 6, TEXT_LIMIT = 1 << 20 };

const struct setting watch_table[] = {
    SETTING("terms", SETTING_TEXT_AT(struct watch_settings, terms),
            .help = "names and words to watch for in sources and translations, separated by commas; `word*` also finds "
                    "longer words (default: the section's name)"),
    SETTINGS_END,
};

/* ---------------------------------------------------------------- reading the list */

static struct span lower(struct arena *arena, struct span text) {
    char *copy = arena_take(arena, text.length * 2 + 1);
    return (struct span){copy, text_lower(text, copy)};
}

static void add_terms(struct watch *watch, struct arena *arena, struct span written) {
    struct span term;
    size_t room = 0;
    while (span_next(&written, ',', &term)) {
        term = text_trim(term);
        if (!term.length || span_is(term, "*")) continue;
        watch->terms = arena_grow(arena, watch->terms, watch->count, &room, sizeof *watch->terms);
        watch->terms[watch->count++] = lower(arena, term);
    }
}

void watches_read(const struct config *config, struct arena *arena, struct watches *ret_watches) {
    size_t count = config ? config_section_count(config, watch_table) : 0;
    *ret_watches = (struct watches){0};
    for (size_t i = 0; i < count && i < MAX_WATCHES; i++) {
        const struct section *section = config_section_at(config, watch_table, i);
        const struct watch_settings *settings = section_values(section);
        struct watch *watch = &ret_watches->items[ret_watches->count++];
        watch->name = arena_copy(arena, section_name(section));
        add_terms(watch, arena, settings->terms.length ? settings->terms : watch->name);
    }
}

static bool has_terms(const struct section *section) {
    const struct watch_settings *settings = section_values(section);
    struct arena *arena = arena_new();
    struct watch watch = {0};
    add_terms(&watch, arena, settings->terms.length ? settings->terms : section_name(section));
    arena_free(arena);
    return watch.count > 0;
}

void watches_check(const struct config *config) {
    size_t count = config_section_count(config, watch_table);
    for (size_t i = 0; i < count && i < MAX_WATCHES; i++) {
        const struct section *section = config_section_at(config, watch_table, i);
        if (!has_terms(section))
            section_add_problem(section, "terms", SPAN(""), "this [watch] has no term to look for");
    }
    if (count > MAX_WATCHES)
        section_add_problem(config_section_at(config, watch_table, MAX_WATCHES), NULL, SPAN(""),
                            "there are more than %d [watch] sections", MAX_WATCHES);
}

/* ---------------------------------------------------------------- searching an article */

/* Returns whether the characters on both sides of a position belong to one word. */
static bool joins(struct span text, size_t position) {
    uint32_t before, after;
    if (position == 0 || position >= text.length) return false;
    text_previous(text, position, &before);
    text_next(text, position, &after);
    if (rune_is_unspaced(before) || rune_is_unspaced(after)) return false;
    return rune_is_word(before) && rune_is_word(after);
}

static bool has_term(struct span text, struct span term) {
    bool open = span_ends(term, SPAN("*"));
    if (open) term.length--;
    for (size_t from = 0, found; from < text.length; from = found + 1) {
        found = span_find(span_cut(text, from, text.length), term);
        if (found == SIZE_MAX) return false;
        found += from;
        if (!joins(text, found) && (open || !joins(text, found + term.length))) return true;
    }
    return false;
}

/* Appends a text in lower case. The line feed keeps terms from matching across two texts. */
static void add_text(struct buffer *out, struct span text) {
    enum { PIECE = 1024 };
    char small[PIECE * 2];
    while (text.length) {
        struct span piece = text_clip(text, PIECE);
        if (!piece.length) break;
        buffer_add(out, small, text_lower(piece, small));
        text = span_cut(text, piece.length, text.length);
    }
    buffer_add_string(out, "\n");
}

static void add_segment(struct buffer *out, const struct segment *segment) {
    add_text(out, segment->source);
    if (segment->status != SEGMENT_FAILED) add_text(out, segment->target);
}

static void add_article(struct buffer *out, const struct article *article) {
    add_segment(out, &article->title);
    for (size_t i = 0; i < article->summary.count; i++) add_text(out, article->summary.sentences[i].text);
    for (size_t i = 0; i < article->block_count && i < BLOCKS; i++)
        for (size_t j = 0; j < article->body[i].segment_count; j++) add_segment(out, &article->body[i].segments[j]);
}

static bool has_any(struct span text, const struct watch *watch) {
    for (size_t i = 0; i < watch->count; i++)
        if (has_term(text, watch->terms[i])) return true;
    return false;
}

uint64_t watches_match(const struct watches *watches, const struct article *article) {
    uint64_t found = 0;
    if (!watches || !watches->count) return 0;
    struct buffer text = BUFFER(TEXT_LIMIT);
    add_article(&text, article);
    for (size_t i = 0; i < watches->count; i++)
        if (has_any(buffer_span(&text), &watches->items[i])) found |= (uint64_t)1 << i;
    buffer_free(&text);
    return found;
}
