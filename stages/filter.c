/* Drops articles that the filters of their source exclude, based on the full article, before anything is spent on
 * translating them. */
#include "stages/filter/rules.h"

static bool filter_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct rules *rules;
    if (!rules_open(context, &rules, ret_failure)) return false;
    *ret_state = rules;
    return true;
}

static void filter_close(void *state) {
    rules_close(state);
}

static enum outcome filter_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)ret_failure;
    return rules_judge_article(state, article);
}

const struct stage stage_filter = {
    .name = "filter",
    .help = "drop articles that the filters of their source exclude, based on the full article",
    .open = filter_open,
    .close = filter_close,
    .work = filter_work,
};
