/* Fetches pages that held no article (paywalls, error pages, empty frames), or whose host was down while the feed had a
 * text of its own, again in later runs: after `[run] revisit`, then after four times as long, and so on, up to `[run]
 * attempts` times. An article found this way replaces the stored one; if the page still holds none, nothing changes. */
#ifndef PROGRAM_REVISIT_H
#define PROGRAM_REVISIT_H

#include "pipeline/store/store.h"
#include "program/run_internal.h"

/* Reopens the articles whose pages are due to be fetched again. */
bool revisit_begin(struct run *run, struct failure *ret_failure);
/* Marks an article that revisit_begin() has reopened (article->asked_again). Also removes from every unfinished record
 * the data of a page that was not an article; otherwise the page would not be fetched again. */
void revisit_mark(const struct article_row *row, struct article *article);
/* To be called when an article has been processed, with its state: schedules another fetch if its page held no article
 * or could not be had yet, otherwise cancels any scheduled fetch. */
void revisit_plan(struct run *run, const struct article *article, enum article_state article_state);
/* Restores the former state of an article that revisit_mark() has marked and whose page still holds nothing, and
 * schedules the next attempt. */
void revisit_put_back(struct run *run, const struct article *article);

#endif
