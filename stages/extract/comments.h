/* Finds readers' comments below an article when their elements are not labelled as comments: by a line that announces
 * them, by a row of boxes that each begin with a name, by dates and "reply" buttons in the boxes, and by the comments
 * in the page's JSON-LD. Elements that are labelled as comments (class "comments", itemtype Comment) are handled by
 * vocabulary.h. */
#ifndef STAGES_EXTRACT_COMMENTS_H
#define STAGES_EXTRACT_COMMENTS_H

#include "stages/extract/page.h"
#include "stages/extract/phrases.h"

/* Leaves out the readers' comments, so that even the second pass of body_read() does not take them. `phrases` is made
 * from config/tables/extract/comments.tsv; `linked` contains the comments that are given in the page's JSON-LD, or is
 * empty. Call page_find_headline() first. Takes linear time. */
void comments_leave_out(struct page *page, const struct phrases *phrases, struct span linked);

#endif
