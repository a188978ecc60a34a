/* Writes the summary with a language model, as part of the summarize stage. The extractive summary already exists. It
 * is replaced if the article supports the model's sentences (verify.h). Otherwise, or if no model answers or a cap is
 * reached, the extractive summary is kept and a note says why. */
#ifndef STAGES_SUMMARIZE_MODEL_H
#define STAGES_SUMMARIZE_MODEL_H

#include "pipeline/engine/stage.h"

struct model_summary;

/* The settings of section [summary]. */
struct summary_settings {
    long long sentences;
    struct word_list services;
};
extern const struct setting summary_table[];

/* Adds a problem to the configuration for each name in [summary] that is not a service or is one that cannot write
 * summaries. */
void model_summary_check(const struct config *config);
/* Sets *ret_summary to NULL if no service is configured for summaries. */
bool model_summary_open(const struct stage_context *context, struct model_summary **ret_summary,
                        struct failure *ret_failure);
void model_summary_close(struct model_summary *summary); /* accepts NULL */
/* Implement stage.ask and stage.answer. Failures of a service never fail the article. */
enum outcome model_summary_ask(struct model_summary *summary, struct article *article, struct exchange *ret_exchange);
enum outcome model_summary_answer(struct model_summary *summary, struct article *article, struct exchange *exchange);

#endif
