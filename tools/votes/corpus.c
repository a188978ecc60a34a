#include "tools/votes/corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

enum { LONGEST_LINE = 4000 };

static char *read_file(const char *path, size_t *ret_length) {
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    struct buffer buffer = BUFFER((size_t)1 << 30);
    static char piece[1 << 16];
    for (size_t length; (length = fread(piece, 1, sizeof piece, file)) > 0;) buffer_add(&buffer, piece, length);
    fclose(file);
    *ret_length = buffer.length;
    return buffer.at;
}

static unsigned family_of(struct span line) {
    uint32_t bytes[LETTERS_SCRIPTS] = {0};
    struct word word;
    unsigned best = 0;
    for (size_t position = 0; grams_next_word(line, &position, &word);) bytes[word.family] += (uint32_t)word.bytes;
    for (unsigned i = 1; i < LETTERS_SCRIPTS; i++)
        if (bytes[i] > bytes[best]) best = i;
    return best;
}

static void take_lines(struct language *language, struct span text, bool hold_out) {
    size_t lines = 1, number = 0, families[LETTERS_SCRIPTS] = {0};
    for (size_t i = 0; i < text.length; i++) lines += text.at[i] == '\n';
    language->lines = memory_take(lines * sizeof *language->lines);
    language->line_ends = memory_take(lines * sizeof *language->line_ends);
    language->held = memory_take(lines * sizeof *language->held);
    uint64_t bytes = 0;
    for (struct span line; span_next(&text, '\n', &line);) {
        line = text_clip(line, LONGEST_LINE);
        if (line.length == 0) continue;
        families[family_of(line)]++;
        if (hold_out && ++number % CORPUS_HELD == 0) {
            language->held[language->held_count++] = line;
            continue;
        }
        language->lines[language->line_count] = line;
        language->line_ends[language->line_count++] = bytes += line.length;
    }
    for (unsigned i = 0; i < LETTERS_SCRIPTS; i++)
        if (families[i] > families[language->family]) language->family = i;
}

static void take_words(struct language *language, struct span text) {
    size_t lines = 1;
    for (size_t i = 0; i < text.length; i++) lines += text.at[i] == '\n';
    language->words = memory_take(lines * sizeof *language->words);
    language->word_ends = memory_take(lines * sizeof *language->word_ends);
    uint64_t total = 0;
    for (struct span line, word; span_next(&text, '\n', &line);) {
        long long count;
        if (!span_next(&line, '\t', &word) || !span_number(line, &count) || count <= 0) continue;
        language->words[language->word_count] = word;
        language->word_ends[language->word_count++] = total += (uint64_t)count;
    }
}

static struct language *read_language(const char *folder, const char *name, bool hold_out) {
    struct language *language = memory_take(sizeof *language);
    size_t length = strlen(name) - 4, text = 0, words = 0;
    char path[4096];
    memcpy(language->code, name, length);
    language->prior = 1;
    snprintf(path, sizeof path, "%s/%s.txt", folder, language->code);
    language->text = read_file(path, &text);
    take_lines(language, (struct span){language->text, text}, hold_out);
    snprintf(path, sizeof path, "%s/%s.words", folder, language->code);
    language->word_text = read_file(path, &words);
    if (language->word_text) take_words(language, (struct span){language->word_text, words});
    return language;
}

static int is_text(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && length < VOTES_CODE + 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

static int by_family(const void *a, const void *b) {
    const struct language *one = *(struct language *const *)a, *other = *(struct language *const *)b;
    if (one->family != other->family) return one->family < other->family ? -1 : 1;
    return strcmp(one->code, other->code);
}

bool corpus_read(const char *folder, bool hold_out, struct corpus *ret_corpus) {
    struct dirent **entries;
    int files = scandir(folder, &entries, is_text, alphasort);
    if (files <= 0 || files > VOTES_MAX) {
        fprintf(stderr, "train_votes: %s holds no <language>.txt, or too many\n", folder);
        return false;
    }
    ret_corpus->count = 0;
    for (int i = 0; i < files; i++) {
        struct language *language = read_language(folder, entries[i]->d_name, hold_out);
        if (language->line_count) ret_corpus->languages[ret_corpus->count++] = language;
        free(entries[i]);
    }
    free(entries);
    qsort(ret_corpus->languages, ret_corpus->count, sizeof *ret_corpus->languages, by_family);
    return true;
}

static bool take_prior(struct span line, struct corpus *corpus) {
    struct span code;
    if (line.length == 0 || line.at[0] == '#' || !span_next(&line, '\t', &code)) return true;
    double factor = atof(line.at); /* the buffer is NUL-terminated */
    for (size_t i = 0; i < corpus->count; i++)
        if (span_is(code, corpus->languages[i]->code)) corpus->languages[i]->prior = factor;
    return factor > 0 && factor <= 1;
}

bool corpus_read_priors(const char *path, struct corpus *corpus) {
    size_t length = 0;
    char *text = read_file(path, &length);
    bool good = text != NULL;
    struct span rest = {text, length};
    for (struct span line; good && span_next(&rest, '\n', &line);) good = take_prior(line, corpus);
    if (!good) fprintf(stderr, "train_votes: %s is not a table of priors\n", path);
    free(text);
    return good;
}

void corpus_free(struct corpus *corpus) {
    for (size_t i = 0; i < corpus->count; i++) {
        struct language *language = corpus->languages[i];
        free(language->lines);
        free(language->line_ends);
        free(language->held);
        free(language->words);
        free(language->word_ends);
        free(language->text);
        free(language->word_text);
        free(language);
    }
}
