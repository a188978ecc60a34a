/* Imports translations made elsewhere into the translation memory, and an editor's corrections into the records. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/store/store.h"
#include "program/command.h"
#include "program/import/corrections.h"
#include "program/import/tmx.h"
#include "stages/services/common/key.h"

/* Entries are committed in batches: one transaction for all would make the write-ahead log large, and a commit for each
 * would be slow. */
enum { ENTRIES_A_COMMIT = 10000 };

struct import {
    struct program *program;
    struct store *store;
    struct failure *failure;
    size_t kept;
};

/* Reads the key that Dragoman's own exports contain, so that importing such a file restores the same entries. */
static bool read_key(struct span hex, struct memory_key *ret_key) {
    if (hex.length != 2 * sizeof ret_key->bytes) return false;
    for (size_t i = 0; i < hex.length; i++) {
        char c = hex.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        ret_key->bytes[i / 2] = (unsigned char)(i % 2 ? ret_key->bytes[i / 2] | digit : digit << 4);
    }
    return true;
}

/* Stores one pair. A pair from another tool is attributed to the service "memory", which then appears in records. */
static void keep_pair(void *context, const struct tmx_pair *pair) {
    struct import *import = context;
    struct buffer language = BUFFER(1024);
    long long unknown = 0;
    struct memory_key key;
    if (import->failure->reach != REACH_NONE) return;
    for (size_t i = 0; i < pair->language.length; i++) {
        char c = pair->language.at[i];
        /* TMX files may contain es_ES or ES-es. Our codes use hyphens and a lower-case language; a script or region
         * keeps its capitals (sr-Cyrl, pt-BR). */
        buffer_add(&language, &(char){(char)(c == '_' ? '-' : c >= 'A' && c <= 'Z' && i < 3 ? c | 32 : c)}, 1);
    }
    /* Pairs from other tools lack the key that our exports contain, so one is made from their text and language. */
    bool own = read_key(pair->key, &key);
    if (!own) key = key_of_import(pair->source, language.at);
    span_number(pair->unknown_words, &unknown);
    struct memory_entry entry = {.source = pair->source,
                                 .target = pair->target,
                                 .source_language = buffer_span(&language),
                                 .service = own ? pair->service : SPAN("memory"),
                                 .model = pair->model,
                                 .unknown_words = (unsigned)unknown};
    store_remember(import->store, &key, &entry, import->failure);
    if (++import->kept % ENTRIES_A_COMMIT == 0) store_commit(import->store, import->failure);
    buffer_free(&language);
}

static bool import_tmx(struct import *import, FILE *file, const char *name) {
    struct tmx_counts counts = {0};
    bool done = tmx_read(file, name, keep_pair, import, &counts, import->failure) &&
                import->failure->reach == REACH_NONE && store_commit(import->store, import->failure);
    printf("imported %zu translation pairs; skipped %zu units without one\n", counts.pairs, counts.skipped);
    return done;
}

/* ---------------------------------------------------------------- corrections */

static void print_part(size_t count, const char *what) {
    if (count) printf("; %zu %s", count, what);
}

static void print_counts(const struct correction_counts *counts) {
    printf("corrected %zu sentence%s in %zu record%s", counts->corrected, counts->corrected == 1 ? "" : "s",
           counts->records, counts->records == 1 ? "" : "s");
    print_part(counts->doubtful, "of them doubtful to the checks");
    print_part(counts->rejected, "of them rejected by the checks");
    print_part(counts->accepted, "accepted as they are");
    print_part(counts->unchanged, "unchanged");
    print_part(counts->stale, "skipped, because their source has changed since the export");
    print_part(counts->foreign, "skipped, because their articles have no record here");
    puts("");
}

static bool import_xliff(struct import *import, FILE *file, const char *name) {
    struct xliff xliff;
    struct correction_counts counts;
    struct arena *arena = arena_new();
    bool done = xliff_read(file, name, arena, &xliff, import->failure) &&
                corrections_apply(import->program, &xliff, &counts, import->failure);
    if (done) print_counts(&counts);
    if (done && xliff.count && counts.foreign + counts.stale == xliff.count)
        done = failure_fatal(import->failure, EXIT_BAD_DATA, "no sentence of %s belongs to a record of this archive",
                             name);
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- files */

/* Looks at the beginning of the file. Standard input, which may be a pipe, is read as it was before XLIFF. */
static bool is_xliff(FILE *file, const char *name) {
    enum { HEAD_BYTES = 4096 };
    char head[HEAD_BYTES];
    if (span_ends_ascii_fold(span_of(name), SPAN(".xlf")) || span_ends_ascii_fold(span_of(name), SPAN(".xliff")))
        return true;
    if (file == stdin) return false;
    struct span start = {head, fread(head, 1, sizeof head, file)};
    rewind(file);
    return span_find(start, SPAN("urn:oasis:names:tc:xliff:")) != SIZE_MAX;
}

static bool import_file(struct import *import, const char *name) {
    bool standard_input = strcmp(name, "-") == 0;
    FILE *file = standard_input ? stdin : fopen(name, "rb");
    if (!file) return failure_fatal(import->failure, EXIT_IO, "cannot read %s: %s", name, strerror(errno));
    bool done = is_xliff(file, name) ? import_xliff(import, file, name) : import_tmx(import, file, name);
    if (!standard_input) fclose(file);
    return done;
}

static enum exit_code do_import(struct call *call, struct failure *ret_failure) {
    if (call->word_count == 0) {
        failure_fatal(ret_failure, EXIT_USAGE,
                      "no file given; write `dragoman import FILE...` with TMX or XLIFF files");
        return EXIT_USAGE;
    }
    if (!program_open_store(call->program, false, true, ret_failure)) return ret_failure->exit_code;
    struct import import = {.program = call->program, .store = call->program->store, .failure = ret_failure};
    bool done = true;
    for (size_t i = 0; done && i < call->word_count; i++) done = import_file(&import, call->words[i]);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const char *const import_examples[] = {"dragoman import memory.tmx", "translations from another tool or machine",
                                              "dragoman import day.xlf", "an editor's corrections of an exported day",
                                              NULL};

const struct subcommand command_import = {
    .name = "import",
    .takes = "FILE...",
    .help = "import translations (TMX) into the translation memory, or corrected sentences (XLIFF) into the records",
    .examples = import_examples,
    .run = do_import};
