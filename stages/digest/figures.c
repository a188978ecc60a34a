#include "stages/digest/figures.h"

#include <stdlib.h>

#include "stages/check/quantities.h"
#include "stages/digest/html.h"
#include "stages/language/unicode.h"

/* Only the beginning of each article is read, and only of so many articles: the rest repeats it. */
enum {
    MAX_ARTICLES = 40,
    BLOCKS = 6,
    MAX_FIGURES = 4000,
    MAX_ROWS = 4,
    MAX_VALUES_SHOWN = 4,
    MAX_NAMED = 3,
    MAX_NOUN = 40,
    MIN_NOUN = 3
};

/* One number of one article, and what it counts. */
struct count {
    const struct article *article;
    size_t number;                   /* of the article */
    struct span noun, word, written; /* the word is the noun as it stands there: "families" */
    double value;
    bool ambiguous; /* the article counts this with different results itself */
};

struct counts {
    struct count *items;
    size_t count, capacity;
};

/* What the articles give as one row of the table: counts[from, to), sorted by value. */
struct row_of_counts {
    size_t from, to, outlets;
};

/* The rows of a story's table and their counts. */
struct story_figures {
    struct count *counts;
    struct row_of_counts *rows;
    size_t row_count;
};

/* ---------------------------------------------------------------- reading numbers */

/* Returns the noun in the singular, as far as an "s" tells, in lower case. */
static struct span noun_of(struct arena *arena, struct span word) {
    char *small = arena_take(arena, word.length * 2 + 1);
    struct span noun = {small, text_lower(word, small)};
    if (noun.length > MIN_NOUN && span_ends(noun, SPAN("s")) && !span_ends(noun, SPAN("ss"))) noun.length--;
    return noun;
}

/* Returns what the table says about the word: "-" if it is not what a number counts, the noun for which it stands, or
 * else the word itself. */
static struct span counted(const struct table *table, struct span word) {
    for (size_t i = 0; i < table->count; i++)
        if (span_equal_ascii_fold_all(table->rows[i].cells[0], word)) return table->rows[i].cells[1];
    return word;
}

/* Returns what the word right behind a number says that it counts; empty if that is nothing. */
static struct span word_after(const struct english_tables *tables, const struct reading *reading, size_t at) {
    if (reading_has_sign(reading, at, "%")) return counted(tables->counted, SPAN("%"));
    if (at >= reading->count || reading->tokens[at].kind != TOKEN_WORD || reading->tokens[at].glued) return SPAN("");
    struct span word = counted(tables->counted, reading->tokens[at].written);
    return word.length >= MIN_NOUN && word.length <= MAX_NOUN ? word : SPAN("");
}

/* Returns the number as it is written, with its scale word: "35 million". */
static struct span written_of(const struct reading *reading, const struct quantity *quantity) {
    struct span first = reading->tokens[quantity->from].written, last = reading->tokens[quantity->to - 1].written;
    return (struct span){first.at, (size_t)(last.at + last.length - first.at)};
}

static void take_number(const struct english_tables *tables, const struct reading *reading,
                        const struct quantity *quantity, struct count count, struct arena *arena, struct counts *ret) {
    bool plain = quantity->kind == QUANTITY_DIGITS || quantity->kind == QUANTITY_WORDS;
    if (!plain || quantity->is_day || quantity->value_count == 0 || quantity->to <= quantity->from) return;
    struct span word = word_after(tables, reading, quantity->to);
    if (!word.length || ret->count >= MAX_FIGURES) return;
    count.noun = noun_of(arena, word);
    count.word = arena_copy(arena, word);
    count.written = arena_copy(arena, written_of(reading, quantity));
    count.value = quantity->values[0];
    ret->items = arena_grow(arena, ret->items, ret->count, &ret->capacity, sizeof count);
    ret->items[ret->count++] = count;
}

static void read_text(const struct english_tables *tables, struct span english, struct count count, struct arena *arena,
                      struct counts *ret) {
    unsigned language = word_tables_language(tables->words, SPAN("en"));
    struct reading reading = reading_make(tables->words, language, english);
    struct quantities quantities = {0};
    quantities_read(tables->words, &reading, true, &quantities);
    for (size_t i = 0; i < quantities.count; i++)
        take_number(tables, &reading, &quantities.items[i], count, arena, ret);
    quantities_free(&quantities);
    reading_free(&reading);
}

/* Sentences that failed or may be wrong are left out, or the table would compare mistakes of the translation. */
static void read_article(const struct english_tables *tables, const struct article *article, size_t number,
                         struct arena *arena, struct counts *ret) {
    struct count count = {.article = article, .number = number};
    if (article->title.status == SEGMENT_OK) read_text(tables, article->title.target, count, arena, ret);
    for (size_t i = 0; i < article->block_count && i < BLOCKS; i++)
        for (size_t j = 0; j < article->body[i].segment_count; j++)
            if (article->body[i].segments[j].status == SEGMENT_OK)
                read_text(tables, article->body[i].segments[j].target, count, arena, ret);
}

/* ---------------------------------------------------------------- finding differences */

static int by_noun(const void *left, const void *right) {
    const struct count *a = left, *b = right;
    int order = span_compare(a->noun, b->noun);
    if (!order && a->number != b->number) order = a->number < b->number ? -1 : 1;
    return order ? order : (a->value > b->value) - (a->value < b->value);
}

static int by_value(const void *left, const void *right) {
    const struct count *a = left, *b = right;
    if (a->ambiguous != b->ambiguous) return a->ambiguous ? 1 : -1;
    if (!quantity_same(a->value, b->value)) return a->value < b->value ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* An article that tells of 12 people and of 15 people tells of different people. All but one of the same number are
 * marked as well, so that each article counts once. The counts are sorted by noun and article. */
static void mark_ambiguous(struct counts *counts) {
    for (size_t i = 0, end; i < counts->count; i = end) {
        const struct count *first = &counts->items[i];
        bool differs = false;
        for (end = i; end < counts->count && counts->items[end].number == first->number &&
                      span_equal(counts->items[end].noun, first->noun);
             end++)
            differs = differs || !quantity_same(counts->items[end].value, first->value);
        for (size_t j = i; j < end; j++) counts->items[j].ambiguous = differs || j > i;
    }
}

/* Returns the number of counts at the start that have the same value. */
static size_t same_values(const struct count *counts, size_t count) {
    size_t same = 1;
    while (same < count && quantity_same(counts[same].value, counts[0].value)) same++;
    return same;
}

static size_t count_values(const struct count *counts, size_t count) {
    size_t values = 0;
    for (size_t i = 0; i < count; i += same_values(counts + i, count - i)) values++;
    return values;
}

/* Returns whether two publishers give different numbers. Numbers that differ everywhere do not count the same thing.
 * `row` is reduced to the counts that may be shown. */
static bool differs(const struct counts *counts, struct row_of_counts *row) {
    size_t usable = row->from;
    while (usable < row->to && !counts->items[usable].ambiguous) usable++;
    row->to = usable;
    row->outlets = row->to - row->from;
    if (row->outlets < 2) return false;
    const struct count *low = &counts->items[row->from], *high = &counts->items[row->to - 1];
    return !quantity_same(low->value, high->value) && count_values(low, row->outlets) <= MAX_VALUES_SHOWN &&
           !span_equal(article_publisher(low->article), article_publisher(high->article));
}

static int by_outlets(const void *left, const void *right) {
    const struct row_of_counts *a = left, *b = right;
    if (a->outlets != b->outlets) return a->outlets < b->outlets ? 1 : -1;
    return (a->from > b->from) - (a->from < b->from);
}

static struct row_of_counts *find_rows(struct counts *counts, struct arena *arena, size_t *ret_count) {
    struct row_of_counts *rows = arena_take(arena, (counts->count + 1) * sizeof *rows);
    *ret_count = 0;
    for (size_t i = 0, end; i < counts->count; i = end) {
        for (end = i; end < counts->count && span_equal(counts->items[end].noun, counts->items[i].noun);) end++;
        qsort(counts->items + i, end - i, sizeof *counts->items, by_value);
        struct row_of_counts row = {.from = i, .to = end};
        if (differs(counts, &row)) rows[(*ret_count)++] = row;
    }
    if (*ret_count) qsort(rows, *ret_count, sizeof *rows, by_outlets);
    return rows;
}

/* ---------------------------------------------------------------- the table */

static bool is_named_before(const struct count *counts, size_t i) {
    for (size_t j = 0; j < i; j++)
        if (span_equal(article_publisher(counts[j].article), article_publisher(counts[i].article))) return true;
    return false;
}

/* Appends one value with the publishers that give it, each once. */
static void write_value(const struct count *counts, size_t count, bool off, struct buffer *out) {
    size_t named = 0;
    buffer_add_string(out, off ? "<td class=\"off\">" : "<td>");
    html_clipped(out, counts[0].written, 60);
    buffer_add_string(out, " <i>");
    for (size_t i = 0; i < count; i++) {
        if (is_named_before(counts, i)) continue;
        if (named++ < MAX_NAMED) {
            buffer_add_string(out, named > 1 ? ", " : "");
            html_publisher(out, counts[i].article);
        }
    }
    if (named > MAX_NAMED) buffer_print(out, " and %zu more", named - MAX_NAMED);
    buffer_add_string(out, "</i></td>");
}

/* Returns the longest form of what is counted, which is the plural if any article has it. */
static struct span longest_word(const struct count *counts, size_t count) {
    struct span longest = counts[0].word;
    for (size_t i = 1; i < count; i++)
        if (counts[i].word.length > longest.length) longest = counts[i].word;
    return longest;
}

static void write_row(const struct count *counts, size_t count, struct buffer *out) {
    size_t most = 0;
    for (size_t i = 0, same; i < count; i += same) {
        same = same_values(counts + i, count - i);
        if (same > most) most = same;
    }
    html_tagged(out, "<tr><th scope=\"row\">", longest_word(counts, count), "</th>");
    for (size_t i = 0, same; i < count; i += same) {
        same = same_values(counts + i, count - i);
        write_value(counts + i, same, same < most, out);
    }
    buffer_add_string(out, "</tr>\n");
}

/* ---------------------------------------------------------------- a story's figures */

static size_t read_counts(const struct day *day, const struct entry *entry, struct arena *arena, struct counts *counts,
                          struct row_of_counts **ret_rows) {
    size_t count;
    for (size_t i = 0; i < entry->count && i < MAX_ARTICLES; i++)
        read_article(day->english, entry->takes[i].article, i, arena, counts);
    if (counts->count) qsort(counts->items, counts->count, sizeof *counts->items, by_noun);
    mark_ambiguous(counts);
    *ret_rows = find_rows(counts, arena, &count);
    return count < MAX_ROWS ? count : MAX_ROWS;
}

/* Appends the counts of a row, with texts of their own. */
static struct row_of_counts keep_row(const struct counts *counts, const struct row_of_counts *row, struct arena *arena,
                                     struct story_figures *figures, size_t *length) {
    struct row_of_counts kept = {.from = *length, .to = *length + (row->to - row->from), .outlets = row->outlets};
    for (size_t i = row->from; i < row->to; i++) {
        struct count *count = &figures->counts[(*length)++];
        *count = counts->items[i];
        count->noun = arena_copy(arena, count->noun);
        count->word = arena_copy(arena, count->word);
        count->written = arena_copy(arena, count->written);
    }
    return kept;
}

/* Most numbers of a story stand in no row, so only those that do are kept. */
static struct story_figures *keep_rows(const struct counts *counts, const struct row_of_counts *rows, size_t row_count,
                                       struct arena *arena) {
    size_t length = 0, all = 0;
    struct story_figures *figures = arena_take(arena, sizeof *figures);
    for (size_t i = 0; i < row_count; i++) all += rows[i].to - rows[i].from;
    figures->counts = arena_take(arena, (all + 1) * sizeof *figures->counts);
    figures->rows = arena_take(arena, (row_count + 1) * sizeof *figures->rows);
    for (; figures->row_count < row_count; figures->row_count++)
        figures->rows[figures->row_count] = keep_row(counts, &rows[figures->row_count], arena, figures, &length);
    return figures;
}

static const struct story_figures *figures_of(const struct day *day, const struct entry *entry) {
    static const struct story_figures none;
    const struct story_figures **known = &day->figures[entry - day->entries];
    if (entry->outlets < 2 || !day->english) return &none;
    if (*known) return *known;
    struct arena *scratch = arena_new();
    struct counts counts = {0};
    struct row_of_counts *rows;
    size_t count = read_counts(day, entry, scratch, &counts, &rows);
    *known = keep_rows(&counts, rows, count, day->arena);
    arena_free(scratch);
    return *known;
}

void figures_html(const struct day *day, const struct entry *entry, struct buffer *out) {
    const struct story_figures *figures = figures_of(day, entry);
    if (!figures->row_count) return;
    buffer_add_string(out, "<table class=\"figs\"><caption>Figures on which the sources differ</caption>\n");
    for (size_t i = 0; i < figures->row_count; i++)
        write_row(figures->counts + figures->rows[i].from, figures->rows[i].to - figures->rows[i].from, out);
    buffer_add_string(out, "</table>\n");
}

static struct figure_value value_of(const struct count *counts, size_t count, struct arena *arena) {
    struct figure_value value = {counts[0].written, counts[0].value, arena_take(arena, count * sizeof *value.articles),
                                 count};
    for (size_t i = 0; i < count; i++) value.articles[i] = counts[i].article;
    return value;
}

static struct figure figure_of(const struct count *counts, size_t count, struct arena *arena) {
    struct figure figure = {counts[0].noun, arena_take(arena, count * sizeof *figure.values), 0};
    for (size_t i = 0, same; i < count; i += same) {
        same = same_values(counts + i, count - i);
        figure.values[figure.count++] = value_of(counts + i, same, arena);
    }
    return figure;
}

struct figure *figures_find(const struct day *day, const struct entry *entry, struct arena *arena, size_t *ret_count) {
    const struct story_figures *found = figures_of(day, entry);
    struct figure *figures = arena_take(arena, (found->row_count + 1) * sizeof *figures);
    for (*ret_count = 0; *ret_count < found->row_count; ++*ret_count) {
        const struct row_of_counts *row = &found->rows[*ret_count];
        figures[*ret_count] = figure_of(found->counts + row->from, row->to - row->from, arena);
    }
    return figures;
}
