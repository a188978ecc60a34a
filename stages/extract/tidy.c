#include "stages/extract/tidy.h"

enum {
    SHORTEST_PIECE = 60, /* min. characters of a repetition; shorter text may be repeated on purpose */
    LONGEST_PIECE = 4,   /* blocks */
    TOP_BLOCKS = 2 /* number of blocks at the top in which the headline is removed; further down, it may be repeated on
                      purpose, as in an interview */
};

/* Returns true if both blocks have the same text and are of different kinds, such as a pull quote and a paragraph, or
 * are both captions. */
static bool is_same_as_other_kind(const struct block *block, const struct block *before) {
    return span_equal(block->text, before->text) && (block->kind != before->kind || block->kind == BLOCK_CAPTION);
}

/* Returns true if `count` blocks are repeated directly after themselves. Some pages contain a text twice, for narrow
 * and for wide screens. Authors also repeat themselves, so list items and table rows are kept, and so is a repetition
 * after other text. */
static bool is_printed_twice(const struct block *first, size_t count) {
    size_t characters = 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *before = &first[i], *block = &first[i + count];
        if (block->kind == BLOCK_LIST_ITEM || block->kind == BLOCK_TABLE_ROW) return false;
        if (block->kind != before->kind || !span_equal(block->text, before->text)) return false;
        characters += text_count(block->text);
    }
    return characters >= SHORTEST_PIECE;
}

/* Returns true if the block repeats the headline or one of the three blocks before it. No more are compared, because a
 * pull quote is near the sentence that it repeats. */
static bool is_redundant(const struct article *article, size_t kept, const struct block *block) {
    bool top = kept < TOP_BLOCKS || block->kind == BLOCK_HEADING || block->kind == BLOCK_CAPTION;
    if (top && span_equal(block->text, article->title.source)) return true;
    for (size_t j = kept; j-- > 0 && j + 4 > kept;)
        if (is_same_as_other_kind(block, &article->body[j])) return true;
    return false;
}

/* Moves the blocks that are kept to the front. After each of them, checks whether the last blocks repeat the ones
 * before. */
void tidy_blocks(struct article *article) {
    struct block *body = article->body;
    size_t kept = 0;
    for (size_t i = 0; i < article->block_count; i++) {
        struct block block = body[i];
        if (is_redundant(article, kept, &block)) continue;
        body[kept++] = block;
        for (size_t count = 1; count <= LONGEST_PIECE && count * 2 <= kept; count++)
            if (is_printed_twice(&body[kept - 2 * count], count)) kept -= count;
    }
    while (kept && body[kept - 1].kind == BLOCK_HEADING) kept--;
    article->block_count = kept;
}

void tidy_evidence(struct article *article) {
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind == BLOCK_STANDFIRST) return;
    article->metadata_evidence[FIELD_STANDFIRST] = (struct span){NULL, 0};
}
