#include "tools/lexicon/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

enum { MAX_TOKENS = 4096, MAX_UNITS = 1200, MAX_WORDS = 120, TEXT_LIMIT = 1 << 20 };

struct corpus *corpus_new(const char *data_folder, struct failure *ret_failure) {
    struct corpus *corpus = memory_take(sizeof *corpus);
    corpus->arena = arena_new();
    corpus->text = BUFFER(TEXT_LIMIT);
    corpus->tokens = memory_take(MAX_TOKENS * sizeof *corpus->tokens);
    if (word_units_read(data_folder, corpus->arena, &corpus->tables, ret_failure)) return corpus;
    corpus_free(corpus);
    return NULL;
}

static void free_language(struct language *language) {
    id_map_free(&language->unit_ids);
    free(language->known);
    free(language->units);
    free(language->words);
    free(language->pairs);
    free(language);
}

void corpus_free(struct corpus *corpus) {
    if (!corpus) return;
    for (size_t i = 0; i < corpus->count; i++) free_language(corpus->languages[i]);
    id_map_free(&corpus->word_ids);
    free(corpus->words);
    free(corpus->tokens);
    buffer_free(&corpus->text);
    arena_free(corpus->arena);
    free(corpus);
}

/* The languages stay in order of code, as the lexicon has them. */
static struct language *insert_language(struct corpus *corpus, size_t at, const char *code) {
    struct language *language = memory_take(sizeof *language);
    memcpy(language->code, code, strlen(code));
    language->rules = word_units_rules(corpus->tables, span_of(code));
    memmove(corpus->languages + at + 1, corpus->languages + at, (corpus->count - at) * sizeof *corpus->languages);
    corpus->languages[at] = language;
    corpus->count++;
    return language;
}

static struct language *find_language(struct corpus *corpus, const char *code) {
    size_t at = 0;
    while (at < corpus->count && strcmp(corpus->languages[at]->code, code) < 0) at++;
    if (at < corpus->count && strcmp(corpus->languages[at]->code, code) == 0) return corpus->languages[at];
    if (corpus->count == LEXICON_LANGUAGES || strlen(code) >= LEXICON_CODE || !*code) return NULL;
    return insert_language(corpus, at, code);
}

static uint32_t id_of_unit(struct language *language, struct unit unit) {
    uint32_t id = id_map_add(&language->unit_ids, unit.hash);
    if (id == language->known_count) {
        language->known =
            grow_array(language->known, language->known_count, &language->known_capacity, sizeof *language->known);
        language->known[language->known_count++] = (struct known_unit){unit.hash, unit.tokens > 1};
    }
    return id;
}

static uint32_t id_of_word(struct corpus *corpus, uint32_t unit) {
    uint32_t id = id_map_add(&corpus->word_ids, unit);
    if (id == corpus->word_count) {
        corpus->words = grow_array(corpus->words, corpus->word_count, &corpus->word_capacity, sizeof *corpus->words);
        corpus->words[corpus->word_count++] = (struct known_word){unit, 0};
    }
    return id;
}

static int compare_ids(const void *a, const void *b) {
    const uint32_t *left = a, *right = b;
    return *left < *right ? -1 : *left > *right;
}

/* The order is that of the ids, so that sums are the same in every run. */
static size_t sort_unique(uint32_t *ids, size_t count) {
    size_t kept = 0;
    if (count == 0) return 0;
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || ids[kept - 1] != ids[i]) ids[kept++] = ids[i];
    return kept;
}

/* Appends to the language's units; returns how many. */
static size_t add_units(struct corpus *corpus, struct language *language, struct span source) {
    struct unit units[WORD_UNITS_MAX];
    word_units_spell(language->rules, source, &corpus->text);
    struct span text = buffer_span(&corpus->text);
    size_t tokens = word_units_tokens(text, MAX_TOKENS, corpus->tokens), count = language->unit_count;
    for (size_t i = 0; i < tokens; i++) {
        size_t found = word_units_of(language->rules, text, corpus->tokens, tokens, i, units);
        for (size_t j = 0; j < found; j++) {
            language->units = grow_array(language->units, count, &language->unit_capacity, sizeof *language->units);
            language->units[count++] = id_of_unit(language, units[j]);
        }
    }
    if (count == language->unit_count) return 0;
    return sort_unique(language->units + language->unit_count, count - language->unit_count);
}

static size_t add_words(struct corpus *corpus, struct language *language, struct span english) {
    word_units_spell(word_units_rules(corpus->tables, SPAN("en")), english, &corpus->text);
    struct span text = buffer_span(&corpus->text);
    size_t tokens = word_units_tokens(text, MAX_TOKENS, corpus->tokens), count = language->word_count;
    for (size_t i = 0; i < tokens; i++) {
        struct span word = {text.at + corpus->tokens[i].at, corpus->tokens[i].length};
        uint32_t unit;
        if (corpus->tokens[i].kind != WORD_TOKEN_WORD || !word_units_english(corpus->tables, word, &unit)) continue;
        language->words = grow_array(language->words, count, &language->word_capacity, sizeof *language->words);
        language->words[count++] = id_of_word(corpus, unit);
    }
    return count - language->word_count;
}

static void count_words(struct corpus *corpus, const uint32_t *words, size_t count, float weight) {
    for (size_t i = 0; i < count; i++) corpus->words[words[i]].count += (double)weight;
    corpus->total += (double)weight * (double)count;
}

bool corpus_add(struct corpus *corpus, const char *code, struct span source, struct span english, float weight) {
    struct language *language = find_language(corpus, code);
    if (!language) return false;
    size_t units = add_units(corpus, language, source), words = add_words(corpus, language, english);
    if (units == 0 || units > MAX_UNITS || words == 0 || words > MAX_WORDS) return true;
    count_words(corpus, language->words + language->word_count, words, weight);
    language->pairs =
        grow_array(language->pairs, language->pair_count, &language->pair_capacity, sizeof *language->pairs);
    language->pairs[language->pair_count++] =
        (struct pair){language->unit_count, language->word_count, (uint32_t)units, (uint32_t)words, weight};
    language->unit_count += units;
    language->word_count += words;
    return true;
}
