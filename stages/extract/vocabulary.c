#include "stages/extract/vocabulary.h"

#include <math.h>

enum {
    MAX_WORDS = 3,      /* words of an entry */
    LONGEST_NAME = 512, /* max. bytes of a name; longer names are generated and have no meaning */
    HIGHEST_ODDS = 9,
    MAX_NAMES = 24 /* max. number of names in one attribute that are looked up */
};

struct entry {
    uint64_t hash;          /* 0 if this entry of the table is free */
    struct meaning meaning; /* low and high are equal */
};

static const struct {
    const char *name;
    enum name_mark mark;
} meanings[] = {{"boilerplate", MARK_BOILERPLATE},
                {"comments", MARK_COMMENTS},
                {"hidden", MARK_HIDDEN},
                {"caption", MARK_CAPTION},
                {"byline", MARK_BYLINE},
                {"stand-first", MARK_STANDFIRST},
                {"container", MARK_CONTAINER},
                {"title", MARK_TITLE},
                {"modifier", MARK_MODIFIER},
                {"date", MARK_DATE},
                {"byline-detail", MARK_BYLINE_DETAIL}};

/* The hash is FNV-1a over the words in lower case, each followed by '-'. Only entries of the table are stored, so no
 * page can slow down the hash table by causing collisions. */
static const uint64_t EMPTY = 0xcbf29ce484222325u, PRIME = 0x100000001b3u;

static uint64_t add_byte(uint64_t hash, char c) {
    return (hash ^ (unsigned char)c) * PRIME;
}

static bool is_ascii_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/* Returns true for letters. Digits separate words, so that "col2" matches "col". */
static bool is_word(char c) {
    return is_ascii_upper(c) || (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* Hashes the word at *at, and moves *at past the word and the separators after it. */
static uint64_t add_word(uint64_t hash, struct span name, size_t *at) {
    size_t i = *at;
    for (; i < name.length && is_word(name.at[i]); i++) {
        bool turn = i > *at && is_ascii_upper(name.at[i]) && !is_ascii_upper(name.at[i - 1]);
        if (turn) break;
        hash = add_byte(hash, is_ascii_upper(name.at[i]) ? (char)(name.at[i] + 32) : name.at[i]);
    }
    while (i < name.length && !is_word(name.at[i])) i++;
    *at = i;
    return add_byte(hash, '-');
}

/* Entries are identified by their hashes alone; with 64 bits, collisions among the words of the table are unlikely. */
static struct entry *find_entry(const struct vocabulary *vocabulary, uint64_t hash) {
    size_t i = hash & (vocabulary->size - 1);
    while (vocabulary->entries[i].hash && vocabulary->entries[i].hash != hash) i = (i + 1) & (vocabulary->size - 1);
    return &vocabulary->entries[i];
}

/* ---------------------------------------------------------------- building */

/* Returns the hash of an entry, including any "=", so that an entry for a whole name differs from one for a word. */
static uint64_t hash_entry(struct span word) {
    uint64_t hash = span_starts(word, SPAN("=")) ? add_byte(EMPTY, '=') : EMPTY;
    for (size_t at = word.at[0] == '='; at < word.length;) hash = add_word(hash, word, &at);
    return hash;
}

static struct entry *find_or_add(struct vocabulary *vocabulary, uint64_t hash) {
    struct entry *entry = find_entry(vocabulary, hash);
    if (!entry->hash) *entry = (struct entry){hash, {.rank = RANK_NONE}};
    return entry;
}

/* Adds a meaning to an entry, which may have several. If it has several ranks, the most specific is kept. */
static void add_entry(struct vocabulary *vocabulary, struct span word, enum name_mark mark, unsigned rank) {
    struct entry *entry = find_or_add(vocabulary, hash_entry(word));
    entry->meaning.marks |= mark;
    if (mark == MARK_CONTAINER && rank < entry->meaning.rank) entry->meaning.rank = rank;
}

static bool add_row(struct vocabulary *vocabulary, const struct row *row, unsigned *rank) {
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (!span_is(row->cells[0], meanings[i].name)) continue;
        struct span rest = row->cells[1], word;
        while (span_next(&rest, ' ', &word))
            if (word.length) add_entry(vocabulary, word, meanings[i].mark, *rank);
        if (meanings[i].mark == MARK_CONTAINER) ++*rank;
        return true;
    }
    return false;
}

static bool add_names(struct vocabulary *vocabulary, const struct table *names, struct failure *ret_failure) {
    unsigned rank = 0;
    for (size_t i = 0; i < names->count; i++)
        if (!add_row(vocabulary, &names->rows[i], &rank))
            return failure_fatal(ret_failure, EXIT_CONFIG, "%s: unknown meaning '%.*s'", names->name,
                                 SPAN_ARGS(names->rows[i].cells[0]));
    return true;
}

static bool add_odds(struct vocabulary *vocabulary, const struct table *odds, struct failure *ret_failure) {
    for (size_t i = 0; i < odds->count; i++) {
        const struct row *row = &odds->rows[i];
        double value;
        if (!row_decimal(row, 1, &value) || fabs(value) > HIGHEST_ODDS)
            return failure_fatal(ret_failure, EXIT_CONFIG,
                                 "tables/%s: the row '%.*s' must have a number between %d and %d", odds->name,
                                 SPAN_ARGS(row->cells[0]), -HIGHEST_ODDS, HIGHEST_ODDS);
        struct entry *entry = find_or_add(vocabulary, hash_entry(row->cells[0]));
        entry->meaning.low = entry->meaning.high = (float)value;
    }
    return true;
}

bool vocabulary_make(const struct table *names, const struct table *odds, struct arena *arena,
                     struct vocabulary *ret_vocabulary, struct failure *ret_failure) {
    size_t room = odds->count * 2, size = 64;
    /* an entry and its separator take at least two bytes, so the table is at most half full */
    for (size_t i = 0; i < names->count; i++) room += names->rows[i].cells[1].length;
    while (size < room) size *= 2;
    struct vocabulary vocabulary = {arena_take(arena, size * sizeof *vocabulary.entries), size};
    if (!add_names(&vocabulary, names, ret_failure) || !add_odds(&vocabulary, odds, ret_failure)) return false;
    *ret_vocabulary = vocabulary;
    return true;
}

/* ---------------------------------------------------------------- lookup */

static void add_meaning(const struct meaning *more, struct meaning *meaning) {
    meaning->marks |= more->marks;
    if (more->rank < meaning->rank) meaning->rank = more->rank;
    if (more->low < meaning->low) meaning->low = more->low;
    if (more->high > meaning->high) meaning->high = more->high;
}

/* Adds the meanings of an entry, if there is one with this hash. Several entries may match within a name, and all of
 * them count. */
static void take(const struct vocabulary *vocabulary, uint64_t hash, struct meaning *meaning) {
    const struct entry *entry = find_entry(vocabulary, hash);
    if (entry->hash) add_meaning(&entry->meaning, meaning);
}

static bool is_modifier(const struct vocabulary *vocabulary, uint64_t hash) {
    const struct entry *entry = find_entry(vocabulary, hash);
    return entry->hash && entry->meaning.marks & MARK_MODIFIER;
}

/* A name as its words in lower case, each followed by '-'. */
struct words {
    char bytes[LONGEST_NAME * 2];
    size_t length;
};

static void split_name(struct span name, struct words *ret_words) {
    size_t length = 0;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        bool is_upper = is_ascii_upper(c), is_in_word = length > 0 && ret_words->bytes[length - 1] != '-';
        bool ends = !is_word(c) || (is_upper && i > 0 && !is_ascii_upper(name.at[i - 1]));
        if (ends && is_in_word) ret_words->bytes[length++] = '-';
        if (is_word(c)) ret_words->bytes[length++] = is_upper ? (char)(c + 32) : c;
    }
    if (length > 0 && ret_words->bytes[length - 1] != '-') ret_words->bytes[length++] = '-';
    ret_words->length = length;
}

/* Adds a word with the '-' after it to the hash, and moves *at past them. */
static uint64_t hash_word(uint64_t hash, const struct words *words, size_t *at) {
    size_t i = *at;
    char c;
    do {
        c = words->bytes[i++];
        hash = add_byte(hash, c);
    } while (c != '-');
    *at = i;
    return hash;
}

/* Looks up the whole name, then each sequence of one, two and three words in it. */
static void look_up_name(const struct vocabulary *vocabulary, struct span name, struct meaning *meaning) {
    UNINITIALIZED struct words all;
    split_name(name, &all);
    uint64_t whole = add_byte(EMPTY, '=');
    for (size_t i = 0; i < all.length; i++) whole = add_byte(whole, all.bytes[i]);
    take(vocabulary, whole, meaning);
    for (size_t start = 0, next; start < all.length; start = next) {
        size_t end = start;
        uint64_t hash = hash_word(EMPTY, &all, &end);
        next = end;
        if (is_modifier(vocabulary, hash)) return;
        take(vocabulary, hash, meaning);
        for (int words = 1; words < MAX_WORDS && end < all.length; words++) {
            hash = hash_word(hash, &all, &end);
            take(vocabulary, hash, meaning);
        }
    }
}

static bool is_name_attribute(struct span attribute) {
    return span_is(attribute, "class") || span_is(attribute, "id") || span_is(attribute, "itemprop") ||
           span_is(attribute, "role") || span_is(attribute, "data-testid");
}

/* Returns true for types such as "https://schema.org/Comment". */
static bool is_comment_type(const struct attribute *attribute) {
    return span_is(attribute->name, "itemtype") && (span_ends(span_trim(attribute->value), SPAN("/Comment")) ||
                                                    span_ends(span_trim(attribute->value), SPAN("/UserComments")));
}

/* The number of names is limited, because generated pages have attributes with thousands of names. */
static struct meaning look_up_names(const struct vocabulary *vocabulary, struct span names) {
    struct meaning meaning = {.rank = RANK_NONE};
    struct span name;
    for (int count = 0; count < MAX_NAMES && span_next(&names, ' ', &name); count++)
        if (name.length <= LONGEST_NAME) look_up_name(vocabulary, name, &meaning);
    return meaning;
}

/* Two values in the same place only cost time. */
static struct known_names *find_known(struct known_meanings *known, struct span names) {
    size_t sum = names.length;
    for (size_t i = 0; i < 4; i++) sum = sum * 31 + (unsigned char)names.at[i * (names.length - 1) / 3];
    return &known->names[sum % KNOWN_NAMES];
}

static void add_names_of(const struct vocabulary *vocabulary, struct known_meanings *known, struct span names,
                         struct meaning *meaning) {
    if (names.length == 0) return;
    struct known_names *one = find_known(known, names);
    if (!span_equal(one->names, names)) *one = (struct known_names){names, look_up_names(vocabulary, names)};
    add_meaning(&one->meaning, meaning);
}

struct meaning vocabulary_look_up(const struct vocabulary *vocabulary, struct known_meanings *known,
                                  const struct node *node) {
    struct meaning meaning = {.rank = RANK_NONE};
    for (size_t i = 0; i < node->attribute_count; i++) {
        if (is_comment_type(&node->attributes[i])) meaning.marks |= MARK_COMMENTS;
        if (is_name_attribute(node->attributes[i].name))
            add_names_of(vocabulary, known, node->attributes[i].value, &meaning);
    }
    return meaning;
}

/* ---------------------------------------------------------------- listing */

/* Appends the word at `at`, and returns the position of the next word. */
static size_t copy_word(struct span name, size_t at, struct buffer *words) {
    size_t next = at;
    add_word(EMPTY, name, &next);
    for (size_t i = at; i < next && is_word(name.at[i]); i++) {
        char letter = is_ascii_upper(name.at[i]) ? (char)(name.at[i] + 32) : name.at[i];
        buffer_add_span(words, (struct span){&letter, 1});
    }
    return next;
}

static void list_name(struct span name, void (*list)(void *state, struct span words), void *state) {
    size_t start = 0;
    while (start < name.length && !is_word(name.at[start])) start++;
    while (start < name.length) {
        struct buffer words = BUFFER(2 * LONGEST_NAME);
        size_t next = copy_word(name, start, &words), end = next;
        list(state, buffer_span(&words));
        buffer_add_string(&words, "-");
        if (end < name.length) {
            copy_word(name, end, &words);
            list(state, buffer_span(&words));
        }
        buffer_free(&words);
        start = next;
    }
}

void vocabulary_list_words(const struct node *node, void (*list)(void *state, struct span words), void *state) {
    for (size_t i = 0; i < node->attribute_count; i++) {
        if (!is_name_attribute(node->attributes[i].name)) continue;
        struct span rest = node->attributes[i].value, name;
        for (int names = 0; names < MAX_NAMES && span_next(&rest, ' ', &name); names++)
            if (name.length <= LONGEST_NAME) list_name(name, list, state);
    }
}
