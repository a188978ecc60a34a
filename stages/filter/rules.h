/* What the user wants of a source: `since`, `keep` and `drop` of its section, held against an article. Before anything
 * is fetched only what the feed said is known; afterwards the article itself is. */
#ifndef STAGES_FILTER_RULES_H
#define STAGES_FILTER_RULES_H

#include "pipeline/engine/stage.h"

struct rules;

/* Reads what dates are made of when a source has `since`. */
bool rules_open(const struct stage_context *context, struct rules **ret_rules, struct failure *ret_failure);
void rules_close(struct rules *rules); /* accepts NULL */
/* STAGE_CONTINUE, or STAGE_DROP with the reason in the article; any thread. */
enum outcome rules_judge_feed(const struct rules *rules, struct article *article);
enum outcome rules_judge_article(const struct rules *rules, struct article *article);

#endif
