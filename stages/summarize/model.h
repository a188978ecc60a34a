/* The summary by a language model, for the summarize stage: its ask, answer and leave. The extractive summary is there
 * already; it is replaced when a model's sentences are supported by the article (verify.h), and keeps its place, with a
 * note, when they are not, when no model answers or when there is no money left. */
#ifndef STAGES_SUMMARIZE_MODEL_H
#define STAGES_SUMMARIZE_MODEL_H

#include "config/setting.h"
#include "pipeline/engine/stage.h"

struct model_summary;

/* For the table of [summary]. */
#define MODEL_SUMMARY_SETTINGS                                                                                         \
    {                                                                                                                  \
        "services", SETTING_LIST, "", NULL, 0, 0,                                                                      \
            "language models that write the summary, by name of their [service], the preferred one first; empty: the " \
            "article's own sentences"                                                                                  \
    }

/* *ret_summary is NULL when no service is configured for it. */
bool model_summary_open(const struct stage_context *context, size_t sentences, struct model_summary **ret_summary,
                        struct failure *ret_failure);
void model_summary_close(struct model_summary *summary); /* accepts NULL */
enum outcome model_summary_ask(struct model_summary *summary, struct article *article, struct exchange *ret_exchange);
enum outcome model_summary_answer(struct model_summary *summary, struct article *article, struct exchange *exchange);

#endif
