/* Finds glossary terms in any bytes: matches are in order and inside the text, and with an engine that copies its input
 * every term is replaced by its English and nothing else changes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/reader.h"
#include "stages/translate/placeholders.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char lines[] = "es\tbanco\tbank\nes\tbanco central\tcentral bank\n*\tOTAN\tNATO\n*\tFarolito "
                            "Sur\n*\t国务院\tState Council\nes\tsal\tsalt\texact\n";

static struct termbase *open_termbase(void) {
    static const struct section_table tables[] = {
        {.name = "glossary", .settings = {glossary_table, sizeof(struct glossary_settings)}}, {.name = NULL}};
    char path[] = "/tmp/terms-XXXXXX", assignment[64];
    int file = mkstemp(path);
    if (file < 0 || write(file, lines, sizeof lines - 1) < 0) abort();
    close(file);
    snprintf(assignment, sizeof assignment, "glossary.file=%s", path);
    struct config *config = config_new(tables);
    struct termbase *termbase = NULL;
    config_set(config, assignment);
    config_finish(config);
    if (!termbase_open(config, &termbase, NULL)) abort();
    config_free(config);
    unlink(path);
    return termbase;
}

static size_t check_matches(struct span text, const struct term_match *matches, size_t count) {
    size_t length = text.length, end = 0;
    for (size_t i = 0; i < count; i++) {
        if (matches[i].at < end || matches[i].length == 0 || matches[i].at + matches[i].length > text.length) abort();
        end = matches[i].at + matches[i].length;
        length += matches[i].term->target.length - matches[i].length;
    }
    return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct termbase *termbase;
    if (!termbase) termbase = open_termbase();
    struct span text = {(const char *)data, size}, target;
    struct term_match matches[TERM_MATCHES];
    struct arena *arena = arena_new();
    size_t count = termbase_find(termbase, "es", text, matches);
    size_t length = check_matches(text, matches, count);
    struct span put = placeholders_put(text, matches, count, arena);
    if (put.at != text.at && (!placeholders_take(put, matches, count, arena, &target) || target.length != length))
        abort();
    arena_free(arena);
    return 0;
}
