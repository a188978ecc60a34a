/* Finds copies of articles (often the same agency report in several papers) before anything is spent on translating
 * them. An article whose headline and text are identical to those of a recent one is dropped. An article that shares
 * much text with a recent one is linked to it (duplicate_of, containment) and continues: sentences that both share are
 * found in the translation memory, so only the differences are translated. Only an article that is mostly new can
 * become a lead, to which later copies are linked, so links never form a cycle. */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "pipeline/base/clock.h"
#include "pipeline/engine/stage.h"
#include "pipeline/store/store.h"
#include "stages/dedupe/winnow.h"

/* Texts with fewer than MIN_FINGERPRINTS fingerprints, or with fewer than MIN_SHARED in common, may be similar by
 * chance. */
enum { MIN_FINGERPRINTS = 6, MIN_SHARED = 5, MAX_TEXT = 1 << 20, MATCHES = 8, PERCENT = 100 };
/* Maximum number of fingerprints stored for a lead (an article to which later copies may be linked); enough for about
 * 24,000 letters. Longer texts are sampled. */
enum { MAX_KEPT = 1024 };

struct dedupe_settings {
    long long containment, days;
};

static const struct setting dedupe_table[] = {
    SETTING("containment", SETTING_NUMBER_AT(struct dedupe_settings, containment), .default_value = "45", .min = 5,
            .max = 100,
            .help = "an article counts as a copy if it and a recent article share at least this percentage of the "
                    "shorter text"),
    SETTING("days", SETTING_NUMBER_AT(struct dedupe_settings, days), .default_value = "7", .max = 365,
            .help = "number of days back to look for copies (0 = do not look for copies)"),
    SETTINGS_END,
};

struct deduper {
    struct store *store;
    const char *day;
    char since[11];
    size_t containment;
    bool compares; /* `days` is above 0 */
    bool forgot;   /* outdated fingerprints have been deleted in this run */
};

/* What dedupe_work() computes for dedupe_ask(). */
struct prints {
    uint64_t whole; /* hash over headline and text */
};

static bool dedupe_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    (void)ret_failure;
    struct deduper *deduper = memory_take(sizeof *deduper);
    const struct dedupe_settings *settings = context->settings;
    *deduper = (struct deduper){.store = context->store, .day = context->day, .compares = settings->days > 0};
    deduper->containment = (size_t)settings->containment;
    clock_day_before(context->day, (int)settings->days, deduper->since);
    *ret_state = deduper;
    return true;
}

/* Computes the fingerprints. This does not use the store, so it can run on any thread. */
static enum outcome dedupe_work(const void *state, struct article *article, struct failure *ret_failure) {
    (void)ret_failure;
    const struct deduper *deduper = state;
    if (!deduper->compares) return STAGE_CONTINUE;
    struct buffer text = BUFFER(MAX_TEXT);
    uint64_t *hashes = memory_take(WINNOW_MAX * sizeof *hashes);
    /* skip captions: copies of a text often have different pictures */
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind != BLOCK_CAPTION) winnow_normalize(article->body[i].text, &text);
    article->fingerprint_count = winnow(buffer_span(&text), hashes);
    article->fingerprints = arena_take(article->arena, (article->fingerprint_count + 1) * sizeof *hashes);
    memcpy(article->fingerprints, hashes, article->fingerprint_count * sizeof *hashes);
    free(hashes);
    winnow_normalize(article->title.source, &text);
    struct prints *prints = arena_take(article->arena, sizeof *prints);
    prints->whole = XXH3_64bits(text.at, text.length);
    article->stage_work = prints;
    buffer_free(&text);
    return STAGE_CONTINUE;
}

/* Finds the lead (see MAX_KEPT) that shares the most text with this article. Returns false if there is none, or if this
 * article is itself a lead. */
static bool find_lead(const struct deduper *deduper, const struct article *article,
                      struct fingerprint_match *ret_lead) {
    struct fingerprint_match matches[MATCHES];
    size_t count = store_match_fingerprints(deduper->store, deduper->since, article->fingerprints,
                                            article->fingerprint_count, matches, MATCHES);
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(matches[i].id, article->id) == 0) return false;
        if (!found) *ret_lead = matches[i];
        found = true;
    }
    return found;
}

/* Finds an article with the same headline and text. */
static bool find_twin(const struct deduper *deduper, const struct article *article, uint64_t whole,
                      struct fingerprint_match *ret_twin) {
    struct fingerprint_match matches[2];
    size_t count = store_match_fingerprints(deduper->store, deduper->since, &whole, 1, matches, 2);
    for (size_t i = 0; i < count; i++) {
        *ret_twin = matches[i];
        if (strcmp(matches[i].id, article->id) == 0) return false;
    }
    return count > 0;
}

/* Returns whether the earlier article has failed. A failed article has no record to link to, and the copy may come from
 * a page that can be read, so the copy is treated as new. */
static bool has_failed(const struct deduper *deduper, struct article *article, const struct fingerprint_match *other) {
    struct article_row row;
    return store_find(deduper->store, span_of(other->id), article->arena, &row) &&
           row.article_state == ARTICLE_STATE_DEAD;
}

static enum outcome drop(struct article *article, const struct fingerprint_match *twin) {
    article->status = ARTICLE_DUPLICATE;
    article->duplicate_of = arena_copy(article->arena, span_of(twin->id));
    article->containment = 1;
    failure_set(&article->failure, REACH_NONE, REMEDY_NONE, "same headline and text as article %s", twin->id);
    return STAGE_DROP;
}

/* Returns whether the texts share enough of the shorter one for the article to count as a copy, which may be an excerpt
 * or an extended version. */
static bool is_copy(const struct deduper *deduper, const struct article *article,
                    const struct fingerprint_match *lead) {
    size_t own = article->fingerprint_count, other = lead->count, least = own < other ? own : other;
    return lead->shared >= MIN_SHARED && lead->shared * PERCENT >= deduper->containment * least;
}

/* Stores the fingerprints for comparison with later articles. For a copy only the hash of its headline and text is
 * stored, so that the copy cannot become a lead. */
static enum outcome remember(const struct deduper *deduper, const struct article *article, uint64_t whole, bool lead,
                             struct failure *ret_failure) {
    uint64_t *hashes = memory_take((article->fingerprint_count + 1) * sizeof *hashes);
    size_t count = lead ? article->fingerprint_count : 0;
    memcpy(hashes, article->fingerprints, count * sizeof *hashes);
    count = winnow_thin_out(hashes, count, MAX_KEPT);
    hashes[count++] = whole;
    bool done = store_add_fingerprints(deduper->store, article->id, deduper->day, hashes, count, ret_failure);
    free(hashes);
    return done ? STAGE_CONTINUE : STAGE_FAIL;
}

/* Compares the article with earlier ones. This runs on the main thread, because it uses the store. */
static enum outcome dedupe_ask(void *state, struct article *article, struct exchange *ret_exchange,
                               struct failure *ret_failure) {
    (void)ret_exchange;
    struct deduper *deduper = state;
    const struct prints *prints = article->stage_work;
    struct fingerprint_match other;
    article->stage_work = NULL;
    if (!prints || article->fingerprint_count < MIN_FINGERPRINTS) return STAGE_CONTINUE;
    /* only once per run */
    if (!deduper->forgot) store_forget_fingerprints(deduper->store, deduper->since);
    deduper->forgot = true;
    if (find_twin(deduper, article, prints->whole, &other) && !has_failed(deduper, article, &other))
        return drop(article, &other);
    bool copy = find_lead(deduper, article, &other) && is_copy(deduper, article, &other) &&
                !has_failed(deduper, article, &other);
    if (copy) {
        article->duplicate_of = arena_copy(article->arena, span_of(other.id));
        article->containment = (double)other.shared / (double)article->fingerprint_count;
    }
    bool mostly_new = !copy || article->containment * PERCENT < (double)deduper->containment;
    return remember(deduper, article, prints->whole, mostly_new, ret_failure);
}

const struct stage stage_dedupe = {
    .name = "dedupe",
    .help = "find articles that are copies of recent ones",
    .settings = {dedupe_table, sizeof(struct dedupe_settings)},
    .open = dedupe_open,
    .close = free,
    .work = dedupe_work,
    .ask = dedupe_ask,
};
