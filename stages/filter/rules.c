#include "stages/filter/rules.h"

#include <stdlib.h>
#include <time.h>

#include "config/pattern.h"
#include "pipeline/base/clock.h"
#include "pipeline/engine/source_settings.h"
#include "stages/extract/date.h"

struct rules {
    struct arena *arena;
    struct date_words *dates; /* NULL if no source has `since` */
    int64_t now;
};

/* The text to which patterns are applied. */
struct view {
    struct span headline, address;
    const struct article *body; /* the article's text; NULL if only the feed entry is known */
};

/* ---------------------------------------------------------------- open and close */

/* Returns whether any source sets `since`. The table of date words is large, so it is loaded only in that case. */
static bool is_dated(const struct config *config) {
    for (size_t i = 0; i < config_section_count(config, source_table); i++) {
        const struct source_settings *source = section_values(config_section_at(config, source_table, i));
        if (source->since) return true;
    }
    return false;
}

void rules_close(struct rules *rules) {
    if (!rules) return;
    arena_free(rules->arena);
    free(rules);
}

bool rules_open(const struct stage_context *context, struct rules **ret_rules, struct failure *ret_failure) {
    struct rules *rules = memory_take(sizeof *rules);
    *rules = (struct rules){.arena = arena_new(), .now = time(NULL)};
    if (!is_dated(context->config) || date_words_read(context->data_folder, rules->arena, &rules->dates, ret_failure)) {
        *ret_rules = rules;
        return true;
    }
    rules_close(rules);
    return false;
}

static enum outcome skip(struct article *article, const char *why, const char *name, struct span value) {
    article->status = ARTICLE_SKIPPED;
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "%s (%s = %.*s)", why, name,
                SPAN_ARGS(text_clip(value, 200)));
    return STAGE_DROP;
}

static const struct source_settings *settings_of(const struct article *article) {
    return section_values(article->source_section);
}

/* ---------------------------------------------------------------- patterns */

static bool matches_text(const struct pattern *pattern, const struct article *article) {
    for (size_t i = 0; article && i < article->block_count; i++)
        if (pattern_matches(pattern, article->body[i].text)) return true;
    return false;
}

/* Returns whether the pattern matches. A pattern may be restricted to the headline, address or text of the article. */
static bool matches(const struct pattern *pattern, const struct view *view) {
    enum pattern_place place = pattern_place(pattern);
    bool anywhere = place == PATTERN_ANYWHERE;
    return ((anywhere || place == PATTERN_HEADLINE) && pattern_matches(pattern, view->headline)) ||
           ((anywhere || place == PATTERN_ADDRESS) && pattern_matches(pattern, view->address)) ||
           ((anywhere || place == PATTERN_TEXT) && matches_text(pattern, view->body));
}

/* Skips the article if a drop pattern matches. */
static enum outcome judge_drop(struct article *article, const struct view *view) {
    const struct pattern_list *drop = &settings_of(article)->drop;
    for (size_t i = 0; i < drop->count; i++)
        if (matches(drop->items[i], view))
            return skip(article, "it matches a drop pattern of its source", "drop", pattern_written(drop->items[i]));
    return STAGE_CONTINUE;
}

/* Returns whether the pattern can be judged: before the page is fetched, only if it is restricted to the address,
 * because nothing else is certain. */
static bool may_judge(const struct pattern *pattern, const struct view *view) {
    return view->body || pattern_place(pattern) == PATTERN_ADDRESS;
}

/* Skips the article if it matches none of the keep patterns. If a pattern cannot be checked before the page is fetched,
 * the article is kept for now. */
static enum outcome judge_keep(struct article *article, const struct view *view) {
    const struct pattern_list *keep = &settings_of(article)->keep;
    for (size_t i = 0; i < keep->count; i++)
        if (!may_judge(keep->items[i], view) || matches(keep->items[i], view)) return STAGE_CONTINUE;
    if (!keep->count) return STAGE_CONTINUE;
    return skip(article, "it matches none of the keep patterns of its source", "keep",
                pattern_written(keep->items[keep->count - 1]));
}

/* ---------------------------------------------------------------- age */

/* Returns the date in seconds since 1970, or -1 if it is missing or cannot be read. */
static int64_t seconds_of(const struct rules *rules, const struct article *article, struct span date) {
    struct date found;
    if (!date.length || !date_find(rules->dates, date, article->feed.language, &found)) return -1;
    return clock_seconds(found.iso);
}

/* Skips the article if it is too old. An article without a usable date is kept, because it may be new. */
static enum outcome judge_age(const struct rules *rules, struct article *article, struct span date) {
    long long since = settings_of(article)->since;
    char written[SETTING_NUMBER_ROOM];
    int64_t oldest = since / 1000;
    if (!oldest || !rules->dates) return STAGE_CONTINUE;
    int64_t then = seconds_of(rules, article, date);
    if (then < 0 || then >= rules->now - oldest) return STAGE_CONTINUE;
    return skip(article, "it is older than its source allows", "since",
                setting_write_number(SETTING_TIME, (double)since, written));
}

/* ---------------------------------------------------------------- age and patterns together */

static enum outcome judge(const struct rules *rules, struct article *article, struct span date,
                          const struct view *view) {
    if (judge_age(rules, article, date) == STAGE_DROP || judge_drop(article, view) == STAGE_DROP) return STAGE_DROP;
    return judge_keep(article, view);
}

enum outcome rules_judge_feed(const struct rules *rules, struct article *article) {
    const struct feed_entry *feed = &article->feed;
    struct view view = {.headline = feed->title, .address = article->origin.address};
    if (!article->source_section) return STAGE_CONTINUE;
    return judge(rules, article, feed->published.length ? feed->published : feed->modified, &view);
}

enum outcome rules_judge_article(const struct rules *rules, struct article *article) {
    struct view view = {.headline = article->title.source, .address = article->origin.address, .body = article};
    if (!article->source_section) return STAGE_CONTINUE;
    return judge(rules, article, article->published, &view);
}
