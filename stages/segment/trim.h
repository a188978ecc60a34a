/* Limits how much of an article is translated, so that a single page cannot use up the budget or the time of a run. The
 * article's note says what was left out. */
#ifndef STAGES_SEGMENT_TRIM_H
#define STAGES_SEGMENT_TRIM_H

#include "config/setting.h"
#include "pipeline/article/article.h"

enum { TRIM_TITLE = 1000 /* characters */, TRIM_AUTHORS = 100 };

/* The settings of [segment]. */
struct segment_settings {
    long long max_paragraphs, max_characters;
};
extern const struct setting segment_table[];

/* Cuts the body to max_paragraphs and max_characters, the headline to TRIM_TITLE characters and the authors to
 * TRIM_AUTHORS. An article whose text or headline is cut is marked as truncated, and is therefore partial. What has a
 * translation is never cut. Also tells that extract has cut the authors. Takes linear time. */
void trim_article(const struct segment_settings *settings, struct article *article);

#endif
