#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/hash_table.h"
#include "stages/services/apertium/chains.h"

/* Maximum size of a mode file in bytes, and maximum number of words in a command. */
enum { MODE_LIMIT = 65536, MAX_WORDS = 512 };

/* Returns the next word without its quotes. A "|" is always a separate word. */
static bool next_word(struct span *rest, struct arena *arena, struct span *ret_word) {
    *rest = span_trim(*rest);
    if (rest->length == 0) return false;
    if (rest->at[0] == '|') {
        *ret_word = SPAN("|");
        *rest = span_cut(*rest, 1, rest->length);
        return true;
    }
    struct buffer word = BUFFER(MODE_LIMIT);
    char quote = 0;
    size_t i = 0;
    for (; i < rest->length; i++) {
        char c = rest->at[i];
        if (quote ? c == quote : c == '\'' || c == '"')
            quote = quote ? 0 : c;
        else if (!quote && (c == ' ' || c == '|' || c == '\n' || c == '\t'))
            break;
        else
            buffer_add(&word, &c, 1);
    }
    *ret_word = arena_copy(arena, buffer_span(&word));
    buffer_free(&word);
    *rest = span_cut(*rest, i, rest->length);
    return true;
}

/* The commands read so far, and the words of the command that is being read. */
struct builder {
    struct arena *arena;
    struct command *commands;
    size_t count, capacity;
    const char **words;
    size_t word_count;
};

static void end_command(struct builder *builder) {
    if (builder->word_count == 0) return;
    const char **arguments = arena_take(builder->arena, (builder->word_count + 1) * sizeof *arguments);
    for (size_t i = 0; i < builder->word_count; i++) arguments[i] = builder->words[i];
    builder->commands =
        arena_grow(builder->arena, builder->commands, builder->count, &builder->capacity, sizeof *builder->commands);
    builder->commands[builder->count++] = (struct command){.arguments = arguments};
    builder->word_count = 0;
}

/* Mode files are scripts for Apertium's own launcher, which replaces $1 and $2 with options. */
static void add_word(struct builder *builder, struct span word) {
    if (span_is(word, "|")) {
        end_command(builder);
        return;
    }
    if (span_is(word, "$2")) return;
    if (builder->word_count + 2 >= MAX_WORDS) return;
    builder->words[builder->word_count++] = span_is(word, "$1") ? "-g" : word.at;
    if (builder->word_count == 1) builder->words[builder->word_count++] = "-z";
}

bool mode_read(const char *path, struct arena *arena, struct command **ret_commands, size_t *ret_count) {
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    char *text = arena_take(arena, MODE_LIMIT);
    struct span rest = {text, fread(text, 1, MODE_LIMIT - 1, file)}, word;
    fclose(file);
    struct builder builder = {.arena = arena, .words = memory_take(MAX_WORDS * sizeof *builder.words)};
    while (next_word(&rest, arena, &word)) add_word(&builder, word);
    end_command(&builder);
    free(builder.words);
    *ret_commands = builder.commands;
    *ret_count = builder.count;
    return builder.count > 0;
}

struct names {
    struct hash_table seen; /* key: name of a program */
    struct arena *arena;
    void (*found)(void *context, const char *program);
    void *context;
};

static void add_programs(struct names *names, const char *path) {
    struct command *commands;
    size_t count = 0;
    if (!mode_read(path, names->arena, &commands, &count)) return;
    for (size_t i = 0; i < count; i++) {
        const char *name = commands[i].arguments[0];
        if (hash_table_find(&names->seen, span_of(name))) continue;
        hash_table_set(&names->seen, span_of(name), names);
        names->found(names->context, name);
    }
}

void modes_each_program(const char *folder, void (*found)(void *context, const char *program), void *context) {
    struct arena *arena = arena_new();
    struct names names = {.seen = HASH_TABLE(arena), .arena = arena, .found = found, .context = context};
    glob_t modes;
    int result = glob(arena_print(arena, "%s/*.mode", folder).at, GLOB_NOSORT, NULL, &modes);
    if (result == GLOB_NOSPACE) memory_exhausted();
    for (size_t i = 0; result == 0 && i < modes.gl_pathc; i++) add_programs(&names, modes.gl_pathv[i]);
    if (result == 0) globfree(&modes);
    arena_free(arena);
}
