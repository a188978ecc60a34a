/* The identify stage: identifies the language and script of an article from its title and body together, and the
 * language of each block that differs from it. Articles in English or another language that the user does not want are
 * skipped. */
#include "stages/identify.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/stage.h"
#include "stages/language/model.h"

enum {
    ARTICLE_LETTERS = 65536, /* number of letters of an article that are read; enough to identify its language */
    BLOCK_LETTERS = 2048,    /* number of letters of a block that are read; enough to identify its language */
    MIN_LETTERS = 16,        /* min. number of letters in a block whose language is identified separately */
    MAX_SKIPPED = 32
};
/* A block is given another language than the article only if the log odds against the article's language are at least
 * MIN_MARGIN, and the probability among all languages is at least MIN_CERTAINTY. In a test with text that was not used
 * for training, this was wrong for three lines in ten thousand. */
static const double MIN_MARGIN = 6, MIN_CERTAINTY = 0.9;

const struct setting identify_table[] = {
    SETTING("skip", SETTING_LIST_AT(struct identify_settings, skip), .default_value = "en",
            .help = "languages whose articles are skipped"),
    SETTINGS_END,
};

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

/* The votes for the language of the whole article, and the language found for each block separately. */
struct vote_count {
    const struct votes_model *model;
    struct votes votes;
    struct votes_known *known;
    const char **answers; /* the language of each block as identified from that block alone, or NULL */
};

static void count_text(struct vote_count *vote_count, struct span text) {
    if (vote_count->votes.letters < ARTICLE_LETTERS)
        votes_add(vote_count->model, text, BLOCK_LETTERS, vote_count->known, &vote_count->votes);
}

/* Adds the votes of a block. If the block is long enough, also stores the language identified from it alone. */
static void count_block(struct vote_count *vote_count, const struct article *article, size_t block) {
    struct votes votes = {0};
    if (vote_count->votes.letters >= ARTICLE_LETTERS) return;
    votes_add(vote_count->model, article->body[block].text, BLOCK_LETTERS, vote_count->known, &votes);
    votes_merge(&vote_count->votes, &votes);
    if (votes.letters >= MIN_LETTERS) vote_count->answers[block] = votes_guess(vote_count->model, &votes).code;
}

static void count_article(struct vote_count *vote_count, struct article *article) {
    vote_count->answers = arena_take(article->arena, (article->block_count + 1) * sizeof *vote_count->answers);
    count_text(vote_count, article->title.source);
    for (size_t i = 0; i < article->block_count; i++) count_block(vote_count, article, i);
    if (article->block_count == 0) count_text(vote_count, article->text);
}

/* Gives a block a language of its own, but only on strong evidence, because a passage in the article's language may
 * share some words with a closely related language. */
static void set_block_language(const struct vote_count *vote_count, struct block *block, const char *article_code) {
    struct votes votes = {0};
    votes_add(vote_count->model, block->text, BLOCK_LETTERS, vote_count->known, &votes);
    struct guess guess = votes_guess(vote_count->model, &votes);
    if (guess.certainty < MIN_CERTAINTY || votes_margin(vote_count->model, &votes, article_code) < MIN_MARGIN) return;
    memcpy(block->language, guess.code, strlen(guess.code) + 1);
}

static void set_block_languages(const struct vote_count *vote_count, struct article *article) {
    for (size_t i = 0; i < article->block_count; i++) {
        const char *answer = vote_count->answers[i];
        if (!answer || !answer[0] || article->body[i].language[0] || strcmp(answer, article->language.code) == 0)
            continue;
        set_block_language(vote_count, &article->body[i], article->language.code);
    }
}

/* Sets the script of the article, and its language unless that is already set. */
static void set_article_language(const struct vote_count *vote_count, struct language *language) {
    const char *script = votes_script(&vote_count->votes);
    memcpy(language->script, script, strlen(script) + 1);
    if (language->code[0]) return;
    struct guess guess = votes_guess(vote_count->model, &vote_count->votes);
    memcpy(language->code, guess.code, strlen(guess.code) + 1);
    memcpy(language->runner_up, guess.runner_up, strlen(guess.runner_up) + 1);
    language->certainty = guess.certainty;
}

static bool is_skipped(const struct identifier *identifier, const char *code) {
    for (size_t i = 0; i < identifier->skipped_count; i++)
        if (strcmp(identifier->skipped[i], code) == 0) return true;
    return false;
}

static void identify_languages(const struct identifier *identifier, struct article *article) {
    struct vote_count vote_count = {.model = model_votes(identifier->model),
                                    .known = memory_take(sizeof *vote_count.known)};
    bool given = article->language.code[0] != '\0'; /* whether a record or the source gives it */
    count_article(&vote_count, article);
    set_article_language(&vote_count, &article->language);
    if (!given && article->language.code[0]) set_block_languages(&vote_count, article);
    free(vote_count.known);
}

static enum outcome identify_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct identifier *identifier = state;
    identify_languages(identifier, article);
    if (!article->language.code[0]) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "cannot identify the language: the text has no letters");
        return STAGE_FAIL;
    }
    if (!is_skipped(identifier, article->language.code)) return STAGE_CONTINUE;
    article->status = ARTICLE_SKIPPED;
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE,
                "the language '%s' is skipped (setting 'skip' in [identify])", article->language.code);
    return STAGE_DROP;
}

const struct stage stage_identify = {
    .name = "identify",
    .help = "identify language and script; skip unwanted languages",
    .settings = {identify_table, sizeof(struct identify_settings)},
    .open = identify_open,
    .close = identify_close,
    .work = identify_work,
};
