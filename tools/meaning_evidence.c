/* Prints the evidence (stages/check/evidence.h) of pairs of source and English, for tools/learn_meaning.py.
 *
 * usage: meaning_evidence DATA < PAIRS
 *
 * DATA is the folder of the tables ("config"). Each line of PAIRS is: language, tab, source, tab, English; each line of
 * the output, separated by spaces: the values of struct meaning_evidence except the words, then for either text "e" or
 * "s" and the codes of its words. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/resources.h"
#include "stages/check/checker.h"
#include "stages/check/evidence.h"

static void print_codes(char name, const uint16_t *codes, size_t count) {
    printf(" %c", name);
    for (size_t i = 0; i < count; i++) printf(" %u", codes[i]);
}

static void print_evidence(const struct meaning_evidence *evidence) {
    printf("%d %.4f %.4f %.1f %d %d %d", evidence->has_words, evidence->length, evidence->deviation, evidence->expected,
           evidence->sentences, evidence->cut, evidence->open);
    for (size_t i = 0; i < EVIDENCE_MARKS; i++) printf(" %u %u", evidence->source_marks[i], evidence->english_marks[i]);
    print_codes('e', evidence->english, evidence->english_count);
    print_codes('s', evidence->source, evidence->source_count);
    putchar('\n');
}

static void describe(const struct checker *checker, char *line) {
    char *language = strsep(&line, "\t"), *source = strsep(&line, "\t"), *english = strsep(&line, "\n");
    if (!source || !english) return;
    struct segment segment = {.source = span_of(source), .target = span_of(english)};
    struct meaning_evidence evidence;
    checker_evidence(checker, &segment, &(struct checker_question){.language = language}, &evidence);
    print_evidence(&evidence);
}

int main(int count, char **arguments) {
    struct failure failure = {0};
    if (count != 2) {
        fputs("usage: meaning_evidence DATA < PAIRS\n", stderr);
        return 64;
    }
    struct resources *resources = resources_new(arguments[1]);
    const struct checker *checker = resources_borrow(resources, &checker_resource, &failure);
    if (!checker) fprintf(stderr, "meaning_evidence: %s\n", failure.sentence);
    char *line = NULL;
    size_t capacity = 0;
    while (checker && getline(&line, &capacity, stdin) > 0) describe(checker, line);
    free(line);
    resources_free(resources);
    return checker ? 0 : 65;
}
