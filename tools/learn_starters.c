/* Learns config/tables/segment/starters.tsv from a folder of <language>.txt, one sentence per line: words that begin
 * sentences with a capital and are written in lower case everywhere else. Names and German nouns fail the second test.
 * (The orthographic heuristic of Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection", 2006.)
 *
 * usage: learn_starters FOLDER > starters.tsv
 *
 * The same text always gives the same bytes. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"
#include "stages/language/unicode.h"

enum { PLACES = 1 << 18, MAX_WORDS = 800, MIN_STARTS = 2, MIN_LOWER = 4, LOWER_PER_CAPITAL = 10, LONGEST = 32 };

struct word {
    char text[LONGEST]; /* in lower case; empty: a free slot */
    unsigned starts, lower, capital;
};

static bool is_letter(uint32_t rune) {
    int kind = rune_category(rune);
    return kind == UTF8PROC_CATEGORY_LU || kind == UTF8PROC_CATEGORY_LL || kind == UTF8PROC_CATEGORY_MN;
}

static struct word *find_word(struct word *words, const char *text, size_t length) {
    size_t place = span_hash((struct span){text, length}) & (PLACES - 1);
    for (size_t tries = 0; tries < PLACES; tries++, place = (place + 1) & (PLACES - 1)) {
        struct word *word = &words[place];
        if (!word->text[0]) memcpy(word->text, text, length);
        if (span_is((struct span){text, length}, word->text)) return word;
    }
    return NULL;
}

/* Counts the word at `position` and returns the position after it. */
static size_t count_word(struct word *words, struct span line, size_t position, bool starts) {
    char lower[LONGEST];
    size_t length = 0;
    uint32_t rune, first;
    text_next(line, position, &first);
    while (position < line.length) {
        size_t size = text_next(line, position, &rune);
        if (!is_letter(rune)) break;
        if (length < LONGEST - 5) length += text_put(lower + length, rune_fold(rune));
        position += size;
    }
    struct word *word = length < LONGEST - 5 ? find_word(words, lower, length) : NULL;
    if (!word) return position;
    bool capital = rune_category(first) == UTF8PROC_CATEGORY_LU;
    if (starts)
        word->starts += capital;
    else if (capital)
        word->capital++;
    else
        word->lower++;
    return position;
}

/* Words count as inside the sentence only if they follow another word and a space, because a capital after a mark (a
 * quotation mark, a colon) may be due to that mark. */
static void count_line(struct word *words, struct span line) {
    bool first = true, after_word = false, after_space = false;
    uint32_t rune;
    for (size_t i = 0; i < line.length;) {
        size_t size = text_next(line, i, &rune);
        if (is_letter(rune) && (first || (after_word && after_space))) {
            i = count_word(words, line, i, first);
            first = false, after_word = true, after_space = false;
        } else {
            if (is_letter(rune))
                after_word = true, after_space = false;
            else if (rune == ' ')
                after_space = true;
            else
                after_word = rune == ',', after_space = false;
            i += size;
        }
    }
}

static int by_starts(const void *a, const void *b) {
    const struct word *one = a, *other = b;
    if (one->starts != other->starts) return one->starts < other->starts ? 1 : -1;
    return strcmp(one->text, other->text);
}

/* Moves the words that begin sentences to the front of the table, the most frequent first, and returns their number. */
static size_t keep_starters(struct word *words) {
    size_t count = 0;
    for (size_t i = 0; i < PLACES; i++) {
        const struct word *word = &words[i];
        bool good =
            word->starts >= MIN_STARTS && word->lower >= MIN_LOWER && word->lower >= word->capital * LOWER_PER_CAPITAL;
        if (good) words[count++] = *word;
    }
    qsort(words, count, sizeof *words, by_starts);
    return count < MAX_WORDS ? count : MAX_WORDS;
}

static void learn_language(const char *folder, const char *name) {
    char path[4096], line[1 << 16];
    struct word *words = memory_take(PLACES * sizeof *words);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    while (file && fgets(line, sizeof line, file)) count_line(words, span_of(line));
    if (file) fclose(file);
    size_t count = keep_starters(words);
    if (count >= 20) {
        printf("%.*s\tstarter\t", (int)strcspn(name, ".-"), name);
        for (size_t i = 0; i < count; i++) printf("%s%s", i ? " " : "", words[i].text);
        printf("\n");
    }
    free(words);
}

static int is_text(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

int main(int count, char **arguments) {
    struct dirent **names;
    if (count != 2) return fprintf(stderr, "usage: learn_starters FOLDER > starters.tsv\n"), 64;
    int found = scandir(arguments[1], &names, is_text, alphasort);
    if (found < 0) return perror(arguments[1]), 74;
    printf("# language\tkind\twords, learned by tools/learn_starters.c: in lower case everywhere except at the start "
           "of a sentence\n");
    for (int i = 0; i < found; i++) {
        learn_language(arguments[1], names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return 0;
}
