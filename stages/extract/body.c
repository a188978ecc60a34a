#include "stages/extract/body.h"

#include <string.h>

#include "stages/extract/contest.h"
#include "stages/extract/embedded.h"
#include "stages/extract/line_choice.h"

enum { LITTLE_TEXT = 300 }; /* columns; a shorter text in the page's data may be only a description */

/* Returns the kind of block for a line that the contest did not take as text. It is not a caption, because captions are
 * not text. Only above the first line that was taken can it be the stand-first. */
static enum block_kind kind_of(const struct page *page, const struct line *line, bool first) {
    if (line->kind == BLOCK_CAPTION) return BLOCK_PARAGRAPH;
    bool marked = first && line->kind == BLOCK_PARAGRAPH && page_has_mark(page, line->node, -1, MARK_STANDFIRST);
    return marked ? BLOCK_STANDFIRST : line->kind;
}

static bool is_text(unsigned char kind) {
    return kind && kind != 1 + BLOCK_CAPTION;
}

/* Lets the line model correct what the contest took. Captions stay captions unless they are text. */
static void correct(const struct line_evidence *evidence, const struct line_model *model, struct contest *contest) {
    const struct page *page = evidence->page;
    const bool *wanted = line_choice_make(model, evidence);
    if (!wanted) return;
    contest->taken = 0;
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        bool text = is_text(contest->kinds[i]);
        if (wanted[i] && !text) contest->kinds[i] = (unsigned char)(1 + kind_of(page, line, contest->taken == 0));
        if (text && !wanted[i]) contest->kinds[i] = 0;
        if (wanted[i]) contest->taken += line->columns;
    }
}

static void add_blocks(const struct page *page, const struct contest *contest, struct article *article) {
    for (size_t i = 0; i < page->line_count; i++)
        if (contest->kinds[i])
            article_add_block(article, (enum block_kind)(contest->kinds[i] - 1),
                              arena_copy(article->arena, page->lines[i].text));
}

/* Adds a block for each line. Each line is parsed separately, because publishers put both plain text and HTML into
 * articleBody. */
void body_add_data(enum block_kind kind, struct span text, struct article *article) {
    struct arena *arena = arena_new();
    struct span rest = embedded_without_scripts(text, arena), piece;
    while (span_next(&rest, '\n', &piece)) {
        piece = span_trim(piece);
        if (memchr(piece.at ? piece.at : "", '<', piece.length) ||
            memchr(piece.at ? piece.at : "", '&', piece.length)) {
            struct tree tree = tree_parse(piece, arena);
            piece = tree_text(&tree, 0, arena);
        }
        piece = text_trim(piece);
        if (piece.length) article_add_block(article, kind, arena_copy(article->arena, piece));
    }
    arena_free(arena);
}

struct line_evidence body_evidence(const struct page *page, const struct body_tables *tables,
                                   const struct contest *contest, const struct article *article) {
    return (struct line_evidence){.page = page,
                                  .phrases = tables->phrases,
                                  .description = &contest->description,
                                  .known = &contest->known,
                                  .title = article->title.source,
                                  .container = contest->container,
                                  .kinds = contest->kinds,
                                  .refusals = contest->refusals};
}

size_t body_read(struct page *page, const struct body_tables *tables, const struct body_clues *clues,
                 struct article *article) {
    struct contest contest = contest_hold(page, tables, clues, article);
    struct line_evidence evidence = body_evidence(page, tables, &contest, article);
    if (tables->lines && clues->is_page) correct(&evidence, tables->lines, &contest);
    size_t known = text_columns(clues->text);
    /* the page shows less than half of the text that its data states, for example before a "read on" button */
    if (known > LITTLE_TEXT && contest.taken * 2 < known)
        body_add_data(BLOCK_PARAGRAPH, clues->text, article);
    else
        add_blocks(page, &contest, article);
    return contest.taken;
}
