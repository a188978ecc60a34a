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
enum { ENTRIES_A_COMMIT = 10000, INPUT_LIMIT = 1 << 30 };

struct import {
    struct program *program;
    struct store *store;
    struct failure *failure;
    size_t kept;
    cJSON *files; /* what became of each file; NULL without --json */
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
    if (++import->kept % ENTRIES_A_COMMIT == 0) store_queue_commit(import->store, import->failure);
    buffer_free(&language);
}

static cJSON *add_file_json(cJSON *files, const char *name, const char *format) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "file", span_of(name));
    json_add(object, "format", span_of(format));
    cJSON_AddItemToArray(files, object);
    return object;
}

static void add_pairs_json(cJSON *files, const char *name, const struct tmx_counts *counts) {
    cJSON *object = add_file_json(files, name, "tmx");
    cJSON_AddNumberToObject(object, "pairs", (double)counts->pairs);
    cJSON_AddNumberToObject(object, "skipped", (double)counts->skipped);
}

static bool import_tmx(struct import *import, FILE *file, const char *name) {
    struct tmx_counts counts = {0};
    bool done = tmx_read(file, name, keep_pair, import, &counts, import->failure) &&
                import->failure->reach == REACH_NONE && store_commit(import->store, import->failure);
    if (import->files)
        add_pairs_json(import->files, name, &counts);
    else
        printf("imported %zu translation pair%s; skipped %zu unit%s without one\n", counts.pairs,
               counts.pairs == 1 ? "" : "s", counts.skipped, counts.skipped == 1 ? "" : "s");
    return done;
}

/* ---------------------------------------------------------------- corrections */

static void print_part(size_t count, const char *what) {
    if (count) printf("; %zu %s", count, what);
}

static void print_counts(const struct correction_counts *counts) {
    printf("corrected %zu sentence%s in %zu record%s", counts->corrected, counts->corrected == 1 ? "" : "s",
           counts->records, counts->records == 1 ? "" : "s");
    print_part(counts->doubtful, "of them doubtful");
    print_part(counts->rejected, "of them rejected");
    print_part(counts->accepted, "accepted unchanged");
    print_part(counts->unchanged, "unchanged");
    print_part(counts->stale, "skipped, because their source has changed since the export");
    print_part(counts->foreign, "skipped, because their articles have no record here");
    puts("");
}

static void add_counts_json(cJSON *files, const char *name, const struct correction_counts *counts) {
    cJSON *object = add_file_json(files, name, "xliff");
    cJSON_AddNumberToObject(object, "corrected", (double)counts->corrected);
    cJSON_AddNumberToObject(object, "doubtful", (double)counts->doubtful);
    cJSON_AddNumberToObject(object, "rejected", (double)counts->rejected);
    cJSON_AddNumberToObject(object, "accepted", (double)counts->accepted);
    cJSON_AddNumberToObject(object, "unchanged", (double)counts->unchanged);
    cJSON_AddNumberToObject(object, "stale", (double)counts->stale);
    cJSON_AddNumberToObject(object, "foreign", (double)counts->foreign);
    cJSON_AddNumberToObject(object, "records", (double)counts->records);
}

static bool import_xliff(struct import *import, FILE *file, const char *name) {
    struct xliff xliff;
    struct correction_counts counts;
    struct arena *arena = arena_new();
    bool done = xliff_read(file, name, arena, &xliff, import->failure) &&
                corrections_apply(import->program, &xliff, &counts, import->failure);
    if (done && import->files) add_counts_json(import->files, name, &counts);
    if (done && !import->files) print_counts(&counts);
    if (done && xliff.count && counts.foreign + counts.stale == xliff.count)
        done = failure_fatal(import->failure, EXIT_BAD_DATA, "no sentence of %s belongs to a record of this archive",
                             name);
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- files */

/* Looks at the beginning of the file, which need not have a name that tells. */
static bool is_xliff(FILE *file, const char *name) {
    enum { HEAD_BYTES = 4096 };
    char head[HEAD_BYTES];
    if (span_ends_ascii_fold(span_of(name), SPAN(".xlf")) || span_ends_ascii_fold(span_of(name), SPAN(".xliff")))
        return true;
    struct span start = {head, fread(head, 1, sizeof head, file)};
    rewind(file);
    return span_find(start, SPAN("urn:oasis:names:tc:xliff:")) != SIZE_MAX;
}

/* Standard input may be a pipe, which can be read only once; the kind of file is found by looking at it first. */
static FILE *copy_standard_input(struct failure *ret_failure) {
    char piece[1 << 16];
    size_t length, all = 0;
    FILE *file = tmpfile();
    while (file && (length = fread(piece, 1, sizeof piece, stdin)) > 0) {
        all += length;
        if (all > INPUT_LIMIT || fwrite(piece, 1, length, file) != length) break;
    }
    bool whole = file && feof(stdin) && !ferror(stdin) && fflush(file) == 0;
    if (!whole && all > INPUT_LIMIT)
        failure_fatal(ret_failure, EXIT_BAD_DATA, "standard input has more than %d MB; import it as a file",
                      INPUT_LIMIT >> 20);
    else if (!whole)
        failure_fatal(ret_failure, EXIT_IO, "cannot read standard input: %s", strerror(errno));
    if (file) rewind(file);
    if (!whole && file) fclose(file);
    return whole ? file : NULL;
}

static FILE *open_file(const char *name, struct failure *ret_failure) {
    if (strcmp(name, "-") == 0) return copy_standard_input(ret_failure);
    FILE *file = fopen(name, "rb");
    if (!file) failure_fatal(ret_failure, EXIT_IO, "cannot read %s: %s", name, strerror(errno));
    return file;
}

static bool import_file(struct import *import, const char *name) {
    FILE *file = open_file(name, import->failure);
    if (!file) return false;
    bool done = is_xliff(file, name) ? import_xliff(import, file, name) : import_tmx(import, file, name);
    fclose(file);
    return done;
}

static void print_files(cJSON *files) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddItemToObject(root, "files", files);
    command_print_json(root);
}

static enum exit_code do_import(struct call *call, struct failure *ret_failure) {
    if (call->word_count == 0) {
        failure_fatal(ret_failure, EXIT_USAGE,
                      "no file given; write `dragoman import FILE...` with TMX or XLIFF files");
        return EXIT_USAGE;
    }
    if (!program_open_store(call->program, false, STORE_LOCKED, ret_failure)) return ret_failure->exit_code;
    struct import import = {.program = call->program, .store = call->program->store, .failure = ret_failure};
    if (call_option(call, "--json")) import.files = cJSON_CreateArray();
    bool done = true;
    for (size_t i = 0; done && i < call->word_count; i++) done = import_file(&import, call->words[i]);
    /* Files before the one that failed have been imported. */
    if (import.files) print_files(import.files);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const struct option import_options[] = {{"--json", NULL, "print one JSON object"}, OPTIONS_END};
static const char *const import_examples[] = {"dragoman import memory.tmx", "translations from another tool or machine",
                                              "dragoman import day.xlf", "an editor's corrections of an exported day",
                                              NULL};

const struct subcommand command_import = {
    .name = "import",
    .takes = "FILE...",
    .max_words = ANY_WORDS,
    .help = "import translations (TMX) into the translation memory, or corrected sentences (XLIFF) into the records",
    .options = import_options,
    .examples = import_examples,
    .confirms = true,
    .run = do_import};
