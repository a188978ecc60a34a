/* Lets a language model write the summary, as part of the summarize stage. At that point, the extractive summary
 * already exists. The model's summary replaces it if the article supports the model's sentences (see verify.h). If it
 * does not, if no model answers or if a spending cap is reached, the extractive summary is kept with a note that says
 * why. */
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

/* Adds a problem to the configuration for each name in [summary] that is not the name of a service, or belongs to a
 * service that cannot write summaries. */
void model_summary_check(const struct config *config);
/* Sets *ret_summary to NULL if no service is configured for summaries. */
bool model_summary_open(const struct stage_context *context, struct model_summary **ret_summary,
                        struct failure *ret_failure);
void model_summary_close(struct model_summary *summary); /* accepts NULL */
/* Implement stage.ask and stage.answer. If a service fails, the article does not. */
enum outcome model_summary_ask(struct model_summary *summary, struct article *article, struct exchange *ret_exchange);
enum outcome model_summary_answer(struct model_summary *summary, struct article *article, struct exchange *exchange);

#endif
