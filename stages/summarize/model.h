/* The summary by a language model, for the summarize stage: its ask, answer and leave. The extractive summary is there
 * already; it is replaced when a model's sentences are supported by the article (verify.h), and keeps its place, with a
 * note, when they are not, when no model answers or when there is no money left. */
#ifndef STAGES_SUMMARIZE_MODEL_H
#define STAGES_SUMMARIZE_MODEL_H

#include "pipeline/engine/stage.h"

struct model_summary;

/* Of the section [summary]. */
struct summary_settings {
    long long sentences;
    struct word_list services;
};
extern const struct setting summary_table[];

/* Adds a problem to the configuration for each name in [summary] that is not a service's, or of one that cannot write
 * summaries. */
void model_summary_check(const struct config *config);
/* *ret_summary is NULL when no service is configured for it. */
bool model_summary_open(const struct stage_context *context, struct model_summary **ret_summary,
                        struct failure *ret_failure);
void model_summary_close(struct model_summary *summary); /* accepts NULL */
enum outcome model_summary_ask(struct model_summary *summary, struct article *article, struct exchange *ret_exchange);
enum outcome model_summary_answer(struct model_summary *summary, struct article *article, struct exchange *exchange);

#endif
