/* Pages that held no article (walls, errors, empty frames) are asked for again in later runs: after `[run] revisit`,
 * then after four times as long, and so on, `[run] attempts` times. What is found takes the place of what stands; when
 * there is nothing still, nothing changes. */
#ifndef PROGRAM_REVISIT_H
#define PROGRAM_REVISIT_H

#include "pipeline/store/store.h"
#include "program/run_internal.h"

/* Opens those that are due. */
bool revisit_begin(struct run *run, struct failure *ret_failure);
/* Marks an article that was opened for this (article->asked_again). What its working record still has of a page that
 * held no article is forgotten, whatever it was opened for, or the page would not be fetched. */
void revisit_mark(const struct run *run, const struct article_row *row, struct article *article);
/* The article now stands as this: its page is to be asked for again when it held no article, and else not. */
void revisit_plan(struct run *run, const struct article *article, enum article_state article_state);
/* For an article that is marked and whose page holds nothing still. */
void revisit_put_back(struct run *run, const struct article *article);

#endif
