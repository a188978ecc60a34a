/* Where the article stands on a page, and its blocks. */
#ifndef STAGES_EXTRACT_BODY_H
#define STAGES_EXTRACT_BODY_H

#include "pipeline/article.h"
#include "stages/extract/tree.h"
#include "stages/extract/words.h"

struct body_words {
    struct table boilerplate, containers, standfirst;
};

/* Adds the blocks of the page's article, in reading order. The container is the element whose own paragraphs hold most
 * text (each paragraph's length less that of its links goes to its parent, half of it to the grandparent, as in Arc90's
 * Readability), unless a named container around or inside it holds nearly as much. */
void body_read(const struct tree *tree, const struct body_words *words, struct article *article, struct arena *arena);

#endif
