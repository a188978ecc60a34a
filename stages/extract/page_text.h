/* Texts and values of a page as HTML means them: with references replaced by what they stand for, and control
 * characters, noncharacters and bytes that are not UTF-8 by U+FFFD. */
#ifndef STAGES_EXTRACT_PAGE_TEXT_H
#define STAGES_EXTRACT_PAGE_TEXT_H

#include "pipeline/base/text.h"

/* Where the text stands. NULs are left out of the body, and replaced elsewhere. */
enum page_text_place {
    PAGE_TEXT_BODY,
    PAGE_TEXT_TITLE,
    PAGE_TEXT_RAW, /* in an element without references, such as "noframes" */
    PAGE_TEXT_VALUE
};

/* Returns the text itself if it means what it says, which is usual. Otherwise clears `buffer`, writes the meaning there
 * and returns that. */
struct span page_text_read(struct span text, enum page_text_place place, struct buffer *buffer);

#endif
