/* Places and people of the day: names in the English headlines and summaries. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "stages/check/reading.h"
#include "stages/check/sounds.h"
#include "stages/digest/front.h"
#include "stages/digest/html.h"
#include "stages/language/unicode.h"

enum { MAX_WORDS = 3, MIN_SOUNDS = 4, MIN_LETTERS = 3, MAX_SHOWN = 24, MIN_ARTICLES = 2, MAX_NAMES = 50000 };

struct spelling {
    struct span text;
    size_t count;
};

struct name {
    struct spelling *best;      /* the most frequent spelling */
    const struct entry *entry;  /* the heaviest story that has it */
    const struct article *last; /* the article that has been counted last */
    size_t articles;
};

struct name_list {
    const struct day *day;
    struct arena *arena;
    struct hash_table spellings, names; /* by the text; by what it sounds like */
    const struct entry *entry;
    const struct article *article;
};

/* ---------------------------------------------------------------- counting */

/* Returns what spellings of one name have in common: the classes of its consonants if there are enough of them to tell
 * it from other names, else the name as it is written. */
static struct span sound_of(struct name_list *names, struct span text) {
    char *small = arena_take(names->arena, text.length * 2 + 1);
    struct span folded = {small, text_lower(text, small)};
    struct skeleton skeleton = sounds_of(names->day->english->sounds, folded);
    if (skeleton.count < MIN_SOUNDS) return folded;
    return arena_copy(names->arena, (struct span){skeleton.classes, skeleton.count});
}

static struct spelling *spell(struct name_list *names, struct span text) {
    struct spelling *spelling = hash_table_find(&names->spellings, text);
    if (!spelling) {
        spelling = arena_take(names->arena, sizeof *spelling);
        spelling->text = arena_copy(names->arena, text);
        hash_table_set(&names->spellings, spelling->text, spelling);
    }
    spelling->count++;
    return spelling;
}

static void add_name(struct name_list *names, struct span text) {
    if (names->spellings.count >= MAX_NAMES || text_count(text) < MIN_LETTERS) return;
    struct spelling *spelling = spell(names, text);
    struct span sound = sound_of(names, text);
    struct name *name = hash_table_find(&names->names, sound);
    if (!name) {
        name = arena_take(names->arena, sizeof *name);
        *name = (struct name){.best = spelling, .entry = names->entry};
        hash_table_set(&names->names, sound, name);
    }
    if (spelling->count > name->best->count) name->best = spelling;
    name->articles += name->last != names->article;
    name->last = names->article;
}

/* ---------------------------------------------------------------- finding */

/* Returns whether the word is the name of a month or a weekday, or a number. */
static bool is_calendar(const struct token *token) {
    for (const struct sense *sense = token->senses; sense; sense = sense->next)
        if (sense->role == ROLE_MONTH || sense->role == ROLE_MAYBE_MONTH || sense->role == ROLE_WEEKDAY ||
            sense->role == ROLE_MAYBE_WEEKDAY || sense->role == ROLE_CARDINAL)
            return true;
    return false;
}

static bool is_capital(const struct token *token) {
    uint32_t first;
    if (token->kind != TOKEN_WORD || is_calendar(token)) return false;
    text_next(token->written, 0, &first);
    return rune_is_upper(first);
}

/* A capital at the beginning of a sentence says nothing, so such words do not begin a name. */
static bool begins_sentence(const struct reading *reading, size_t i) {
    if (i == 0) return true;
    const struct token *before = &reading->tokens[i - 1];
    return before->kind == TOKEN_SIGN && !span_is(before->written, ",") && !span_is(before->written, "-");
}

static void read_text(struct name_list *names, struct span english) {
    const struct word_tables *words = names->day->english->words;
    struct reading reading = reading_make(words, word_tables_language(words, SPAN("en")), english);
    for (size_t i = 0; i < reading.count; i++) {
        if (!is_capital(&reading.tokens[i]) || begins_sentence(&reading, i)) continue;
        size_t last = i;
        while (last + 1 < reading.count && last + 1 < i + MAX_WORDS && is_capital(&reading.tokens[last + 1])) last++;
        const char *from = reading.tokens[i].written.at;
        struct span end = reading.tokens[last].written;
        add_name(names, (struct span){from, (size_t)(end.at + end.length - from)});
        i = last;
    }
    reading_free(&reading);
}

static void read_article(struct name_list *names, const struct article *article) {
    names->article = article;
    if (html_has_headline(article)) read_text(names, article->title.target);
    for (size_t i = 0; i < article->summary.count; i++) read_text(names, article->summary.sentences[i].text);
}

/* ---------------------------------------------------------------- the list */

static int by_frequency(const void *left, const void *right) {
    const struct name *a = *(const struct name *const *)left, *b = *(const struct name *const *)right;
    if (a->articles != b->articles) return a->articles < b->articles ? 1 : -1;
    return span_compare(a->best->text, b->best->text);
}

static void write_name(const struct day *day, const struct name *name, struct buffer *out) {
    struct buffer address = BUFFER(1 << 16);
    html_entry_address(day, name->entry, &address);
    buffer_add_string(out, "<span>");
    html_open_link(buffer_span(&address), out);
    buffer_free(&address);
    html_tagged(out, "", name->best->text, "</a>");
    buffer_print(out, " <span class=\"num\">%zu</span></span> ", name->articles);
}

static void write_names(const struct name_list *names, struct buffer *out) {
    struct name **list = arena_take(names->arena, (names->names.count + 1) * sizeof(struct name *)), *name;
    size_t count = 0;
    for (size_t position = 0; (name = hash_table_next(&names->names, &position));)
        if (name->articles >= MIN_ARTICLES) list[count++] = name;
    if (!count) return;
    qsort(list, count, sizeof *list, by_frequency);
    buffer_add_string(out, "<section><h2>Places and people</h2><p class=\"names\">");
    for (size_t i = 0; i < count && i < MAX_SHOWN; i++) write_name(names->day, list[i], out);
    buffer_add_string(out, "</p></section>\n");
}

void names_html(const struct day *day, struct buffer *out) {
    if (!day->english) return;
    struct arena *arena = arena_new();
    struct name_list names = {.day = day, .arena = arena, .spellings = HASH_TABLE(arena), .names = HASH_TABLE(arena)};
    for (size_t i = 0; i < day->count; i++) {
        names.entry = &day->entries[i];
        for (size_t j = 0; j < names.entry->count; j++) read_article(&names, names.entry->takes[j].article);
    }
    write_names(&names, out);
    arena_free(arena);
}
