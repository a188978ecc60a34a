#include "program/digest/selection.h"

#include <string.h>

#include "config/nearest.h"
#include "config/reader.h"
#include "pipeline/engine/source_settings.h"
#include "stages/language/names.h"
#include "stages/language/unicode.h"

enum { MAX_CHOICES = 64, NAME_BYTES = 80, MAX_SEEN = 10000 };

/* ---------------------------------------------------------------- reading the options */

static void append(struct selection *selection, struct choices *choices, struct span text) {
    choices->found =
        arena_grow(selection->arena, choices->found, choices->count, &choices->found_capacity, sizeof(bool));
    choices->items =
        arena_grow(selection->arena, choices->items, choices->count, &choices->capacity, sizeof *choices->items);
    choices->items[choices->count++] = arena_copy(selection->arena, text);
}

static bool add_choice(struct selection *selection, struct choices *choices, const char *option, struct span value,
                       struct failure *ret_failure) {
    struct span text = span_trim(value);
    if (!text.length || !text_valid(text)) return failure_fatal(ret_failure, EXIT_USAGE, "%s needs a name", option);
    if (choices->count == MAX_CHOICES)
        return failure_fatal(ret_failure, EXIT_USAGE, "%s: more than %d names", option, MAX_CHOICES);
    for (size_t i = 0; i < choices->count; i++)
        if (span_equal(choices->items[i], text)) return true;
    append(selection, choices, text);
    return true;
}

static bool add_languages(struct selection *selection, const char *value, struct failure *ret_failure) {
    struct span rest = span_of(value), word;
    if (!rest.length) return add_choice(selection, &selection->languages, "--language", rest, ret_failure);
    while (span_next(&rest, ',', &word)) {
        struct span text = span_trim(word), code = SPAN("");
        if (text.length && !language_read(&selection->names, text, selection->arena, &code, ret_failure)) return false;
        if (!add_choice(selection, &selection->languages, "--language", code, ret_failure)) return false;
    }
    return true;
}

static bool add_option(struct selection *selection, const struct given_option *option, struct failure *ret_failure) {
    if (strcmp(option->name, "--language") == 0) return add_languages(selection, option->value, ret_failure);
    if (strcmp(option->name, "--source") == 0)
        return add_choice(selection, &selection->sources, option->name, span_of(option->value), ret_failure);
    if (strcmp(option->name, "--section") == 0)
        return add_choice(selection, &selection->sections, option->name, span_of(option->value), ret_failure);
    return true;
}

bool selection_read(const struct call *call, struct arena *arena, struct selection *ret_selection,
                    struct failure *ret_failure) {
    *ret_selection = (struct selection){.arena = arena,
                                        .config = call->program->config,
                                        .seen_sources = HASH_TABLE(arena),
                                        .seen_sections = HASH_TABLE(arena)};
    bool done = language_names_read(call->program->data_folder, arena, &ret_selection->names, ret_failure);
    for (size_t i = 0; i < call->option_count && done; i++)
        done = add_option(ret_selection, &call->options[i], ret_failure);
    return done;
}

struct selection selection_of_lists(const struct config *config, struct arena *arena, const struct word_list *languages,
                                    const struct word_list *sources, struct span sections) {
    struct span section;
    struct selection selection = {
        .arena = arena, .config = config, .seen_sources = HASH_TABLE(arena), .seen_sections = HASH_TABLE(arena)};
    for (size_t i = 0; i < languages->count; i++) append(&selection, &selection.languages, languages->items[i]);
    for (size_t i = 0; i < sources->count; i++) append(&selection, &selection.sources, sources->items[i]);
    while (span_next(&sections, ',', &section)) {
        section = span_trim(section);
        if (section.length) append(&selection, &selection.sections, section);
    }
    return selection;
}

bool selection_is_given(const struct selection *selection) {
    return selection->languages.count + selection->sources.count + selection->sections.count > 0;
}

/* ---------------------------------------------------------------- choosing */

static bool same_name(struct span choice, struct span value) {
    return text_equal_fold(choice, value);
}

static bool takes(struct choices *choices, struct span value, bool (*same)(struct span choice, struct span value)) {
    bool taken = choices->count == 0;
    for (size_t i = 0; i < choices->count; i++) {
        if (!same(choices->items[i], value)) continue;
        choices->found[i] = taken = true;
    }
    return taken;
}

static void see(struct selection *selection, struct hash_table *seen, struct span value) {
    if (!value.length || seen->count >= MAX_SEEN || hash_table_find(seen, value)) return;
    struct span *own = arena_take(selection->arena, sizeof *own);
    *own = arena_copy(selection->arena, value);
    hash_table_set(seen, *own, own);
}

/* Records that came ready-made have no section, although their source may have one. */
static struct span section_of(const struct selection *selection, const struct article *article) {
    const struct section *source = config_section_named(selection->config, source_table, article->origin.source);
    if (article->section.length || !source) return article->section;
    const struct source_settings *settings = section_values(source);
    return settings->section;
}

/* All three are looked at, so that each notes what it has found. */
bool selection_takes(struct selection *selection, const struct article *article) {
    struct span own_section = section_of(selection, article);
    see(selection, &selection->seen_sources, article->origin.source);
    see(selection, &selection->seen_sections, own_section);
    bool language = takes(&selection->languages, span_of(article->language.code), language_covers);
    bool source = takes(&selection->sources, article->origin.source, same_name);
    bool section = takes(&selection->sections, own_section, same_name);
    return language && source && section;
}

static bool fits(const struct choices *choices, struct span value,
                 bool (*same)(struct span choice, struct span value)) {
    bool taken = choices->count == 0 || !value.length;
    for (size_t i = 0; i < choices->count && !taken; i++) taken = same(choices->items[i], value);
    return taken;
}

bool selection_takes_note(const void *context, const char *list, const cJSON *item) {
    const struct selection *selection = context;
    struct span kind = json_member_text(item, "kind");
    bool of_source = span_is(kind, "source") || span_is(kind, "silence");
    if (strcmp(list, "outages") == 0)
        return !of_source || fits(&selection->sources, json_member_text(item, "name"), same_name);
    struct span where = json_member_text(item, "where");
    /* A note is on a source, or on anything else. */
    if (strcmp(list, "notes") == 0)
        return !config_section_named(selection->config, source_table, where) ||
               fits(&selection->sources, where, same_name);
    return fits(&selection->sources, json_member_text(item, "source"), same_name) &&
           fits(&selection->languages, json_member_text(item, "language"), language_covers);
}

/* ---------------------------------------------------------------- unknown names */

struct known {
    const char **items;
    size_t count, capacity;
};

static void add_name(struct arena *arena, struct known *names, struct span name) {
    names->items = arena_grow(arena, names->items, names->count, &names->capacity, sizeof *names->items);
    names->items[names->count++] = arena_string(arena, name);
}

static struct known known_names(const struct selection *selection, const struct hash_table *seen, bool sections) {
    struct known names = {0};
    const struct span *name;
    for (size_t i = 0; i < config_section_count(selection->config, source_table); i++) {
        const struct section *section = config_section_at(selection->config, source_table, i);
        const struct source_settings *settings = section_values(section);
        struct span own = sections ? settings->section : section_name(section);
        if (own.length) add_name(selection->arena, &names, own);
    }
    for (size_t position = 0; (name = hash_table_next(seen, &position));) add_name(selection->arena, &names, *name);
    return names;
}

static bool check_names(const struct choices *choices, const struct known *names, const char *what,
                        struct failure *ret_failure) {
    for (size_t i = 0; i < choices->count; i++) {
        bool known = choices->found[i];
        for (size_t j = 0; j < names->count && !known; j++)
            known = same_name(choices->items[i], span_of(names->items[j]));
        if (known) continue;
        const char *nearest = nearest_name(choices->items[i], names->items, names->count);
        return failure_fatal(ret_failure, EXIT_USAGE, "unknown %s '%.*s'%s%.100s%s", what,
                             SPAN_ARGS(text_clip(choices->items[i], 100)), nearest ? "; did you mean '" : "",
                             nearest ? nearest : "", nearest ? "'?" : "");
    }
    return true;
}

bool selection_check_seen(const struct selection *selection, struct failure *ret_failure) {
    struct known sources = known_names(selection, &selection->seen_sources, false);
    struct known sections = known_names(selection, &selection->seen_sections, true);
    return check_names(&selection->sources, &sources, "source", ret_failure) &&
           check_names(&selection->sections, &sections, "section", ret_failure);
}

/* ---------------------------------------------------------------- names for it */

static void describe(const struct choices *choices, const char *before, struct buffer *out) {
    for (size_t i = 0; i < choices->count; i++) {
        buffer_add_string(out, i ? " or " : out->length ? ", " : "");
        buffer_add_string(out, i ? "" : before);
        buffer_add_span(out, text_clip(choices->items[i], 100));
    }
}

void selection_describe(const struct selection *selection, struct buffer *out) {
    for (size_t i = 0; i < selection->languages.count; i++) {
        buffer_add_string(out, i ? " or " : "");
        buffer_add_span(out, language_name(&selection->names, selection->languages.items[i]));
    }
    describe(&selection->sources, "from ", out);
    describe(&selection->sections, "section ", out);
}

/* Appends the letters and digits of a name. Returns false if that is not all of it. */
static bool add_safe(struct span text, struct buffer *out) {
    bool whole = true;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i], lower = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        bool safe = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-';
        whole = whole && safe && lower == c;
        if (safe) buffer_add(out, &lower, 1);
    }
    return whole;
}

static bool add_names(const struct choices *choices, struct buffer *name, uint64_t *hash) {
    bool whole = true;
    for (size_t i = 0; i < choices->count; i++) {
        buffer_add_string(name, "-");
        whole = add_safe(choices->items[i], name) && whole;
        *hash = span_hash_more(span_hash_more(*hash, choices->items[i]), SPAN("\n"));
    }
    *hash = span_hash_more(*hash, SPAN("\f"));
    return whole;
}

void selection_name(const struct selection *selection, struct buffer *out) {
    struct buffer name = BUFFER(1 << 20);
    uint64_t hash = span_hash(SPAN(""));
    bool whole = add_names(&selection->languages, &name, &hash);
    whole = add_names(&selection->sources, &name, &hash) && whole;
    whole = add_names(&selection->sections, &name, &hash) && whole;
    /* A section could have the name of a source. */
    if (selection->sections.count || name.length > NAME_BYTES) whole = false;
    buffer_add_span(out, text_clip(buffer_span(&name), NAME_BYTES));
    if (!whole) buffer_print(out, "-%08llx", (unsigned long long)(hash & 0xFFFFFFFFu));
    buffer_free(&name);
}
