/* Language and script of title and body together; what is in English already is skipped. */
#include <stdlib.h>
#include <string.h>

#include "config/setting.h"
#include "pipeline/stage.h"
#include "stages/identify/model.h"

enum { SAMPLE = 16384, MOST_SKIPPED = 32 };

static const struct setting identify_settings[] = {
    {"skip", SETTING_LIST, "en", NULL, 0, 0, "languages that are not wanted"}, SETTINGS_END};

struct identifier {
    struct model *model;
    char skipped[MOST_SKIPPED][12];
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
    size_t count = setting_list_count(context->settings, "skip");
    for (size_t i = 0; i < count && i < MOST_SKIPPED; i++) {
        struct span code = text_clip(setting_list_item(context->settings, "skip", i), 11);
        memcpy(identifier->skipped[identifier->skipped_count++], code.at, code.length);
    }
    if (model_open(context->data_folder, &identifier->model, ret_failure)) return true;
    identify_close(identifier);
    return false;
}

static struct span sample_of(const struct article *article, struct buffer *sample) {
    buffer_add_span(sample, text_clip(article->title.source, SAMPLE / 4));
    for (size_t i = 0; i < article->block_count; i++) {
        buffer_add_string(sample, "\n");
        if (!buffer_add_span(sample, text_clip(article->body[i].text, SAMPLE / 4))) break;
    }
    if (article->block_count == 0) buffer_add_span(sample, text_clip(article->text, SAMPLE / 2));
    return buffer_span(sample);
}

/* Only what the languages of the model are written in; the first letter's block decides. */
static const struct {
    uint32_t first, last;
    const char *script;
} scripts[] = {{0x41, 0x24F, "Latn"},    {0x370, 0x3FF, "Grek"},   {0x400, 0x52F, "Cyrl"},   {0x530, 0x58F, "Armn"},
               {0x590, 0x5FF, "Hebr"},   {0x600, 0x77F, "Arab"},   {0x900, 0x97F, "Deva"},   {0x980, 0x9FF, "Beng"},
               {0xA00, 0xA7F, "Guru"},   {0xA80, 0xAFF, "Gujr"},   {0xB00, 0xB7F, "Orya"},   {0xB80, 0xBFF, "Taml"},
               {0xC00, 0xC7F, "Telu"},   {0xC80, 0xCFF, "Knda"},   {0xD00, 0xD7F, "Mlym"},   {0xD80, 0xDFF, "Sinh"},
               {0xE00, 0xE7F, "Thai"},   {0xE80, 0xEFF, "Laoo"},   {0x1000, 0x109F, "Mymr"}, {0x10A0, 0x10FF, "Geor"},
               {0x1200, 0x137F, "Ethi"}, {0x1780, 0x17FF, "Khmr"}, {0x1E00, 0x1EFF, "Latn"}, {0x3040, 0x30FF, "Jpan"},
               {0x4E00, 0x9FFF, "Hani"}, {0xAC00, 0xD7AF, "Hang"}};
enum { SCRIPTS = sizeof scripts / sizeof *scripts };

static const char *script_of(struct span text) {
    size_t counts[SCRIPTS] = {0}, best = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune < 'A' || (rune < 0x80 && (rune | 32) - 'a' >= 26)) continue;
        for (size_t j = 0; j < SCRIPTS; j++)
            if (rune >= scripts[j].first && rune <= scripts[j].last) counts[j]++;
    }
    for (size_t j = 0; j < SCRIPTS; j++)
        if (counts[j] > counts[best]) best = j;
    return counts[best] ? scripts[best].script : "";
}

static void take_guess(const struct identifier *identifier, struct article *article) {
    struct buffer buffer = BUFFER(SAMPLE);
    struct span sample = sample_of(article, &buffer);
    struct guess guess = model_guess(identifier->model, sample);
    struct language *language = &article->language;
    memcpy(language->script, script_of(sample), strlen(script_of(sample)));
    if (!language->code[0]) {
        memcpy(language->code, guess.code, strlen(guess.code));
        memcpy(language->runner_up, guess.runner_up, strlen(guess.runner_up));
        language->certainty = guess.certainty;
    }
    buffer_free(&buffer);
}

static bool is_skipped(const struct identifier *identifier, const char *code) {
    for (size_t i = 0; i < identifier->skipped_count; i++)
        if (strcmp(identifier->skipped[i], code) == 0) return true;
    return false;
}

static enum outcome identify_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct identifier *identifier = state;
    take_guess(identifier, article);
    if (!article->language.code[0]) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "there are no letters in it, so no language");
        return FAIL;
    }
    if (!is_skipped(identifier, article->language.code)) return GO_ON;
    article->status = ARTICLE_SKIPPED;
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "it is in a language that is skipped (%s)", article->language.code);
    return DROP;
}

const struct stage stage_identify = {
    .name = "identify",
    .help = "language and script; English and unwanted are skipped",
    .settings = identify_settings,
    .open = identify_open,
    .close = identify_close,
    .work = identify_work,
};
