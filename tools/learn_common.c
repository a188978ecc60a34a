/* Learns config/tables/group/common.tsv from English text with one sentence per line: the share of short articles that
 * contain each word. Every SENTENCES lines count as one article. Words that few articles contain are left out.
 *
 * usage: learn_common en.txt > common.tsv
 *
 * The same text always gives the same bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/group/words.h"

enum { PLACES = 1 << 18, SENTENCES = 20, MIN_PERMILLE = 10, LONGEST = 24 };

struct seen {
    char word[LONGEST];
    unsigned articles, last; /* how many have it; the last of them, from 1 */
};

static struct seen *find_place(struct seen *places, struct word word) {
    size_t place = word.hash & (PLACES - 1);
    char lower[LONGEST] = "";
    for (size_t i = 0; i < word.text.length; i++)
        lower[i] = (char)(word.text.at[i] >= 'A' && word.text.at[i] <= 'Z' ? word.text.at[i] + 32 : word.text.at[i]);
    while (places[place].word[0] && strcmp(places[place].word, lower) != 0) place = (place + 1) & (PLACES - 1);
    memcpy(places[place].word, lower, LONGEST);
    return &places[place];
}

static void count_line(struct seen *places, struct span line, unsigned article) {
    struct word word;
    for (size_t position = 0; words_next(line, &position, &word);) {
        if (word.text.length >= LONGEST) continue;
        struct seen *seen = find_place(places, word);
        seen->articles += seen->last != article;
        seen->last = article;
    }
}

static int by_share(const void *a, const void *b) {
    const struct seen *one = a, *other = b;
    if (one->articles != other->articles) return one->articles < other->articles ? 1 : -1;
    return strcmp(one->word, other->word);
}

int main(int count, char **arguments) {
    char line[1 << 16];
    unsigned lines = 0;
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (!file) return fprintf(stderr, "usage: learn_common en.txt > common.tsv\n"), 64;
    struct seen *places = memory_take(PLACES * sizeof *places);
    while (fgets(line, sizeof line, file)) count_line(places, span_of(line), lines++ / SENTENCES + 1);
    fclose(file);
    unsigned articles = (lines + SENTENCES - 1) / SENTENCES;
    qsort(places, PLACES, sizeof *places, by_share);
    printf("# word\tnumber of articles, out of a thousand, that contain it; learned by tools/learn_common.c\n");
    for (size_t i = 0; i < PLACES && places[i].articles * 1000 >= MIN_PERMILLE * articles && articles; i++)
        printf("%s\t%u\n", places[i].word, places[i].articles * 1000 / articles);
    free(places);
    return 0;
}
