/* Reads any bytes as what pages hold for scripts: JSON-LD, JSON in scripts, articles in string literals. Texts lie
 * within the limits and stay valid UTF-8. */
#include <stdint.h>
#include <stdlib.h>

#include "pipeline/base/json.h"
#include "stages/extract/embedded.h"
#include "stages/extract/linked_data.h"
#include "stages/extract/script_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

static void visit(void *context, const cJSON *root) {
    (void)context;
    require(root != NULL);
}

static void check_linked(const struct linked_article *linked) {
    const struct span all[] = {linked->headline,  linked->description,     linked->body,
                               linked->published, linked->modified,        linked->section,
                               linked->image,     linked->publisher,       linked->comments,
                               linked->people[0], linked->organizations[0]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) require(text_valid(all[i]));
    require(linked->person_count <= LINKED_NAMES && linked->organization_count <= LINKED_NAMES);
    require(linked->update_count <= LINKED_UPDATES);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length};
    struct arena *arena = arena_new();
    struct linked_article linked = linked_data_read(&text, 1, arena);
    check_linked(&linked);
    struct span embedded = embedded_article(text, arena), bare = embedded_without_scripts(text, arena);
    require(embedded.length <= EMBEDDED_LONGEST && bare.length <= text.length);
    require(!text_valid(text) || (text_valid(embedded) && text_valid(bare)));
    script_json_each(text, visit, NULL);
    arena_free(arena);
    return 0;
}
