/* The article where the user says that it stands: `article = SELECTOR` of its source. */
#ifndef STAGES_EXTRACT_SELECTED_H
#define STAGES_EXTRACT_SELECTED_H

#include "stages/extract/page.h"

struct selector;

/* The attributes that the selector asks for; NULL: none. */
struct attribute_names selected_attributes(const struct selector *selector, struct arena *arena);
/* Adds every line in the elements that the selector finds as a block, in reading order, whatever their names say.
 * Returns the columns of text, captions not counted; 0: it finds nothing that holds text. */
size_t selected_read(const struct page *page, const struct selector *selector, struct article *article);

#endif
