/* Decodes any bytes. The result must be valid UTF-8 or a failure with a sentence, and cleaning the text again must
 * change nothing. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/decode/clean.h"

extern const struct stage stage_decode;
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_text(struct span text) {
    struct buffer again = BUFFER(text.length * 4 + 4096);
    struct cleaning cleaning;
    if (!text_valid(text)) abort();
    if (!span_equal(text, clean_text(text, &again, &cleaning))) abort();
    buffer_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static void *state;
    static struct resources *resources;
    if (!resources) resources = resources_new(TEST_DATA);
    struct stage_context context = {.data_folder = TEST_DATA, .resources = resources};
    struct failure failure = {0};
    if (!state && !stage_decode.open(&context, &state, &failure)) abort();
    struct article *article = article_new();
    article->origin.raw = (struct span){(const char *)bytes, size};
    enum outcome outcome = stage_decode.work(state, article, &failure);
    if (outcome == STAGE_CONTINUE)
        check_text(article->text);
    else if (failure.sentence[0] == '\0')
        abort();
    article_free(article);
    return 0;
}
