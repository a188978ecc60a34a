#include "stages/summarize/fitness.h"

#include <stdlib.h>
#include <string.h>

#include "stages/extract/phrases.h"
#include "stages/language/unicode.h"
#include "stages/summarize/phrase_list.h"

/* Limits on the length of a sentence, and limits for comparing two sentences: only the first COMPARED long words of
 * each are compared, and one sentence repeats the other if ALIKE percent of its words occur in the other. A sentence
 * that has ABOUT percent of the headline's words reports the same. */
enum {
    SHORTEST_WORDS = 5,
    LONGEST_WORDS = 60,
    LONGEST_BYTES = 1200,
    STANDFIRST_WORDS = 12, /* a shorter one without a full stop may be a caption */
    LONGEST_PHRASE = 96,
    COMPARED = 64,
    PERCENT = 100,
    ALIKE = 70,
    ALIKE_TITLE = 90,
    ABOUT = 60,
    FEWEST_SMALL = 2 /* words in small letters; a line of a table or of results has fewer */
};

enum where { BEGINS, ENDS, HOLDS, CREDIT, CLAIM, BY, BY_LINE, BETWEEN, ANNOUNCES, TELLS, TEASES, WHERES };

struct fitness {
    struct arena *arena;
    const struct marks *marks;
    struct phrase_list phrases[WHERES];
    struct phrase_list source[WHERES]; /* in the languages of the sources */
    struct phrases site;               /* the same, as the extract stage knows them */
};

static bool read_site_phrases(struct fitness *fitness, const char *data_folder, struct failure *ret_failure) {
    struct table table;
    return table_read(data_folder, "extract/phrases.tsv", fitness->arena, &table, ret_failure) &&
           phrases_make(&table, fitness->arena, &fitness->site, ret_failure);
}

struct fitness *fitness_open(const char *data_folder, const struct marks *marks, struct failure *ret_failure) {
    static const char *const names[WHERES] = {"begins",  "ends",    "holds",     "credit", "claim", "by",
                                              "by-line", "between", "announces", "tells",  "teases"};
    struct fitness *fitness = memory_take(sizeof *fitness);
    fitness->arena = arena_new();
    fitness->marks = marks;
    if (phrase_lists_read(data_folder, "summarize/unfit.tsv", names, WHERES, fitness->arena, fitness->phrases,
                          ret_failure) &&
        phrase_lists_read(data_folder, "summarize/notices.tsv", names, WHERES, fitness->arena, fitness->source,
                          ret_failure) &&
        read_site_phrases(fitness, data_folder, ret_failure))
        return fitness;
    fitness_close(fitness);
    return NULL;
}

void fitness_close(struct fitness *fitness) {
    if (!fitness) return;
    arena_free(fitness->arena);
    free(fitness);
}

/* ---------------------------------------------------------------- by-lines */

static struct span without_signs(struct span word) {
    uint32_t rune;
    while (word.length && text_previous(word, word.length, &rune) && !rune_is_word(rune))
        word = span_cut(word, 0, word.length - text_previous(word, word.length, &rune));
    return word;
}

/* Whether the text consists of names, as in "Ines Haldane and Karl Muster in Lorven". */
static bool has_names_only(const struct phrase_list *phrases, struct span text) {
    struct span word;
    while (span_next(&text, ' ', &word)) {
        uint32_t rune = 0;
        word = without_signs(word);
        if (word.length) text_next(word, 0, &rune);
        if (word.length && !rune_is_upper(rune) && !phrase_list_has(&phrases[BETWEEN], word)) return false;
    }
    return true;
}

/* Whether the text is a by-line, such as "By Anna Muster - Updated Mar 5": after "By", only names follow, or "|", or a
 * phrase that occurs only in by-lines. */
static bool is_by_line(const struct phrase_list *phrases, struct span sentence) {
    size_t by = phrase_list_length(&phrases[BY], sentence);
    return by && (memchr(sentence.at, '|', sentence.length) || phrase_list_occurs(&phrases[BY_LINE], sentence) ||
                  has_names_only(phrases, span_cut(sentence, by, sentence.length)));
}

/* ---------------------------------------------------------------- the form of a sentence */

/* Questions report no news. */
bool fitness_is_question(const struct fitness *fitness, struct span sentence) {
    uint32_t rune = 0;
    struct span text = text_strip_closers(fitness->marks, sentence);
    if (text.length) text_previous(text, text.length, &rune);
    return rune == '?' || rune == 0x61F || rune == 0xFF1F;
}

static bool is_in_brackets(struct span sentence) {
    struct span text = span_ends(sentence, SPAN(".")) ? span_cut(sentence, 0, sentence.length - 1) : sentence;
    return (sentence.at[0] == '(' && span_ends(text, SPAN(")"))) ||
           (sentence.at[0] == '[' && span_ends(text, SPAN("]")));
}

/* Whether the sentence begins in its middle: with dots or a comma, or with a word that has no capital letter at all; or
 * with a picture, as posts in social media do. */
static bool lacks_beginning(const struct fitness *fitness, struct span sentence) {
    uint32_t rune;
    text_next(sentence, 0, &rune);
    enum mark first = marks_of(fitness->marks, rune);
    if (first == MARK_COMMA || first == MARK_POINT || first == MARK_CLOSE || first == MARK_PART || first == MARK_CALL ||
        rune_category(rune) == UTF8PROC_CATEGORY_SO)
        return true;
    if (span_starts(sentence, SPAN("...")) || span_starts(sentence, SPAN("\xE2\x80\xA6"))) return true;
    for (size_t i = 0; i < sentence.length;) {
        i += text_next(sentence, i, &rune);
        if (!rune_is_letter(rune)) return i > 1 && rune == ' ';
        if (!rune_is_lower(rune)) return false;
    }
    return true;
}

static bool is_cut_off(const struct fitness *fitness, struct span sentence) {
    struct span text = text_strip_closers(fitness->marks, sentence);
    return span_ends(text, SPAN("...")) || span_ends(text, SPAN("\xE2\x80\xA6"));
}

/* Whether the end is missing, as in headings, lines of a table, introductions to lists and texts cut off with dots. */
static bool lacks_end(const struct fitness *fitness, struct span sentence, bool standfirst) {
    bool may_lack_mark =
        standfirst && span_count_words(sentence) >= STANDFIRST_WORDS && !span_ends(sentence, SPAN(":"));
    return is_cut_off(fitness, sentence) || (!may_lack_mark && !text_ends_sentence(fitness->marks, sentence));
}

/* Whether the sentence is not part of the story, by its words. */
static bool is_outside(const struct phrase_list *phrases, struct span sentence) {
    return phrase_list_begins(&phrases[BEGINS], sentence) || phrase_list_ends(&phrases[ENDS], sentence) ||
           phrase_list_occurs(&phrases[HOLDS], sentence) || is_by_line(phrases, sentence);
}

static bool is_statement(const struct fitness *fitness, struct span sentence) {
    size_t words = span_count_words(sentence);
    return words >= SHORTEST_WORDS && words <= LONGEST_WORDS && sentence.length <= LONGEST_BYTES &&
           !is_in_brackets(sentence) && !fitness_is_question(fitness, sentence) &&
           !is_outside(fitness->phrases, sentence);
}

/* Whether the sentence is a line of a table, a result or a shout: "Palm Bay (1-0): Tolivert 25 points." */
static bool lacks_words(struct span sentence) {
    struct span word;
    size_t small = 0;
    while (small < FEWEST_SMALL && span_next(&sentence, ' ', &word)) {
        uint32_t rune = 0;
        if (word.length) text_next(word, 0, &rune);
        small += rune_is_lower(rune);
    }
    return small < FEWEST_SMALL;
}

/* Whether the sentence only tells what can be found on the page. */
static bool is_announcement(const struct fitness *fitness, struct span sentence) {
    return phrase_list_begins(&fitness->phrases[ANNOUNCES], sentence) ||
           phrase_list_occurs(&fitness->phrases[TELLS], sentence);
}

bool fitness_teases(const struct fitness *fitness, struct span sentence) {
    return phrase_list_occurs(&fitness->phrases[TEASES], sentence);
}

enum fit fitness_of(const struct fitness *fitness, struct span sentence, bool standfirst) {
    if (!is_statement(fitness, sentence)) return FIT_NEVER;
    bool whole = !lacks_beginning(fitness, sentence) && !lacks_end(fitness, sentence, standfirst) &&
                 !lacks_words(sentence) && !is_announcement(fitness, sentence);
    return whole ? FIT_WELL : FIT_POORLY;
}

bool fitness_is_notice(const struct fitness *fitness, struct span source) {
    enum phrase_kind kind = phrases_find(&fitness->site, source);
    return kind == PHRASE_NOTICE || is_outside(fitness->source, source) ||
           (kind == PHRASE_MORE && span_find(text_clip(source, LONGEST_PHRASE), SPAN(":")) != SIZE_MAX);
}

bool fitness_is_credit(const struct fitness *fitness, struct span sentence) {
    bool bracket = sentence.length && (sentence.at[0] == '(' || sentence.at[0] == '[');
    return phrase_list_begins(&fitness->phrases[CREDIT], sentence) ||
           (bracket && phrase_list_ends(&fitness->phrases[ENDS], sentence));
}

bool fitness_announces_claim(const struct fitness *fitness, struct span heading) {
    return phrase_list_has(
        &fitness->phrases[CLAIM],
        text_trim(span_ends(heading, SPAN(":")) ? span_cut(heading, 0, heading.length - 1) : heading));
}

/* ---------------------------------------------------------------- repetitions */

/* Headlines capitalize words that sentences do not. */
static uint64_t hash_folded(struct span word) {
    uint64_t hash = 0;
    for (size_t i = 0; i < word.length; i++) hash = (hash ^ (unsigned char)(word.at[i] | 32)) * 0x100000001B3u;
    return hash;
}

/* Hashes numbers, and the words of at least four bytes; shorter words are mostly articles and prepositions. */
static size_t read_words(struct span text, uint64_t ret_words[COMPARED]) {
    size_t count = 0;
    bool number = false;
    for (size_t i = 0, start = 0; i <= text.length && count < COMPARED; i++) {
        unsigned char byte = i < text.length ? (unsigned char)text.at[i] : ' ';
        bool digit = byte >= '0' && byte <= '9';
        number = number || digit;
        if (digit || byte >= 0x80 || ((byte | 32) >= 'a' && (byte | 32) <= 'z')) continue;
        if (number || i - start >= 4) ret_words[count++] = hash_folded(span_cut(text, start, i));
        start = i + 1;
        number = false;
    }
    return count;
}

/* Returns how many of the words occur among the others. */
static size_t count_shared(const uint64_t *words, size_t count, const uint64_t *others, size_t other_count) {
    size_t shared = 0;
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < other_count && words[i] != others[j]) j++;
        shared += j < other_count;
    }
    return shared;
}

/* Whether this percentage of the words of the sentence occurs in the other one. */
static bool shares(struct span sentence, struct span other, size_t percent) {
    uint64_t words[COMPARED], others[COMPARED];
    size_t count = read_words(sentence, words), other_count = read_words(other, others);
    return count > 0 && count_shared(words, count, others, other_count) * PERCENT >= percent * count;
}

bool fitness_repeats(struct span sentence, struct span other) {
    return shares(sentence, other, ALIKE);
}

bool fitness_repeats_title(struct span sentence, struct span title) {
    return shares(sentence, title, ALIKE_TITLE);
}

bool fitness_is_about(struct span sentence, struct span title) {
    return shares(title, sentence, ABOUT);
}
