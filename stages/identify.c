/* Language and script of title and body together, and of blocks that are in another one; what is in English already is
 * skipped. */
#include "stages/identify.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/stage.h"
#include "stages/language/model.h"

enum {
    ARTICLE_LETTERS = 65536, /* are enough for any article */
    BLOCK_LETTERS = 2048,    /* and for any of its blocks */
    MIN_LETTERS = 16,        /* for a block to be heard alone */
    MAX_SKIPPED = 32
};
/* Logarithm of the odds against the article's own language; and the share of the block's language among all. Of the
 * held-out lines of the training text, three in ten thousand would be torn out of an article of their language. */
static const double MIN_MARGIN = 6, MIN_CERTAINTY = 0.9;

const struct setting identify_table[] = {SETTING("skip", SETTING_LIST_AT(struct identify_settings, skip),
                                                 .default_value = "en", .help = "languages whose articles are skipped"),
                                         SETTINGS_END};

struct identifier {
    struct model *model;
    char skipped[MAX_SKIPPED][12];
    size_t skipped_count;
};

static void identify_close(void *state) {
    struct identifier *identifier = state;
    model_close(identifier->model);
    free(identifier);
}

static bool identify_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct identifier *identifier = memory_take(sizeof *identifier);
    *ret_state = identifier;
    const struct identify_settings *settings = context->settings;
    for (size_t i = 0; i < settings->skip.count && i < MAX_SKIPPED; i++) {
        struct span code = text_clip(settings->skip.items[i], 11);
        memcpy(identifier->skipped[identifier->skipped_count++], code.at, code.length);
    }
    if (model_open(context->data_folder, &identifier->model, ret_failure)) return true;
    identify_close(identifier);
    return false;
}

/* What the article says as a whole; the answer of each block alone is kept to see which ones stand out. */
struct hearing {
    const struct votes_model *model;
    struct votes votes;
    const char **answers; /* by block; NULL: not looked at */
};

static void hear_text(struct hearing *hearing, struct span text) {
    if (hearing->votes.letters < ARTICLE_LETTERS) votes_add(hearing->model, text, BLOCK_LETTERS, &hearing->votes);
}

static void hear_block(struct hearing *hearing, const struct article *article, size_t block) {
    struct votes votes = {0};
    if (hearing->votes.letters >= ARTICLE_LETTERS) return;
    votes_add(hearing->model, article->body[block].text, BLOCK_LETTERS, &votes);
    votes_merge(&hearing->votes, &votes);
    if (votes.letters >= MIN_LETTERS) hearing->answers[block] = votes_guess(hearing->model, &votes).code;
}

static void hear_article(struct hearing *hearing, struct article *article) {
    hearing->answers = arena_take(article->arena, (article->block_count + 1) * sizeof *hearing->answers);
    hear_text(hearing, article->title.source);
    for (size_t i = 0; i < article->block_count; i++) hear_block(hearing, article, i);
    if (article->block_count == 0) hear_text(hearing, article->text);
}

/* A block has a language of its own when nothing but that explains its words: quotations and passages in close
 * languages must not be torn out of their article by a few words that both use. */
static void tell_block(const struct hearing *hearing, struct block *block, const char *article_code) {
    struct votes votes = {0};
    votes_add(hearing->model, block->text, BLOCK_LETTERS, &votes);
    struct guess guess = votes_guess(hearing->model, &votes);
    if (guess.certainty < MIN_CERTAINTY || votes_margin(hearing->model, &votes, article_code) < MIN_MARGIN) return;
    memcpy(block->language, guess.code, strlen(guess.code) + 1);
}

static void tell_blocks(const struct hearing *hearing, struct article *article) {
    for (size_t i = 0; i < article->block_count; i++) {
        const char *answer = hearing->answers[i];
        if (!answer || !answer[0] || article->body[i].language[0] || strcmp(answer, article->language.code) == 0)
            continue;
        tell_block(hearing, &article->body[i], article->language.code);
    }
}

static void tell_article(const struct hearing *hearing, struct language *language) {
    const char *script = votes_script(&hearing->votes);
    memcpy(language->script, script, strlen(script) + 1);
    if (language->code[0]) return;
    struct guess guess = votes_guess(hearing->model, &hearing->votes);
    memcpy(language->code, guess.code, strlen(guess.code) + 1);
    memcpy(language->runner_up, guess.runner_up, strlen(guess.runner_up) + 1);
    language->certainty = guess.certainty;
}

static bool is_skipped(const struct identifier *identifier, const char *code) {
    for (size_t i = 0; i < identifier->skipped_count; i++)
        if (strcmp(identifier->skipped[i], code) == 0) return true;
    return false;
}

static enum outcome identify_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct identifier *identifier = state;
    struct hearing hearing = {.model = model_votes(identifier->model)};
    bool given =
        article->language.code[0] != '\0'; /* by a record that came back, or a source that knows: for all of it */
    hear_article(&hearing, article);
    tell_article(&hearing, &article->language);
    if (!article->language.code[0]) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "there are no letters in it, so no language");
        return STAGE_FAIL;
    }
    if (!given) tell_blocks(&hearing, article);
    if (!is_skipped(identifier, article->language.code)) return STAGE_CONTINUE;
    article->status = ARTICLE_SKIPPED;
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "it is in a language that is skipped (%s)",
                article->language.code);
    return STAGE_DROP;
}

const struct stage stage_identify = {
    .name = "identify",
    .help = "language and script; English and unwanted are skipped",
    .settings = {identify_table, sizeof(struct identify_settings)},
    .open = identify_open,
    .close = identify_close,
    .work = identify_work,
};
