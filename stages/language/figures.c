#include "stages/language/figures.h"

#include <string.h>

#include "stages/language/language_code.h"

/* ---------------------------------------------------------------- the table */

bool figures_read(const char *data_folder, struct arena *arena, struct table *ret_table, struct failure *ret_failure) {
    if (!table_read(data_folder, "decimals.tsv", arena, ret_table, ret_failure)) return false;
    for (size_t i = 0; i < ret_table->count; i++) {
        struct span language = ret_table->rows[i].cells[0], mark = ret_table->rows[i].cells[1];
        if (!span_is(mark, "comma") && !span_is(mark, "either"))
            return failure_fatal(ret_failure, EXIT_CONFIG, "tables/decimals.tsv: unknown mark '%.*s' of '%.*s'",
                                 SPAN_ARGS(mark), SPAN_ARGS(language));
    }
    return table_require_rows(ret_table, ret_failure);
}

static const struct row *find_row(const struct table *table, struct span language) {
    for (size_t i = 0; i < table->count; i++)
        if (span_equal_ascii_fold(table->rows[i].cells[0], language)) return &table->rows[i];
    return NULL;
}

enum figure_marks figures_marks(const struct table *table, struct span language) {
    const struct row *row = find_row(table, language);
    while (!row && language_code_widen(&language)) row = find_row(table, language);
    if (!row) return FIGURES_UNKNOWN;
    return span_is(row->cells[1], "comma") ? FIGURES_COMMA : FIGURES_EITHER;
}

/* ---------------------------------------------------------------- finding numbers */

static bool is_digit(struct span text, size_t i) {
    return i < text.length && (unsigned)(text.at[i] - '0') < 10;
}

static bool is_mark(struct span text, size_t i) {
    return i < text.length && (text.at[i] == '.' || text.at[i] == ',');
}

/* Returns the end of the run of digits and marks that begins at `from`; the last byte is a digit. */
static size_t end_of_run(struct span text, size_t from) {
    size_t end = from;
    while (is_digit(text, end) || (is_mark(text, end) && is_digit(text, end + 1))) end++;
    return end;
}

static bool is_letter(struct span text, size_t i) {
    return (unsigned)((text.at[i] | 32) - 'a') < 26;
}

static bool is_one_of(struct span text, size_t i, const char *bytes) {
    return text.at[i] && strchr(bytes, text.at[i]);
}

/* Returns whether the digits that end before the hyphen have no mark, as in a telephone number. */
static bool is_plain_before(struct span text, size_t hyphen) {
    size_t from = hyphen;
    while (from > 0 && is_digit(text, from - 1)) from--;
    return from < hyphen && (from == 0 || !is_mark(text, from - 1));
}

/* Returns whether the byte before a number makes it part of something else: a word, an address, a ratio. A hyphen may
 * also be a minus sign, or part of a range. */
static bool is_bound_before(struct span text, size_t from) {
    if (from == 0) return false;
    if (is_letter(text, from - 1) || is_one_of(text, from - 1, "/:@_#=.")) return true;
    if (text.at[from - 1] != '-' || from == 1) return false;
    return is_letter(text, from - 2) || is_plain_before(text, from - 1);
}

static bool is_bound_after(struct span text, size_t to) {
    if (to >= text.length) return false;
    if (is_one_of(text, to, "/:@_=")) return true;
    if (text.at[to] != '-' || !is_digit(text, to + 1)) return false;
    size_t end = to + 1;
    while (is_digit(text, end)) end++;
    return !is_mark(text, end);
}

bool figures_next(struct span text, size_t from, struct figure *ret_figure) {
    for (size_t i = from; i < text.length;) {
        if (!is_digit(text, i)) {
            i++;
            continue;
        }
        size_t to = end_of_run(text, i);
        struct span run = span_cut(text, i, to);
        bool marked = memchr(run.at, '.', run.length) || memchr(run.at, ',', run.length);
        if (marked && !is_bound_before(text, i) && !is_bound_after(text, to)) {
            *ret_figure = (struct figure){i, to};
            return true;
        }
        i = to;
    }
    return false;
}

/* ---------------------------------------------------------------- what a number means */

/* The shape of a number: its groups of digits and the marks between them. */
struct shape {
    size_t groups, first, last; /* number of groups; digits of the first and of the last one */
    bool threes;                /* all groups but the first and the last have three digits */
    bool one_mark;              /* all marks are the same, except perhaps the last one */
    char mark, last_mark;       /* the first mark and the last one */
};

static struct shape shape_of(struct span figure) {
    struct shape shape = {.threes = true, .one_mark = true};
    for (size_t i = 0, digits = 0; i <= figure.length; i++) {
        if (is_digit(figure, i)) {
            digits++;
            continue;
        }
        if (shape.groups > 0 && i < figure.length && digits != 3) shape.threes = false;
        if (shape.groups++ == 0) shape.first = digits;
        shape.last = digits;
        digits = 0;
        if (i == figure.length) break;
        if (shape.mark && shape.last_mark != shape.mark) shape.one_mark = false;
        if (!shape.mark) shape.mark = figure.at[i];
        shape.last_mark = figure.at[i];
    }
    return shape;
}

/* "1.234" and "12.345.678" */
static bool is_dotted(struct span figure, const struct shape *shape) {
    return shape->groups >= 2 && shape->first <= 3 && figure.at[0] != '0' && shape->threes && shape->last == 3 &&
           shape->mark == '.' && shape->last_mark == '.';
}

/* "1.234,5" */
static bool is_dotted_decimal(const struct shape *shape) {
    return shape->groups >= 3 && shape->first <= 3 && shape->threes && shape->one_mark && shape->mark == '.' &&
           shape->last_mark == ',';
}

/* "1,4": three digits after the comma could also be thousands */
static bool is_decimal(const struct shape *shape) {
    return shape->groups == 2 && shape->mark == ',' && shape->last != 3;
}

/* "2,125", which is one or the other */
static bool is_doubtful(const struct shape *shape) {
    return shape->groups == 2 && shape->mark == ',' && shape->last == 3;
}

/* Four groups of at most three digits may be an IP address. */
static bool may_be_address(const struct shape *shape) {
    return shape->groups == 4 && shape->mark == '.' && shape->last_mark == '.';
}

/* What the numbers of a text tell about its convention. */
struct evidence {
    bool comma, point;
};

/* A full stop before one or two digits may belong to a date or a time of day, so it is weak evidence; it only counts
 * where the language allows both conventions. */
static struct evidence read_evidence(struct span text) {
    struct evidence evidence = {0};
    struct figure figure;
    for (size_t at = 0; figures_next(text, at, &figure); at = figure.to) {
        struct span written = span_cut(text, figure.from, figure.to);
        struct shape shape = shape_of(written);
        if (is_dotted_decimal(&shape) || is_decimal(&shape) || is_dotted(written, &shape)) evidence.comma = true;
        if (shape.groups == 2 && shape.mark == '.' && shape.last != 3) evidence.point = true;
        if (shape.groups > 2 && shape.mark == ',') evidence.point = true;
    }
    return evidence;
}

static bool needs_change(enum figure_marks marks, struct span text, struct span figure, const struct shape *shape) {
    if (is_dotted_decimal(shape) || is_decimal(shape)) return true;
    if (!is_dotted(figure, shape) && !is_doubtful(shape)) return false;
    if (may_be_address(shape)) return false;
    struct evidence evidence = read_evidence(text);
    if (marks == FIGURES_EITHER && evidence.point) return false;
    return is_dotted(figure, shape) || evidence.comma || figure.at[0] == '0';
}

bool figures_in_english(enum figure_marks marks, struct span text, struct span figure, char ret_english[FIGURE_BYTES]) {
    struct shape shape = shape_of(figure);
    if (marks == FIGURES_UNKNOWN || figure.length >= FIGURE_BYTES || shape.groups < 2) return false;
    if (!needs_change(marks, text, figure, &shape)) return false;
    for (size_t i = 0; i < figure.length; i++)
        ret_english[i] = figure.at[i] == '.' ? ',' : figure.at[i] == ',' ? '.' : figure.at[i];
    ret_english[figure.length] = '\0';
    return true;
}

/* ---------------------------------------------------------------- whole texts */

static bool has_figure(struct span text, struct span wanted) {
    struct figure figure;
    for (size_t at = 0; figures_next(text, at, &figure); at = figure.to)
        if (span_equal(span_cut(text, figure.from, figure.to), wanted)) return true;
    return false;
}

void figures_write(enum figure_marks marks, struct span source, struct span english, struct buffer *out) {
    enum { MAX_FIGURES = 256 }; /* bounds the time: each number is looked for in the whole source */
    char changed[FIGURE_BYTES];
    struct figure figure;
    size_t done = 0, count = 0;
    while (marks != FIGURES_UNKNOWN && count++ < MAX_FIGURES && figures_next(english, done, &figure)) {
        struct span written = span_cut(english, figure.from, figure.to);
        buffer_add_span(out, span_cut(english, done, figure.from));
        if (has_figure(source, written) && figures_in_english(marks, source, written, changed))
            buffer_add_string(out, changed);
        else
            buffer_add_span(out, written);
        done = figure.to;
    }
    buffer_add_span(out, span_cut(english, done, english.length));
}
