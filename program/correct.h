/* Changes finished articles as an editor says: reads the record, and after the change writes it again, as a run would,
 * with the pages of its day and the search index. Needs the store opened exclusively. */
#ifndef PROGRAM_CORRECT_H
#define PROGRAM_CORRECT_H

#include "pipeline/article/article.h"
#include "pipeline/store/store.h"
#include "program/program.h"

struct correction {
    struct article_row row; /* in the article's arena, as is everything else */
    struct article *article;
};

/* Finds the article whose id begins with `id`, and reads its record. Returns false, with EXIT_BAD_DATA, if there is no
 * such article or it has no record. */
bool correction_begin(struct program *program, struct span id, struct correction *ret_correction,
                      struct failure *ret_failure);
/* Writes the changed article: determines its status and the doubts about headline and summary, and puts the record in
 * its place. The write stage must be open. */
bool correction_keep(struct program *program, struct correction *correction, struct failure *ret_failure);
void correction_end(struct correction *correction);

/* Copies an editor's answers from the article's last finished record, if it has one, to an article that is made again.
 */
void correction_carry(struct program *program, struct article *article);

/* Makes the pages of the day `since` and later ones again if they are stale, and brings the search index up to date. A
 * failure of the index is only a warning. */
bool correction_publish(struct program *program, const char *since, struct failure *ret_failure);

#endif
