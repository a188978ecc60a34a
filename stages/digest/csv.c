/* Writes the digest as a table (RFC 4180): a header and one row an article, those that wait or have failed at the end.
 */
#include "pipeline/base/clock.h"
#include "pipeline/base/visible.h"
#include "stages/digest/html.h"
#include "stages/language/unicode.h"

enum { CELL_LIMIT = 4 << 20, NOTES_LIMIT = 16 << 20 };

/* ---------------------------------------------------------------- cells */

/* Whether a spreadsheet would take the text for a formula. Some remove spaces first, and some know the full-width forms
 * of the signs. */
static bool starts_formula(struct span text) {
    uint32_t rune;
    for (size_t at = 0; at < text.length;) {
        at += text_next(text, at, &rune);
        if (rune == '\t' || rune == '\r' || rune == '\n') return true;
        if (!rune_is_space(rune) && !rune_is_invisible(rune))
            return strchr("=+-@", rune < 0x80 ? (int)rune : '!') || rune == 0xFF1D || rune == 0xFF0B ||
                   rune == 0xFF0D || rune == 0xFF20;
    }
    return false;
}

/* Whether a cell may hold the character: lines and tabs, but nothing else that is obeyed instead of shown. */
static bool fits_cell(uint32_t rune) {
    return rune == '\n' || rune == '\t' || !rune_is_obeyed(rune);
}

/* Appends a cell in quotation marks; those within it are doubled. */
static void write_cell(struct buffer *out, struct span text) {
    buffer_add_string(out, starts_formula(text) ? "\"'" : "\"");
    size_t copied = 0;
    for (size_t i = 0, size; i < text.length; i += size) {
        uint32_t rune;
        size = text_next(text, i, &rune);
        if (rune != '"' && fits_cell(rune)) continue;
        buffer_add_span(out, span_cut(text, copied, i));
        if (rune == '"') buffer_add_string(out, "\"\"");
        copied = i + size;
    }
    buffer_add_span(out, span_cut(text, copied, text.length));
    buffer_add_string(out, "\"");
}

/* A row is made cell by cell, in the order of the header. */
struct csv_row {
    struct buffer *out;
    struct buffer cell; /* for cells that are put together */
    size_t count;
};

static void add_text(struct csv_row *row, struct span text) {
    buffer_add_string(row->out, row->count++ ? "," : "");
    if (text.length) write_cell(row->out, text);
}

static void add_number(struct csv_row *row, size_t number) {
    buffer_add_string(row->out, ",");
    buffer_add_number(row->out, number);
    row->count++;
}

static void add_flag(struct csv_row *row, bool flag) {
    add_text(row, flag ? SPAN("yes") : SPAN("no"));
}

/* Adds what has been put together in row->cell, and clears it. */
static void add_cell(struct csv_row *row) {
    add_text(row, buffer_span(&row->cell));
    buffer_clear(&row->cell);
}

static void add_empty(struct csv_row *row, size_t count) {
    for (size_t i = 0; i < count; i++) add_text(row, SPAN(""));
}

static void end_row(struct csv_row *row) {
    buffer_add_string(row->out, "\r\n");
    row->count = 0;
}

static const char header[] =
    "day,id,story,lead,status,title,title_doubt,title_source,language,publisher,source,section,"
    "country,published,dated,when,collected,new,new_in_last_run,copy_of,watches,suspect,failed,"
    "summary,doubts,notes,url,record,page,since,reason\r\n";

/* ---------------------------------------------------------------- an article */

/* Puts a part into row->cell, with what separates it from the part before. */
static void add_part(struct csv_row *row, const char *separator, struct span text) {
    buffer_add_string(&row->cell, separator);
    buffer_add_span(&row->cell, text);
}

static void add_summary(struct csv_row *row, const struct article *article) {
    for (size_t i = 0; i < article->summary.count; i++) {
        const struct summary_sentence *sentence = &article->summary.sentences[i];
        add_part(row, i ? " " : "", sentence->text);
        if (sentence->doubt.length) buffer_print(&row->cell, " [to check: %.*s]", SPAN_ARGS(sentence->doubt));
    }
    add_cell(row);
}

/* Adds the sentences that must be checked: "4: the source says 17, the English says 71 | 7: not translated: ...". */
static void add_doubts(struct csv_row *row, const struct article *article) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        const struct segment *segment = walk.segment;
        if (segment->status != SEGMENT_SUSPECT && segment->status != SEGMENT_FAILED) continue;
        buffer_add_string(&row->cell, row->cell.length ? " | " : "");
        buffer_add_number(&row->cell, walk.id);
        buffer_add_string(&row->cell, segment->status == SEGMENT_FAILED ? ": not translated: " : ": ");
        for (size_t i = 0; i < segment->finding_count; i++) add_part(row, i ? "; " : "", segment->findings[i].message);
    }
    add_cell(row);
}

static void add_notes(struct csv_row *row, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) add_part(row, i ? " " : "", notes[i]);
    add_cell(row);
}

static void add_watches(struct csv_row *row, const struct watches *watches, uint64_t watched) {
    for (size_t i = 0; watches && i < watches->count; i++)
        if (watched >> i & 1) add_part(row, row->cell.length ? ", " : "", watches->items[i].name);
    add_cell(row);
}

static void add_headline(struct csv_row *row, const struct article *article) {
    add_text(row, page_title(article));
    add_text(row, article->title_doubt);
    add_text(row, article->title.source);
    add_text(row, span_of(article->language.code));
    add_text(row, page_publisher(article));
    add_text(row, article->origin.source);
    add_text(row, article->section);
    add_text(row, article->origin.country);
}

static void add_times(struct csv_row *row, const struct take *take) {
    char text[26];
    int64_t collected = when_collected(take->article);
    add_text(row, take->article->published);
    add_text(row, span_of(when_kind_name(take->when.kind)));
    when_zoned(take->article, &take->when, text);
    add_text(row, span_of(text));
    text[0] = '\0';
    if (collected > 0) clock_zoned(collected, text);
    add_text(row, span_of(text));
    add_flag(row, take->is_new);
    add_flag(row, take->is_latest);
}

static void add_paths(struct csv_row *row, const struct edition *edition, const struct entry *entry,
                      const struct article *article) {
    buffer_print(&row->cell, "%s/articles/%s.json", edition_day_of(edition, article), article->id);
    add_cell(row);
    html_text_path(edition, entry->id, article, &row->cell);
    buffer_add_string(&row->cell, "#");
    html_article(&row->cell, article);
    add_cell(row);
}

static void write_article(const struct page *page, struct csv_row *row, const struct entry *entry, size_t number) {
    const struct take *take = &entry->takes[number];
    add_text(row, span_of(edition_day_of(page->edition, take->article)));
    add_text(row, span_of(take->article->id));
    add_text(row, entry->id);
    add_flag(row, number == 0);
    add_text(row, span_of(article_status_name(take->article->status)));
    add_headline(row, take->article);
    add_times(row, take);
    add_text(row, take->article->duplicate_of);
    add_watches(row, page->day->watches, take->watched);
    add_number(row, take->flags.suspect);
    add_number(row, take->flags.failed);
    add_summary(row, take->article);
    add_doubts(row, take->article);
    add_notes(row, take->article);
    add_text(row, take->article->origin.address);
    add_paths(row, page->edition, entry, take->article);
    add_empty(row, 2);
    end_row(row);
}

/* ---------------------------------------------------------------- an article that waits or has failed */

static void write_missing(const struct page *page, struct csv_row *row, const cJSON *article) {
    add_text(row, span_of(page->edition->day));
    add_text(row, json_member_text(article, "id"));
    add_empty(row, 2);
    add_text(row, json_member_text(article, "for").length ? SPAN("waiting") : SPAN("failed"));
    add_text(row, json_member_text(article, "title_english"));
    add_empty(row, 1);
    add_text(row, json_member_text(article, "title"));
    add_text(row, json_member_text(article, "language"));
    add_empty(row, 1);
    add_text(row, json_member_text(article, "source"));
    add_empty(row, 15);
    add_text(row, json_member_text(article, "address"));
    add_empty(row, 2);
    add_text(row, json_member_text(article, "since"));
    page_missing_state(article, &row->cell);
    add_cell(row);
    end_row(row);
}

static void write_all_missing(const struct page *page, struct csv_row *row) {
    struct span notes = page->edition->run_notes;
    cJSON *run = notes.length ? json_parse(notes, NOTES_LIMIT, "the day's notes", NULL) : NULL;
    const cJSON *article;
    cJSON_ArrayForEach(article, json_member(run, "failed")) write_missing(page, row, article);
    cJSON_ArrayForEach(article, json_member(run, "waiting")) write_missing(page, row, article);
    cJSON_Delete(run);
}

bool page_csv(const struct page *page, struct buffer *out) {
    struct csv_row row = {.out = out, .cell = BUFFER(CELL_LIMIT)};
    buffer_add_string(out, header);
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++) {
            write_article(page, &row, &page->day->entries[i], j);
            page_drain(page, out);
        }
    write_all_missing(page, &row);
    buffer_free(&row.cell);
    return !out->full;
}
