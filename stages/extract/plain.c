#include "stages/extract/plain.h"

#include <string.h>

#include "stages/extract/date_trust.h"
#include "stages/extract/plain_head.h"
#include "stages/extract/plain_mail.h"
#include "stages/language/model.h"

enum {
    LONGEST_HEADING = 90,    /* columns */
    SHORTEST_BELOW = 80,     /* min. columns of the line that follows a heading */
    LONGEST_STANDFIRST = 260 /* characters */
};

bool plain_words_open(const char *data_folder, const struct date_words *dates, const struct phrases *phrases,
                      struct arena *arena, struct plain_words *ret_words, struct failure *ret_failure) {
    struct plain_words words = {.dates = dates, .phrases = phrases};
    words.marks = marks_read(data_folder, arena, ret_failure);
    if (!words.marks || !line_words_read(data_folder, arena, &words.lines, ret_failure) ||
        !model_open(data_folder, &words.model, ret_failure))
        return false;
    *ret_words = words;
    return true;
}

void plain_words_close(struct plain_words *words) {
    model_close(words->model);
}

/* ---------------------------------------------------------------- blocks */

/* Returns true for a heading: a short line after an empty line, followed by a line that is long enough to be its text.
 */
static bool is_heading(const struct plain_words *words, const struct lines *lines, size_t index) {
    const struct plain_line *line = &lines->all[index];
    if (index + 1 == lines->count || line->columns > LONGEST_HEADING || text_ends_sentence(words->marks, line->text))
        return false;
    if (span_ends(line->text, SPAN(",")) || span_ends(line->text, SPAN(":")) || !line->gap) return false;
    return line[1].columns >= SHORTEST_BELOW && !line[1].quoted;
}

/* Adds the block for a line. A quoted line is a quotation even if it looks like a list item or a heading. */
static void add_text(const struct plain_words *words, const struct lines *lines, size_t index,
                     struct article *article) {
    const struct plain_line *line = &lines->all[index];
    struct span text = line->text;
    if (plain_is_furniture(words, line)) return;
    size_t mark = line_list_mark(text);
    enum block_kind kind = BLOCK_PARAGRAPH;
    if (line->quoted)
        kind = BLOCK_QUOTE;
    else if (plain_is_caption(words, line))
        kind = BLOCK_CAPTION;
    /* a single line with a dash may be dialogue; a list has at least two lines */
    else if (mark && ((index > 0 && line_list_mark(line[-1].text)) ||
                      (index + 1 < lines->count && line_list_mark(line[1].text))))
        kind = BLOCK_LIST_ITEM;
    else if (is_heading(words, lines, index))
        kind = BLOCK_HEADING;
    if (kind == BLOCK_LIST_ITEM) text = span_trim(span_cut(text, mark, text.length));
    article_add_block(article, kind, arena_copy(article->arena, text));
}

/* Adds the blocks for the lines at the top. Only text, captions and the stand-first become blocks. */
static void add_head(const struct plain_words *words, const struct lines *lines, const struct head *head,
                     struct article *article) {
    for (size_t i = 0; i < head->end; i++) {
        if (head->roles[i] == ROLE_STANDFIRST) {
            article_add_block(article, BLOCK_STANDFIRST, arena_copy(article->arena, lines->all[i].text));
            article_note_field(article, FIELD_STANDFIRST, SPAN("line below the headline"));
        }
        if (head->roles[i] == ROLE_TEXT || head->roles[i] == ROLE_CAPTION) add_text(words, lines, i, article);
    }
}

/* Drops counters and phrases such as "Share" from the end of the text. */
static void cut_end(const struct plain_words *words, struct lines *lines) {
    for (const struct plain_line *last; lines->count > 1; lines->count--) {
        last = &lines->all[lines->count - 1];
        if (!plain_is_counter(words, last->text) && !plain_is_furniture(words, last)) return;
    }
}

/* Turns the first block into a stand-first if it is short and not a sentence, and text follows. */
static void find_standfirst(const struct plain_words *words, struct article *article) {
    if (article->block_count < 3) return;
    struct block *first = &article->body[0];
    bool short_one = first->kind == BLOCK_HEADING ||
                     (first->kind == BLOCK_PARAGRAPH && !text_ends_sentence(words->marks, first->text));
    if (!short_one || !article->title.source.length || text_count(first->text) > LONGEST_STANDFIRST) return;
    if (plain_is_numbers(words, first->text)) return;
    first->kind = BLOCK_STANDFIRST;
    article_note_field(article, FIELD_STANDFIRST, SPAN("first line of the text"));
}

/* ---------------------------------------------------------------- the whole text */

/* Returns the language of the text. It decides what a month's name means, so it is guessed here, before the identify
 * stage runs. */
static struct span language_of(const struct plain_words *words, struct span text, const struct article *article) {
    return article->feed.language.length ? article->feed.language : span_of(model_guess(words->model, text).code);
}

/* Takes the title and the date from the header of an email. The subject is a better title than the first line of the
 * text. */
static void take_mail(const struct plain_words *words, const struct mail_head *mail, struct span language,
                      struct article *article) {
    struct date date;
    article_take_field(article, FIELD_TITLE, mail->subject, SPAN("mail subject"));
    if (mail->sent.length && date_find(words->dates, mail->sent, language, &date) &&
        date_is_credible(span_of(date.iso), article->origin.collected))
        article_take_field(article, FIELD_PUBLISHED, span_of(date.iso), SPAN("mail date"));
}

/* Takes the fields found in the lines at the top. Dates that cannot be true are ignored, as they are on pages. */
static void take_head(const struct lines *lines, const struct head *head, struct article *article) {
    struct span place = head->title == 0 ? SPAN("first line") : SPAN("line at the top");
    if (head->title != SIZE_MAX) article_take_field(article, FIELD_TITLE, lines->all[head->title].text, place);
    if (date_is_credible(head->published, article->origin.collected))
        article_take_field(article, FIELD_PUBLISHED, head->published, SPAN("date line"));
    if (date_is_credible(head->modified, article->origin.collected))
        article_take_field(article, FIELD_MODIFIED, head->modified, SPAN("date line"));
    if (!head->author.length || article->author_count) return;
    article_add_author(article, arena_copy(article->arena, head->author));
    article_note_field(article, FIELD_AUTHORS, SPAN("by-line"));
}

/* The header of an email is removed before hard-wrapped lines are joined, because its fields would be joined too. */
void plain_read(const struct plain_words *words, struct span text, struct article *article) {
    struct arena *arena = arena_new();
    struct span language = language_of(words, text, article);
    struct lines lines = lines_cut(text, arena);
    struct mail_head mail = plain_mail_strip(&words->lines, &lines);
    take_mail(words, &mail, language, article);
    lines_unwrap(&lines, arena);
    cut_end(words, &lines);
    struct head head = plain_head_read(words, &lines, article->title.source, language, arena);
    take_head(&lines, &head, article);
    add_head(words, &lines, &head, article);
    for (size_t i = head.end; i < lines.count; i++) add_text(words, &lines, i, article);
    find_standfirst(words, article);
    arena_free(arena);
}
