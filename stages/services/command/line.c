#include "stages/services/command/line.h"

#include <string.h>

#include "config/path.h"

/* Takes one word off *rest. A quotation mark at its start keeps everything up to the next one together. Returns false
 * at the end, and for an unmatched quotation mark. */
static bool next_word(struct span *rest, struct span *ret_word) {
    *rest = span_trim(*rest);
    if (!rest->length) return false;
    bool quoted = rest->at[0] == '"' || rest->at[0] == '\'';
    size_t end = quoted, start = quoted;
    while (end < rest->length && (quoted ? rest->at[end] != rest->at[0] : !strchr(" \t\r\n", rest->at[end]))) end++;
    if (quoted && end == rest->length) return false;
    *ret_word = span_cut(*rest, start, end);
    *rest = span_cut(*rest, end + quoted, rest->length);
    return true;
}

/* Words without a leading dot or tilde mean the same wherever the configuration lies. */
static const char *argument_of(const char *folder, struct span word, struct arena *arena) {
    bool path = span_starts(word, SPAN("./")) || span_starts(word, SPAN("../")) || span_starts(word, SPAN("~/"));
    return path ? path_resolve(folder, word, arena).at : arena_string(arena, word);
}

const char **command_words(struct span command, const char *folder, struct arena *arena) {
    const char **words = arena_take(arena, (command.length / 2 + 2) * sizeof *words);
    struct span word;
    size_t count = 0;
    while (next_word(&command, &word)) words[count++] = argument_of(folder, word, arena);
    return command.length ? NULL : words;
}
