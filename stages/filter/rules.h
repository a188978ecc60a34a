/* Applies the settings `since`, `keep` and `drop` of a source to an article. Before the page is fetched, they apply to
 * the feed entry; after that, to the article itself. */
#ifndef STAGES_FILTER_RULES_H
#define STAGES_FILTER_RULES_H

#include "pipeline/engine/stage.h"

struct rules;

/* Prepares the rules. If any source has `since`, reads the table of words used in dates. Fails if the table cannot be
 * read. */
bool rules_open(const struct stage_context *context, struct rules **ret_rules, struct failure *ret_failure);
void rules_close(struct rules *rules); /* accepts NULL */
/* Each returns STAGE_CONTINUE, or sets the article's status and the reason and returns STAGE_DROP. May be called on any
 * thread. */
enum outcome rules_judge_feed(const struct rules *rules, struct article *article);
enum outcome rules_judge_article(const struct rules *rules, struct article *article);

#endif
