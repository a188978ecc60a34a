#include "stages/extract/plain_head.h"

#include <string.h>

#include "stages/language/unicode.h"

#include "stages/extract/date_words.h"

enum {
    LONGEST_DATE_LINE = 160,
    MAX_UNKNOWN = 3, /* max. number of words in a date line that are not in the tables */
    LONGEST_TITLE = 220,
    LONGEST_SITE = 40,
    LONGEST_CAPTION = 240,
    LONGEST_FURNITURE = 110,
    SHORTEST_STANDFIRST = 25,
    PROSE = 110,          /* min. columns of a paragraph that ends like a sentence */
    LONG_PROSE = 200,     /* min. columns of any other paragraph */
    LONGEST_IN_HEAD = 450 /* max. columns of a line in the head; a longer one belongs to the body */
};

/* ---------------------------------------------------------------- single lines */

/* Returns true for a paragraph: a long line, or a shorter one that ends like a sentence. */
static bool is_prose(const struct plain_words *words, const struct plain_line *line) {
    return line->columns >= LONG_PROSE || (line->columns >= PROSE && text_ends_sentence(words->marks, line->text));
}

/* Counts the words that are not in the tables of words for counters and dates, ignoring numbers. Stops at `max_count` +
 * 1. */
static size_t count_unknown_words(const struct plain_words *words, struct span text, size_t max_count) {
    char folded[LINE_FOLDED];
    static const enum line_word known[] = {LINE_COUNTER, LINE_PUBLISHED, LINE_UPDATED};
    struct span rest = line_fold(text, folded);
    size_t count = 0;
    while (rest.length && count <= max_count) {
        uint32_t rune;
        size_t size = text_next(rest, 0, &rune), length = 0;
        for (size_t i = 0; i < 3 && !length && rune_is_letter(rune); i++)
            length = line_begins(&words->lines, known[i], rest);
        if (!length && rune_is_letter(rune)) {
            count++;
            while (size < rest.length && text_next(rest, size, &rune) && rune_is_letter(rune))
                size += text_next(rest, size, &rune);
        }
        rest = span_cut(rest, length ? length : size, rest.length);
    }
    return count;
}

static bool has_digit(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9') return true;
    return false;
}

/* Next to a number, one unknown word is tolerated, because the table cannot list all words for counters. */
bool plain_is_counter(const struct plain_words *words, struct span line) {
    char folded[LINE_FOLDED];
    if (line.length > LONGEST_DATE_LINE) return false;
    return line_holds(&words->lines, LINE_COUNTER, line_fold(line, folded)) &&
           count_unknown_words(words, line, 1) <= has_digit(line);
}

bool plain_is_numbers(const struct plain_words *words, struct span line) {
    return line.length <= LONGEST_DATE_LINE && has_digit(line) && count_unknown_words(words, line, 0) == 0;
}

/* Returns true for "Photo: ..." or "(Photo: ...", but not for "Photo exhibition opens". */
bool plain_is_caption(const struct plain_words *words, const struct plain_line *line) {
    char folded[LINE_FOLDED];
    struct span rest = line_fold(line->text, folded);
    if (line->columns > LONGEST_CAPTION) return false;
    if (span_starts(rest, SPAN("©"))) return true;
    if (span_starts(rest, SPAN("(")) || span_starts(rest, SPAN("["))) rest = span_cut(rest, 1, rest.length);
    size_t length = line_begins(&words->lines, LINE_PHOTO, rest);
    if (!length) return false;
    rest = span_trim(span_cut(rest, length, rest.length));
    return rest.length && (strchr(":/|", rest.at[0]) || span_starts(rest, SPAN("：")) || span_starts(rest, SPAN("©")));
}

/* A long line that begins with a phrase such as "Share" is a sentence of the article, not a line of the site. */
bool plain_is_furniture(const struct plain_words *words, const struct plain_line *line) {
    if (line->columns > LONGEST_FURNITURE || plain_is_caption(words, line)) return false;
    return phrases_find(words->phrases, line->text) != PHRASE_NONE;
}

/* Reads all dates in the line. The first is the date of publication, unless it follows a word for "updated". */
static bool read_dates(const struct plain_words *words, struct span line, struct span language, struct head *head,
                       struct arena *arena, size_t *ret_unknown) {
    struct date date;
    struct span rest = line;
    size_t unknown = 0;
    bool found = false;
    while (rest.length && date_find(words->dates, rest, language, &date)) {
        char folded[LINE_FOLDED];
        struct span before = span_cut(rest, 0, date.from);
        bool updated =
            line_holds(&words->lines, LINE_UPDATED, line_fold(before, folded)) || (found && head->published.length);
        struct span *field = updated ? &head->modified : &head->published;
        if (!field->length) *field = arena_copy(arena, span_of(date.iso));
        unknown += count_unknown_words(words, before, MAX_UNKNOWN);
        rest = span_cut(rest, date.to, rest.length);
        found = true;
    }
    *ret_unknown = unknown + count_unknown_words(words, rest, MAX_UNKNOWN);
    return found;
}

/* Returns true for a line with a date and only a few unknown words. With more words, the line is a headline or a
 * sentence that mentions a day. More words are tolerated if there is a time of day, fewer in the first line, which is
 * often the headline. */
static bool is_date_line(const struct plain_words *words, const struct plain_line *line, bool first,
                         struct span language, struct head *head, struct arena *arena) {
    struct head found = {0};
    size_t unknown = 0;
    if (line->columns > LONGEST_DATE_LINE || !read_dates(words, line->text, language, &found, arena, &unknown))
        return false;
    bool has_time =
        span_find(found.published, SPAN("T")) != SIZE_MAX || span_find(found.modified, SPAN("T")) != SIZE_MAX;
    size_t allowed = first && !has_time ? 1 : has_time ? 2 * MAX_UNKNOWN : MAX_UNKNOWN;
    if (unknown > allowed) return false;
    if (!head->published.length) head->published = found.published;
    if (!head->modified.length) head->modified = found.modified;
    return true;
}

/* Letters of scripts without case are treated as capitals. */
static bool begins_with_capital(struct span text) {
    uint32_t rune;
    if (text.length == 0) return false;
    text_next(text, 0, &rune);
    return rune_is_letter(rune) && !rune_is_lower(rune);
}

/* Returns the length in bytes of the part of `line` whose folded form has `folded` bytes. */
static size_t unfolded_length(struct span line, size_t folded) {
    char scratch[LINE_FOLDED];
    size_t at = 0, length = 0;
    while (at < line.length && length < folded) {
        uint32_t rune;
        at += text_next(line, at, &rune);
        date_fold(rune, scratch, sizeof scratch, &length);
    }
    return at;
}

/* Returns true for lines such as "Автор: Иван Петров" or "By Jane Doe", in which a few words follow the label and the
 * first one has a capital. */
static bool is_byline(const struct plain_words *words, const struct plain_line *line, struct span *ret_author) {
    enum { MAX_WORDS = 6 };
    char folded[LINE_FOLDED];
    size_t length = line_begins(&words->lines, LINE_BYLINE, line_fold(line->text, folded)), count = 0;
    if (!length || line->columns > 80 || has_digit(line->text)) return false;
    struct span rest = span_trim(span_cut(line->text, unfolded_length(line->text, length), line->text.length)), word;
    if (span_starts(rest, SPAN(":"))) rest = span_trim(span_cut(rest, 1, rest.length));
    for (struct span left = rest; span_next(&left, ' ', &word); count++)
        if (!begins_with_capital(word) && count == 0) return false;
    if (count == 0 || count > MAX_WORDS || text_ends_sentence(words->marks, rest)) return false;
    *ret_author = rest;
    return true;
}

/* ---------------------------------------------------------------- finding the headline */

/* Returns true for a line that may be the headline: a short text without any other role. */
static bool is_candidate(const struct plain_words *words, const struct head *head, const struct lines *lines,
                         size_t index) {
    const struct plain_line *line = &lines->all[index];
    return head->roles[index] == ROLE_TEXT && line->columns <= LONGEST_TITLE && !is_prose(words, line);
}

/* Returns true if the texts are equal except for case and punctuation. Short texts are never the same, because they
 * often match by accident. */
static bool is_same_text(struct span a, struct span b) {
    char one[LINE_FOLDED], two[LINE_FOLDED];
    struct span key = line_key(a, false, one);
    return key.length >= 8 && span_equal(key, line_key(b, false, two));
}

/* Returns true if `longer` is the title followed by the site's name, as in "Headline | Site". */
static bool is_followed_by_site(struct span longer, struct span title) {
    if (title.length < 12 || !span_starts(longer, title)) return false;
    struct span rest = span_trim(span_cut(longer, title.length, longer.length));
    static const char *const joints[] = {"|", "-", "–", "—", "·", "»", ":"};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (span_starts(rest, span_of(joints[i]))) return true;
    return false;
}

/* Finds a text that occurs twice. The headline is the first of the two lines, or the second if the first also has the
 * site's name. */
static size_t find_repeated(const struct plain_words *words, const struct head *head, const struct lines *lines) {
    for (size_t i = 0; i < head->count; i++)
        for (size_t j = i + 1; j < head->count && is_candidate(words, head, lines, i); j++) {
            if (head->roles[j] != ROLE_TEXT) continue;
            if (is_followed_by_site(lines->all[i].text, lines->all[j].text)) return j;
            if (is_same_text(lines->all[i].text, lines->all[j].text)) return i;
        }
    return SIZE_MAX;
}

/* Returns true for an address, or a path within the site such as "Начало » Свят" or "Home > World". */
static bool is_path(struct span line) {
    return span_find(line, SPAN(" > ")) != SIZE_MAX || span_find(line, SPAN(" » ")) != SIZE_MAX ||
           span_find(line, SPAN(" › ")) != SIZE_MAX || span_find(line, SPAN(" / ")) != SIZE_MAX ||
           span_find(line, SPAN("://")) != SIZE_MAX;
}

/* Returns true for a line that may be the headline. It may end with a full stop only if it is the first line and
 * separated from the text. */
static bool may_be_title(const struct plain_words *words, const struct head *head, const struct lines *lines,
                         size_t index) {
    const struct plain_line *line = &lines->all[index];
    if (!is_candidate(words, head, lines, index) || is_path(line->text) || line_list_mark(line->text)) return false;
    bool full_stop = text_ends_sentence(words->marks, line->text) && !span_ends(line->text, SPAN("?")) &&
                     !span_ends(line->text, SPAN("!"));
    bool alone =
        index + 1 < lines->count && (line[1].gap || (index + 1 < head->count && head->roles[index + 1] != ROLE_TEXT));
    return !full_stop || (index == 0 && alone && lines->count > 3 && line[1].columns > line->columns);
}

/* Returns the first line that may be the headline. If that line is short and a longer candidate follows, it is the name
 * of the site or section, and the longer line is returned. */
static size_t find_first(const struct plain_words *words, const struct head *head, const struct lines *lines) {
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < head->count && i < 6; i++) {
        const struct plain_line *line = &lines->all[i];
        if (!may_be_title(words, head, lines, i)) {
            bool sentence = head->roles[i] == ROLE_TEXT && line->columns > LONGEST_SITE &&
                            text_ends_sentence(words->marks, line->text);
            if ((best != SIZE_MAX && !is_path(line->text)) || sentence) break;
            continue;
        }
        bool better =
            best == SIZE_MAX || (lines->all[best].columns < LONGEST_SITE && line->columns > lines->all[best].columns &&
                                 !text_ends_sentence(words->marks, line->text));
        if (!better) break;
        best = i;
    }
    return best;
}

/* Returns the line with the title, if the title is known. Otherwise, a line that is repeated is most likely the
 * headline. */
static size_t find_title(const struct plain_words *words, const struct head *head, const struct lines *lines,
                         struct span known) {
    for (size_t i = 0; i < head->count && known.length; i++)
        if (is_same_text(lines->all[i].text, known)) return i;
    if (known.length) return SIZE_MAX;
    size_t repeated = find_repeated(words, head, lines);
    return repeated != SIZE_MAX ? repeated : find_first(words, head, lines);
}

/* ---------------------------------------------------------------- assigning the roles */

/* Returns the role of a line. The first line is often the headline, so it is not dropped even if it looks like a phrase
 * of the site or a by-line. */
static enum line_role role_of(const struct plain_words *words, const struct lines *lines, size_t index,
                              struct span language, struct head *head, struct arena *arena) {
    const struct plain_line *line = &lines->all[index];
    struct span author;
    if (is_date_line(words, line, index == 0, language, head, arena)) return ROLE_DATE;
    if (plain_is_counter(words, line->text) || plain_is_numbers(words, line->text)) return ROLE_COUNTER;
    if (plain_is_caption(words, line)) return ROLE_CAPTION;
    if (index > 0 && plain_is_furniture(words, line)) return ROLE_ABOVE;
    if (index == 0 || !is_byline(words, line, &author)) return ROLE_TEXT;
    if (!head->author.length) head->author = arena_copy(arena, author);
    return ROLE_BYLINE;
}

/* Assigns roles to the lines of the head, which ends before a quotation, a long line or the third paragraph. */
static void read_roles(const struct plain_words *words, const struct lines *lines, struct span language,
                       struct head *head, struct arena *arena) {
    size_t paragraphs = 0;
    for (; head->count < lines->count && head->count < HEAD_LINES; head->count++) {
        const struct plain_line *line = &lines->all[head->count];
        paragraphs += is_prose(words, line);
        if (line->quoted || line->columns > LONGEST_IN_HEAD || paragraphs > 2) break;
        head->roles[head->count] = role_of(words, lines, head->count, language, head, arena);
    }
}

/* Returns true for roles that show that the lines above belong to the head, not to the body. */
static bool is_evidence(enum line_role role) {
    return role == ROLE_DATE || role == ROLE_COUNTER || role == ROLE_BYLINE || role == ROLE_REPEAT;
}

/* Marks the headline and its repetitions. Text above the headline, unless it is a paragraph, is the name of the site or
 * section. */
static void mark_title(const struct plain_words *words, const struct lines *lines, struct span known,
                       struct head *head) {
    struct span title = head->title == SIZE_MAX ? known : lines->all[head->title].text;
    for (size_t i = 0; i < head->count; i++) {
        if (i == head->title)
            head->roles[i] = known.length ? ROLE_REPEAT : ROLE_TITLE;
        else if (head->roles[i] != ROLE_TEXT)
            continue;
        else if (is_same_text(lines->all[i].text, title) || is_followed_by_site(lines->all[i].text, title))
            head->roles[i] = ROLE_REPEAT;
        else if (head->title != SIZE_MAX && i < head->title && !is_prose(words, &lines->all[i]))
            head->roles[i] = ROLE_ABOVE;
    }
}

/* Returns true for a line with numbers or a date and no word that explains them, such as "views" or "updated". */
static bool is_bare(const struct plain_words *words, const struct lines *lines, const struct head *head, size_t index) {
    static const enum line_word telling[] = {LINE_COUNTER, LINE_PUBLISHED, LINE_UPDATED};
    char folded[LINE_FOLDED];
    struct span line = line_fold(lines->all[index].text, folded);
    if (head->roles[index] != ROLE_COUNTER && head->roles[index] != ROLE_DATE) return false;
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++)
        if (line_holds(&words->lines, telling[i], line)) return false;
    return true;
}

/* The bare lines of the head: those with numbers or dates and no word that explains them. `after_text` tells whether
 * text precedes the line. */
struct bare_lines {
    bool is[HEAD_LINES], after_text[HEAD_LINES];
    size_t turns, dates; /* turns: number of bare lines directly after text; dates: how many of these have a date */
};

/* Finds the bare lines and counts those directly after text. Of several bare lines in a row, only the first is counted.
 */
static struct bare_lines find_bare(const struct plain_words *words, const struct lines *lines, const struct head *head,
                                   size_t first) {
    struct bare_lines bare = {.turns = 0};
    bool any_text = false, text = false;
    for (size_t i = first; i < head->count; i++) {
        any_text = any_text || head->roles[i] == ROLE_TEXT;
        text = text || head->roles[i] == ROLE_TEXT;
        bare.after_text[i] = any_text;
        bare.is[i] = is_bare(words, lines, head, i);
        if (!bare.is[i]) continue;
        bare.turns += text;
        bare.dates += text && head->roles[i] == ROLE_DATE;
        text = false;
    }
    return bare;
}

/* Keeps the numbers of results, interviews and chronologies, in which text and numbers alternate. Other bare numbers
 * describe the page, like a count of views, but only if they precede all text; a single bare date may also follow the
 * stand-first. */
static void keep_lists(const struct plain_words *words, const struct lines *lines, size_t first, struct head *head) {
    struct bare_lines bare = find_bare(words, lines, head, first);
    bool told = false;
    for (size_t i = first; i < head->count; i++) {
        bool date = head->roles[i] == ROLE_DATE, listed = bare.turns > 1 && (bare.after_text[i] || !date);
        told = told || (date && !bare.is[i]);
        if (bare.is[i] && (listed || (date && bare.dates > 1) || (!date && bare.after_text[i])))
            head->roles[i] = ROLE_TEXT;
        told = told || head->roles[i] == ROLE_DATE;
    }
    if (bare.dates > 1 && !told) head->published = head->modified = SPAN("");
}

/* Returns the end of the head: after the last line about the page that is separated from the headline by at most one
 * text. */
static size_t end_of_head(const struct lines *lines, const struct head *head, size_t first) {
    size_t end = first, texts = 0;
    for (size_t i = first; i < head->count && texts < 2; i++) {
        if (is_evidence(head->roles[i])) end = i + 1;
        texts += head->roles[i] == ROLE_TEXT && lines->all[i].columns >= SHORTEST_STANDFIRST;
    }
    return end;
}

/* Marks the text inside the head as the stand-first. */
static void mark_standfirst(const struct lines *lines, size_t first, struct head *head) {
    head->end = end_of_head(lines, head, first);
    for (size_t i = first; i < head->end; i++)
        if (head->roles[i] == ROLE_TEXT)
            head->roles[i] = lines->all[i].columns < SHORTEST_STANDFIRST ? ROLE_ABOVE : ROLE_STANDFIRST;
}

/* Finds the headline before separating the stand-first from the body, because both follow it. */
struct head plain_head_read(const struct plain_words *words, const struct lines *lines, struct span title,
                            struct span language, struct arena *arena) {
    struct head head = {0};
    read_roles(words, lines, language, &head, arena);
    head.title = find_title(words, &head, lines, title);
    mark_title(words, lines, title, &head);
    size_t first = head.title == SIZE_MAX ? 0 : head.title + 1;
    keep_lists(words, lines, first, &head);
    mark_standfirst(lines, first, &head);
    return head;
}
