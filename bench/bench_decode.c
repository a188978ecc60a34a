/* The decode stage in MB/s of input, on ordinary and on pathological texts of 20 MB, process start left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pipeline/stage.h"

#define SIZE ((size_t)20 << 20)

extern const struct stage stage_decode;

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void time_decode(const void *state, const char *name, struct span raw) {
    struct failure failure = {0};
    struct article *article = article_new();
    article->origin.raw = raw;
    double start = seconds();
    enum outcome outcome = stage_decode.work(state, article, &failure);
    double taken = seconds() - start;
    printf("%-24s %-14.*s %8.1f MB/s  %s\n", name, SPAN_ARGS(article->encoding.name), (double)raw.length / taken / 1e6,
           outcome == GO_ON ? "" : failure.sentence);
    article_free(article);
}

static void time_repeated(const void *state, const char *name, struct span piece) {
    struct buffer text = BUFFER(SIZE + piece.length);
    while (text.length < SIZE)
        buffer_add_span(&text, piece);
    time_decode(state, name, buffer_span(&text));
    buffer_free(&text);
}

static void time_random(const void *state, const char *name, unsigned char set) {
    struct buffer text = BUFFER(SIZE);
    uint32_t seed = 1;
    while (text.length < SIZE) {
        seed = seed * 1664525u + 1013904223u;
        buffer_add(&text, &(char){(char)(seed >> 24 | set)}, 1);
    }
    time_decode(state, name, buffer_span(&text));
    buffer_free(&text);
}

int main(void) {
    static const struct {
        const char *name;
        struct span piece;
    } pieces[] = {
        {"ASCII", {"Three ships lay in the harbour and waited for wind.\n", 52}},
        {"German", {"Im Hafen lagen drei gro\xC3\x9F" "e K\xC3\xA4hne und warteten auf Wind.\n", 61}},
        {"Russian", {"\xD0\x92 \xD0\xBF\xD0\xBE\xD1\x80\xD1\x82\xD1\x83 \xD1\x81\xD1\x82\xD0\xBE\xD1\x8F\xD0\xBB\xD0\xB8\n", 26}},
        {"Chinese, one line", {"\xE6\xB8\xAF\xE5\x8F\xA3\xE6\x9C\x89\xE8\x88\xB9\xE3\x80\x82", 15}},
        {"windows-1252", {"Caf\xE9 cr\xE8me\n", 11}},
        {"one letter", {"a", 1}},
        {"one byte FF", {"\xFF", 1}},
        {"mojibake, short lines", {"K\xC3\x83\xC2\xA4se \n", 9}},
        {"letters with marks", {"a\xCC\x81", 3}},
        {"open bidi controls", {"\xE2\x80\xAA", 3}},
    };
    struct stage_context context = {.data_folder = BENCH_DATA};
    struct failure failure = {0};
    void *state;
    double start = seconds();
    if (!stage_decode.open(&context, &state, &failure)) {
        fprintf(stderr, "%s\n", failure.sentence);
        return EXIT_FAILURE;
    }
    printf("open: %.1f ms\n", (seconds() - start) * 1e3);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        time_repeated(state, pieces[i].name, pieces[i].piece);
    time_random(state, "random bytes", 0);
    time_random(state, "random bytes over 7F", 0x80);
    stage_decode.close(state);
    return EXIT_SUCCESS;
}
