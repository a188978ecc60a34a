/* Any bytes as a glossary: refused with a sentence, or its terms are found in a text, in order and inside it. */
#define _GNU_SOURCE
#include "config/reader.h"
#include "fuzz/fuzz_file.h"
#include "stages/language/termbase.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check(const struct termbase *termbase, struct span text) {
    const struct term *terms[64];
    struct term_match matches[TERM_MATCHES];
    size_t count = termbase_find(termbase, "es", text, matches), end = 0;
    if (count > TERM_MATCHES || termbase_list(termbase, "es", terms, 64) > 64) abort();
    for (size_t i = 0; i < count; i++) {
        if (!matches[i].length || matches[i].at < end || matches[i].at + matches[i].length > text.length) abort();
        end = matches[i].at + matches[i].length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const struct section_table tables[] = {
        {.name = "glossary", .settings = {glossary_table, sizeof(struct glossary_settings)}}, {.name = NULL}};
    struct span text = {(const char *)bytes, length};
    char assignment[64];
    struct termbase *termbase = NULL;
    struct failure failure = {0};
    struct fuzz_file file = fuzz_file_open(bytes, length);
    struct config *config = config_new(tables);
    snprintf(assignment, sizeof assignment, "glossary.file=%s", file.path);
    config_set(config, assignment);
    config_finish(config);
    if (termbase_open(config, &termbase, &failure))
        check(termbase, text);
    else if (!failure.sentence[0])
        abort();
    termbase_close(termbase);
    config_free(config);
    fuzz_file_close(&file);
    return 0;
}
