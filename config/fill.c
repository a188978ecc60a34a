/* Fills the structs of a section's tables with the user's values, or with the defaults where there are none. */
#include <string.h>

#include "config/internal.h"
#include "config/path.h"

/* Identifies the member to fill: the member of the struct `values` to which `entry` is bound. */
struct target {
    struct section *section;
    const struct setting *entry;
    char *values;
};

static void put(const struct target *target, const void *value, size_t size) {
    memcpy(target->values + target->entry->offset, value, size);
}

static struct span default_of(const struct target *target) {
    return span_of(target->entry->default_value ? target->entry->default_value : "");
}

static struct span text_of(const struct target *target) {
    const struct value *value = section_value(target->section, target->entry->name);
    return value ? value->text : default_of(target);
}

/* Falls back to the default if the value is invalid. section_check() has reported it by now, and no run starts with an
 * invalid configuration; only check-config continues, to find further problems. */
static double number_of(const struct target *target) {
    const struct setting *entry = target->entry;
    double number = 0;
    if (!setting_parse_number(entry, text_of(target), &number))
        setting_parse_number(entry, default_of(target), &number);
    return number;
}

static void put_whole(const struct target *target, double number) {
    long long whole = (long long)(number + 0.5); /* rounds: 0.29 * 1e6 is slightly less than 290000 as a double */
    size_t size = (size_t)whole;
    if (target->entry->type == SETTING_SIZE)
        put(target, &size, sizeof size);
    else
        put(target, &whole, sizeof whole);
}

static void put_text(const struct target *target) {
    struct span text = text_of(target);
    put(target, &text, sizeof text);
}

/* Only a file has a folder to which a path can be relative. */
static void put_path(const struct target *target) {
    const struct section *section = target->section;
    const struct value *value = section_value(section, target->entry->name);
    bool from_file = value && value->rank < RANK_WITHOUT_FILE;
    struct span path = path_resolve(from_file ? section->folder.at : "", text_of(target), section->config->arena);
    put(target, &path, sizeof path);
}

static void put_secret(const struct target *target) {
    struct secret *secret = secret_new(target->section, target->entry);
    put(target, &secret, sizeof secret);
}

static void put_number(const struct target *target) {
    put_whole(target, number_of(target));
}

static void put_decimal(const struct target *target) {
    double number = number_of(target);
    put(target, &number, sizeof number);
}

static void put_switch(const struct target *target) {
    bool on = false;
    if (!setting_parse_switch(text_of(target), &on)) setting_parse_switch(default_of(target), &on);
    put(target, &on, sizeof on);
}

static void put_choice(const struct target *target) {
    int choice = setting_parse_choice(target->entry, text_of(target));
    if (choice < 0) choice = setting_parse_choice(target->entry, default_of(target));
    put(target, &choice, sizeof choice);
}

static void put_selector(const struct target *target) {
    const struct value *value = section_value(target->section, target->entry->name);
    const struct selector *selector = value ? value->selector : NULL;
    put(target, &selector, sizeof selector);
}

/* ---------------------------------------------------------------- lists */

/* Returns the next value, starting with `value` itself, that belongs to the same list as `best`. If a setting has
 * values of several ranks (see enum rank), only those of the highest rank form the list. A list in the user's file
 * therefore replaces the system's list instead of extending it. */
static const struct value *next_value(const struct value *best, const struct value *value) {
    while (value && (strcmp(value->key, best->key) != 0 || value->rank != best->rank)) value = STAILQ_NEXT(value, next);
    return value;
}

static const struct value *first_value(const struct target *target, const struct value **ret_best) {
    *ret_best = section_value(target->section, target->entry->name);
    return *ret_best ? next_value(*ret_best, STAILQ_FIRST(&target->section->given)) : NULL;
}

static bool next_word(struct span *rest, struct span *ret_word) {
    static const char separators[] = " ,\t\n";
    size_t start = 0, end;
    while (start < rest->length && strchr(separators, rest->at[start])) start++;
    for (end = start; end < rest->length && !strchr(separators, rest->at[end]);) end++;
    *ret_word = span_cut(*rest, start, end);
    *rest = span_cut(*rest, end, rest->length);
    return end > start;
}

struct list {
    struct span *items;
    size_t count, capacity;
};

static void add_word(struct list *list, struct span word, struct arena *arena) {
    list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = arena_copy(arena, word);
}

static void add_words(struct list *list, struct span text, struct arena *arena) {
    struct span word;
    while (next_word(&text, &word)) add_word(list, word, arena);
}

static void put_list(const struct target *target) {
    struct arena *arena = target->section->config->arena;
    struct list list = {NULL, 0, 0};
    const struct value *best, *value = first_value(target, &best);
    if (!best) add_words(&list, default_of(target), arena);
    for (; value; value = next_value(best, STAILQ_NEXT(value, next)))
        if (value->whole)
            add_word(&list, value->text, arena);
        else
            add_words(&list, value->text, arena);
    struct word_list words = {list.items, list.count};
    put(target, &words, sizeof words);
}

/* Patterns that could not be compiled have been reported by section_check() and are left out. */
static void put_patterns(const struct target *target) {
    struct arena *arena = target->section->config->arena;
    const struct pattern **items = NULL;
    size_t count = 0, capacity = 0;
    const struct value *best, *value = first_value(target, &best);
    for (; value; value = next_value(best, STAILQ_NEXT(value, next))) {
        if (!value->pattern) continue;
        items = arena_grow(arena, items, count, &capacity, sizeof *items);
        items[count++] = value->pattern;
    }
    struct pattern_list patterns = {items, count};
    put(target, &patterns, sizeof patterns);
}

/* ---------------------------------------------------------------- all types */

static void (*const put_value[])(const struct target *target) = {
    [SETTING_TEXT] = put_text,        [SETTING_PATH] = put_path,       [SETTING_SECRET] = put_secret,
    [SETTING_NUMBER] = put_number,    [SETTING_DECIMAL] = put_decimal, [SETTING_SWITCH] = put_switch,
    [SETTING_SIZE] = put_number,      [SETTING_TIME] = put_number,     [SETTING_CHOICE] = put_choice,
    [SETTING_WORD] = put_text,        [SETTING_LIST] = put_list,       [SETTING_SELECTOR] = put_selector,
    [SETTING_PATTERN] = put_patterns, [SETTING_MONEY] = put_number};

/* Sets the bool that records whether the user gave a value, for settings whose default the user may also write
 * explicitly. */
static void put_given(const struct target *target) {
    bool given = section_value(target->section, target->entry->name) != NULL;
    if (target->entry->given) memcpy(target->values + target->entry->given - 1, &given, sizeof given);
}

/* Copies the lifetime into the secret. It is a separate setting, which may come later in the table, so this is called
 * after the whole struct has been filled. */
static void set_lifetime(const struct target *target) {
    struct secret *secret;
    if (!target->entry->lifetime) return;
    memcpy(&secret, target->values + target->entry->offset, sizeof secret);
    if (secret) memcpy(&secret->lifetime_ms, target->values + target->entry->lifetime - 1, sizeof secret->lifetime_ms);
}

static void fill(struct section *section, const struct setting *entries, char *own) {
    struct target target = {.section = section};
    for (target.entry = entries; target.entry && target.entry->name; target.entry++) {
        target.values = target.entry->common ? section->values : own;
        put_value[target.entry->type](&target);
        put_given(&target);
    }
    for (target.entry = entries; target.entry && target.entry->name; target.entry++) {
        target.values = target.entry->common ? section->values : own;
        set_lifetime(&target);
    }
}

/* The struct is zeroed, because the settings of this kind need not fill all its members. */
static char *take_struct(struct section *section, size_t size) {
    char *values = arena_take(section->config->arena, size ? size : 1);
    memset(values, 0, size);
    return values;
}

void section_fill(struct section *section) {
    const struct setting_table *common = &section->table->settings, *own = &section->own_kind.settings;
    section->values = take_struct(section, common->size);
    if (section->own_kind.name) section->kind_values = take_struct(section, own->size);
    fill(section, common->entries, section->values);
    fill(section, own->entries, section->kind_values);
}

bool word_list_has(const struct word_list *words, struct span word) {
    for (size_t i = 0; i < words->count; i++)
        if (span_equal(words->items[i], word)) return true;
    return false;
}
