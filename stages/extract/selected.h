/* Reads the article from the elements that the user has selected with `article = SELECTOR` in the settings of the
 * source. */
#ifndef STAGES_EXTRACT_SELECTED_H
#define STAGES_EXTRACT_SELECTED_H

#include "stages/extract/page.h"

struct selector;

/* Returns the attributes that the selector tests, which pruning must keep; none if `selector` is NULL. */
struct attribute_names selected_attributes(const struct selector *selector, struct arena *arena);
/* Appends a block for each line in the matching elements, in reading order, whatever their names. Returns the width of
 * the text in columns, without captions: 0 if no element matches or none has text. */
size_t selected_read(const struct page *page, const struct selector *selector, struct article *article);

#endif
