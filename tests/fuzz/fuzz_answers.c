/* Reads any text as what a language model answers: thinking, numbered paragraphs, the sentences of a summary. What is
 * left is valid UTF-8 within the answer, and numbers of sources are within the limits. */
#include <stdint.h>
#include <stdlib.h>

#include "stages/services/common/numbered.h"
#include "stages/services/common/thinking.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static struct table words, phrases;

static void require(bool holds) {
    if (!holds) abort();
}

static void open_once(void) {
    static struct arena *arena; /* as long as the process */
    if (arena) return;
    arena = arena_new();
    require(table_read(TEST_DATA, "services/answers.tsv", arena, &words, NULL));
    require(table_read(TEST_DATA, "services/refusals.tsv", arena, &phrases, NULL));
}

static void check(const struct numbered_items *items, bool valid) {
    for (size_t i = 0; i < items->count; i++) {
        require(items->items[i].source_count <= NUMBERED_MAX_SOURCES);
        require(!valid || text_valid(items->items[i].text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const struct numbered_form form = {&words, &phrases, 3};
    const struct span source = SPAN("El <think> de 2 dados.");
    struct span answer = {(const char *)bytes, length};
    struct arena *arena = arena_new();
    bool valid = text_valid(answer);
    open_once();
    struct visible visible = thinking_remove(&words, answer, &source, 1, arena);
    require(visible.text.length <= length && (!valid || text_valid(visible.text)));
    struct numbered_items items = numbered_read_paragraphs(&form, visible.text, arena);
    check(&items, valid);
    items = numbered_read_sentences(&form, visible.text, arena);
    check(&items, valid);
    for (size_t i = 0; i < length; i++) require(i + thinking_json_extent(answer, i) <= length);
    arena_free(arena);
    return 0;
}
