/* Readers' comments below an article, whatever their elements are called: by how they are announced, by a row of boxes
 * that each begin with a name, by dates and controls to reply in each of them, by what the page's data call comments.
 * What names say (class "comments", itemtype Comment) is vocabulary.h's. */
#ifndef STAGES_EXTRACT_COMMENTS_H
#define STAGES_EXTRACT_COMMENTS_H

#include "stages/extract/page.h"
#include "stages/extract/phrases.h"

/* Leaves them out, for good. `phrases` is made of config/tables/extract/comments.tsv; `linked` holds the comments that
 * the page's JSON-LD tells, or is empty. Needs the page's headline; linear. */
void comments_leave_out(struct page *page, const struct phrases *phrases, struct span linked);

#endif
