/* Writes an extractive summary: sentences of the article, each with the number of its segment
 * (stages/summarize/selection.h). If a language model is configured, its summary may replace this one
 * (stages/summarize/model.h). */
#include <stdlib.h>

#include "pipeline/engine/stage.h"
#include "stages/summarize/doubts.h"
#include "stages/summarize/model.h"
#include "stages/summarize/selection.h"

const struct setting summary_table[] = {
    SETTING("sentences", SETTING_NUMBER_AT(struct summary_settings, sentences), .default_value = "3", .min = 1,
            .max = 8, .help = "maximum number of sentences in a summary"),
    SETTING("services", SETTING_LIST_AT(struct summary_settings, services),
            .help = "[service] sections of the language models that write the summary, in order of preference "
                    "(default: the summary consists of sentences of the article)"),
    SETTINGS_END,
};

struct summarizer {
    size_t sentences;
    struct selection *selection;
    struct model_summary *model; /* NULL if no model is configured */
};

static void summarize_close(void *state) {
    struct summarizer *summarizer = state;
    selection_close(summarizer->selection);
    model_summary_close(summarizer->model);
    free(summarizer);
}

static bool summarize_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct summarizer *summarizer = memory_take(sizeof *summarizer);
    const struct summary_settings *settings = context->settings;
    summarizer->sentences = (size_t)settings->sentences;
    bool done = selection_open(context->data_folder, &summarizer->selection, ret_failure) &&
                model_summary_open(context, &summarizer->model, ret_failure);
    if (done)
        *ret_state = summarizer;
    else
        summarize_close(summarizer);
    return done;
}

static enum outcome summarize_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct summarizer *summarizer = state;
    struct summary *summary = &article->summary;
    (void)ret_failure;
    *summary = (struct summary){.method = "extractive", .summarized_by = -1};
    selection_make(summarizer->selection, article, summarizer->sentences);
    summary_mark_doubts(article);
    if (summary->count == 0) summary->note = SPAN("no sentence of the article is suitable for a summary");
    return STAGE_CONTINUE;
}

static enum outcome summarize_ask(void *state, struct article *article, struct exchange *ret_exchange,
                                  struct failure *ret_failure) {
    struct summarizer *summarizer = state;
    (void)ret_failure;
    return summarizer->model ? model_summary_ask(summarizer->model, article, ret_exchange) : STAGE_CONTINUE;
}

static enum outcome summarize_answer(void *state, struct article *article, struct exchange *exchange,
                                     struct failure *ret_failure) {
    struct summarizer *summarizer = state;
    (void)ret_failure;
    return model_summary_answer(summarizer->model, article, exchange);
}

const struct stage stage_summarize = {
    .name = "summarize",
    .help = "write a summary of two or three sentences that cite the segments on which they are based",
    .settings = {summary_table, sizeof(struct summary_settings)},
    .section = "summary",
    .open = summarize_open,
    .close = summarize_close,
    .work = summarize_work,
    .ask = summarize_ask,
    .answer = summarize_answer,
};
