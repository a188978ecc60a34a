#include "stages/language/names.h"

#include "config/nearest.h"
#include "pipeline/base/arena.h"

bool language_names_read(const char *data_folder, struct arena *arena, struct table *ret_names,
                         struct failure *ret_failure) {
    return table_read(data_folder, "names.tsv", arena, ret_names, ret_failure);
}

struct span language_name(const struct table *names, struct span code) {
    size_t script = span_find(code, SPAN("-"));
    struct span base = span_cut(code, 0, script == SIZE_MAX ? code.length : script), name = base;
    for (size_t i = 0; i < names->count; i++) {
        const struct row *row = &names->rows[i];
        if (span_equal_ascii_fold(row->cells[0], code)) return row->cells[1];
        if (span_equal_ascii_fold(row->cells[0], base)) name = row->cells[1];
    }
    return name;
}

/* Returns the code as records have it; empty if it is unknown. "zh-Hant" is known if "zh" is. */
static struct span known_code(const struct table *names, struct span code) {
    size_t end = span_find(code, SPAN("-"));
    struct span base = span_cut(code, 0, end == SIZE_MAX ? code.length : end), found = SPAN("");
    for (size_t i = 0; i < names->count; i++) {
        if (span_equal_ascii_fold(names->rows[i].cells[0], code)) return names->rows[i].cells[0];
        if (span_equal_ascii_fold(names->rows[i].cells[0], base)) found = code;
    }
    return found;
}

/* Returns the code of a language by its English name; empty if there is none. */
static struct span code_of_name(const struct table *names, struct span name) {
    for (size_t i = 0; i < names->count; i++)
        if (span_equal_ascii_fold(names->rows[i].cells[1], name)) return names->rows[i].cells[0];
    return SPAN("");
}

static bool refuse(const struct table *names, struct span word, struct arena *arena, struct failure *ret_failure) {
    const char **words = arena_take(arena, (2 * names->count + 1) * sizeof *words);
    for (size_t i = 0; i < 2 * names->count; i++) words[i] = arena_string(arena, names->rows[i / 2].cells[i % 2]);
    const char *nearest = nearest_name(arena_copy(arena, word), words, 2 * names->count);
    struct span code = nearest ? code_of_name(names, span_of(nearest)) : SPAN("");
    if (!code.length) code = span_of(nearest);
    struct span name = language_name(names, code);
    if (!nearest)
        return failure_fatal(ret_failure, EXIT_USAGE,
                             "unknown language '%.*s': expected a code such as ru, or a name such as Russian",
                             SPAN_ARGS(text_clip(word, 80)));
    return failure_fatal(ret_failure, EXIT_USAGE, "unknown language '%.*s'; did you mean '%.*s' (%.*s)?",
                         SPAN_ARGS(text_clip(word, 80)), SPAN_ARGS(code), SPAN_ARGS(name));
}

bool language_read(const struct table *names, struct span word, struct arena *arena, struct span *ret_code,
                   struct failure *ret_failure) {
    struct span code = code_of_name(names, word);
    if (!code.length) code = known_code(names, word);
    if (!code.length) return refuse(names, word, arena, ret_failure);
    *ret_code = arena_copy(arena, code);
    return true;
}

bool language_covers(struct span choice, struct span code) {
    struct span base = span_cut(code, 0, choice.length);
    bool ends = code.length == choice.length || (code.length > choice.length && code.at[choice.length] == '-');
    return ends && span_equal_ascii_fold(choice, base);
}
