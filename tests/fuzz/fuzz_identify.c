/* Identifies any text, with one block per line. The result must be a language of the model, with a certainty and a
 * different runner-up, or a failure with a sentence, and it must be the same when repeated. */
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/engine/stage.h"
#include "stages/language/model.h"

extern const struct stage stage_identify;
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void *open_stage(void) {
    const struct section_table tables[] = {{.name = "identify", .settings = stage_identify.settings, .help = ""},
                                           {.name = NULL}};
    struct config *config = config_new(tables);
    struct failure failure = {0};
    void *state;
    config_finish(config);
    struct stage_context context = {.data_folder = TEST_DATA,
                                    .settings = config_values(config, stage_identify.settings.entries)};
    if (!stage_identify.open(&context, &state, &failure)) abort();
    config_free(config);
    return state;
}

static bool is_known(const char *code) {
    static struct model *model;
    struct failure failure = {0};
    if (!model && !model_open(TEST_DATA, &model, &failure)) abort();
    return model_find(model, span_of(code)) >= 0;
}

static void check_language(const struct article *article) {
    const struct language *language = &article->language;
    if (!is_known(language->code) || !(language->certainty >= 0 && language->certainty <= 1)) abort();
    if (language->runner_up[0] && (!is_known(language->runner_up) || strcmp(language->code, language->runner_up) == 0))
        abort();
    for (size_t i = 0; i < article->block_count; i++) {
        const char *own = article->body[i].language;
        if (own[0] && (!is_known(own) || strcmp(own, language->code) == 0)) abort();
    }
}

static struct article *identified(const void *state, struct span text, enum outcome *ret_outcome) {
    struct article *article = article_new();
    struct failure failure = {0};
    struct span line;
    span_next(&text, '\n', &article->title.source);
    while (span_next(&text, '\n', &line)) article_add_block(article, BLOCK_PARAGRAPH, line);
    *ret_outcome = stage_identify.work(state, article, &failure);
    if (*ret_outcome == STAGE_FAIL && failure.sentence[0] == '\0') abort();
    if (*ret_outcome != STAGE_FAIL) check_language(article);
    return article;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static void *state;
    struct span text = {(const char *)bytes, size};
    enum outcome first, second;
    if (!state) state = open_stage();
    struct article *article = identified(state, text, &first), *again = identified(state, text, &second);
    if (first != second || memcmp(&article->language, &again->language, sizeof article->language) != 0) abort();
    article_free(article);
    article_free(again);
    return 0;
}
