/* Drops articles that the filters of their source exclude, based on the feed entry alone, so that their pages are not
 * fetched. */
#include "stages/filter/rules.h"

static bool screen_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct rules *rules;
    if (!rules_open(context, &rules, ret_failure)) return false;
    *ret_state = rules;
    return true;
}

static void screen_close(void *state) {
    rules_close(state);
}

static enum outcome screen_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)ret_failure;
    return rules_judge_feed(state, article);
}

const struct stage stage_screen = {
    .name = "screen",
    .help = "drop articles that the filters of their source exclude, based on the feed entry",
    .open = screen_open,
    .close = screen_close,
    .work = screen_work,
};
