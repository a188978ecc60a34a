#include "stages/language/termbase.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/path.h"
#include "config/reader.h"
#include "pipeline/article/article.h"
#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"
#include "stages/language/termbase_internal.h"

enum {
    FILE_LIMIT = 16 << 20, /* bytes */
    VERSION_DIGITS = 12,   /* number of hexadecimal digits of the file's hash that are used */
    PREFIX = 3,            /* number of letters at the beginning of a word that select its bucket */
    LONGEST_TERM = 400     /* max. bytes of a term; a longer one is an error, because it would never match */
};

const struct setting glossary_table[] = {
    SETTING("file", SETTING_TEXT_AT(struct glossary_settings, file),
            .help = "TSV file with one term per line: language, source term, English term; "
                    "if the English term is empty, the source term is kept unchanged"),
    SETTINGS_END,
};

/* ---------------------------------------------------------------- reading the file */

/* Splits a term into words. Only the first TERM_WORDS words are compared, which is enough to tell terms apart. */
static void split_words(struct entry *entry) {
    struct span source = entry->term.source;
    for (size_t at = 0; at < source.length && entry->word_count < TERM_WORDS;) {
        struct span word = term_word(source, at);
        uint32_t rune;
        if (word.length) entry->words[entry->word_count++] = word;
        at += word.length ? word.length : text_next(source, at, &rune);
    }
}

/* Inserts an entry before those with shorter sources, so that find_at() finds the longest match early. */
static void insert(struct termbase *termbase, struct entry *entry) {
    struct entry **link = &termbase->buckets[term_bucket(entry->words[0], PREFIX)];
    while (*link && (*link)->term.source.length >= entry->term.source.length) link = &(*link)->next;
    entry->next = *link;
    *link = entry;
    termbase->count++;
}

/* Reads a line and adds its term. */
static bool add_line(struct termbase *termbase, struct span line, const char *path, size_t number,
                     struct failure *ret_failure) {
    struct span cells[4] = {{NULL, 0}}, cell;
    for (size_t i = 0; i < 4 && span_next(&line, '\t', &cell); i++) cells[i] = span_trim(cell);
    struct entry *entry = arena_take(termbase->arena, sizeof *entry);
    entry->term =
        (struct term){.language = cells[0], .source = cells[1], .target = cells[2].length ? cells[2] : cells[1]};
    entry->exact = span_is(cells[3], "exact");
    split_words(entry);
    /* a term that is too long would be compared at every word without ever matching */
    bool good = cells[0].length && entry->word_count && cells[1].length <= LONGEST_TERM &&
                cells[2].length <= LONGEST_TERM && (!cells[3].length || entry->exact);
    if (good) insert(termbase, entry);
    return good ||
           failure_fatal(ret_failure, EXIT_CONFIG,
                         "%s:%zu: invalid line in the glossary: expected 'language TAB source TAB English', optionally "
                         "with 'TAB exact', found '%.*s'",
                         path, number, SPAN_ARGS(text_clip(cells[1].length ? cells[1] : cells[0], 80)));
}

/* Reads all lines. Lines that begin with '#' are comments. */
static bool read_lines(struct termbase *termbase, struct span text, const char *path, struct failure *ret_failure) {
    struct span rest = text, line;
    char hex[65];
    bool done = true;
    for (size_t number = 1; done && span_next(&rest, '\n', &line); number++)
        if (span_trim(line).length && line.at[0] != '#') done = add_line(termbase, line, path, number, ret_failure);
    sha256_hex(text, hex);
    termbase->version = arena_copy(termbase->arena, (struct span){hex, VERSION_DIGITS});
    return done;
}

static bool read_file(const char *path, struct span where, struct buffer *text, struct failure *ret_failure) {
    const char *colon = where.length ? ": " : "";
    if (!file_read(path, text))
        return failure_fatal(ret_failure, EXIT_CONFIG, "%.*s%scannot read the glossary %s: %s", SPAN_ARGS(where), colon,
                             path, strerror(errno));
    if (!text->full && text_valid(buffer_span(text))) return true;
    return failure_fatal(ret_failure, EXIT_CONFIG, "%.*s%sthe glossary %s is larger than %d bytes or is not UTF-8",
                         SPAN_ARGS(where), colon, path, FILE_LIMIT);
}

/* A relative path is relative to the folder of the configuration file. */
bool termbase_open(const struct config *config, struct termbase **ret_termbase, struct failure *ret_failure) {
    const struct section *section = config ? config_section(config, glossary_table) : NULL;
    const struct glossary_settings *settings = section ? section_values(section) : NULL;
    struct span name = settings ? settings->file : SPAN("");
    struct termbase *termbase = memory_take(sizeof *termbase);
    termbase->arena = arena_new();
    struct buffer text = BUFFER(FILE_LIMIT);
    struct span path = path_resolve(section ? section_folder(section) : "", name, termbase->arena);
    struct span where = section ? section_where(section, "file", name) : SPAN("");
    bool done =
        !name.length || (read_file(path.at, where, &text, ret_failure) &&
                         read_lines(termbase, arena_copy(termbase->arena, buffer_span(&text)), path.at, ret_failure));
    buffer_free(&text);
    if (done)
        *ret_termbase = termbase;
    else
        termbase_close(termbase);
    return done;
}

void termbase_close(struct termbase *termbase) {
    if (!termbase) return;
    arena_free(termbase->arena);
    free(termbase);
}

struct span termbase_version(const struct termbase *termbase) {
    return termbase->version;
}

/* ---------------------------------------------------------------- searching */

/* Returns true if the entry is for this language. An entry for "sr" is also for "sr-Cyrl". */
static bool is_for(const struct entry *entry, const char *language) {
    struct span wanted = entry->term.language, whole = span_of(language), base = {language, strcspn(language, "-")};
    return span_is(wanted, "*") || span_equal(wanted, whole) || span_equal(wanted, base);
}

/* Returns the next word after `at`. It must be near: only a few spaces, hyphens or quotation marks may precede it, and
 * not the end of a sentence. */
static struct span next_word(struct span text, size_t at) {
    enum { MAX_BETWEEN = 4 };
    for (size_t between = 0; at < text.length && between <= MAX_BETWEEN; between++) {
        struct span word = term_word(text, at);
        uint32_t rune;
        if (word.length) return word;
        at += text_next(text, at, &rune);
        if (rune == '.' || rune == '!' || rune == '?' || rune == '\n') break;
    }
    return (struct span){NULL, 0};
}

/* Returns the length in bytes of the term's match at `at`, or 0. */
static size_t match_length(const struct entry *entry, struct span text, size_t at) {
    struct span word = term_word(text, at);
    for (size_t i = 0; i < entry->word_count; i++) {
        if (i > 0) word = next_word(text, (size_t)(word.at + word.length - text.at));
        if (!word.length || !term_word_fits(word, entry->words[i], entry->exact)) return 0;
    }
    return (size_t)(word.at + word.length - text.at) - at;
}

/* Returns the length of the longest match of a term at this word. Terms are stored by the first letters of their first
 * word, but a word of the text may be shorter than PREFIX, so each prefix up to that length is looked up. */
static size_t find_at(const struct termbase *termbase, const char *language, struct span text, size_t at,
                      const struct entry **ret_entry) {
    struct span word = term_word(text, at);
    size_t longest = 0;
    for (size_t letters = 1, most = text_count(word); letters <= PREFIX && letters <= most; letters++) {
        for (const struct entry *entry = termbase->buckets[term_bucket(word, letters)]; entry; entry = entry->next) {
            size_t length = is_for(entry, language) ? match_length(entry, text, at) : 0;
            if (length <= longest) continue;
            longest = length;
            *ret_entry = entry;
        }
    }
    return longest;
}

/* Continues after each match, so that matches do not overlap. */
size_t termbase_find(const struct termbase *termbase, const char *language, struct span text,
                     struct term_match ret_matches[TERM_MATCHES]) {
    size_t count = 0;
    for (size_t at = 0; termbase->count && at < text.length && count < TERM_MATCHES;) {
        struct span word = term_word(text, at);
        const struct entry *entry = NULL;
        uint32_t rune;
        size_t length = word.length ? find_at(termbase, language, text, at, &entry) : 0;
        if (entry) ret_matches[count++] = (struct term_match){.at = at, .length = length, .term = &entry->term};
        at += length ? length : word.length ? word.length : text_next(text, at, &rune);
    }
    return count;
}

static bool is_listed(struct span source, const struct term *const *terms, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(terms[i]->source, source)) return true;
    return false;
}

/* Terms with the same source text are in the same bucket, because they begin with the same letters. Duplicates
 * therefore need to be searched for only within a bucket. */
size_t termbase_list(const struct termbase *termbase, const char *language, const struct term **ret_terms,
                     size_t max_count) {
    size_t count = 0;
    for (size_t i = 0; i < TERM_BUCKETS; i++) {
        size_t first = count;
        for (const struct entry *entry = termbase->buckets[i]; entry && count < max_count; entry = entry->next)
            if (is_for(entry, language) && !is_listed(entry->term.source, ret_terms + first, count - first))
                ret_terms[count++] = &entry->term;
    }
    return count;
}
