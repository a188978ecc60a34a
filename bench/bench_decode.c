/* Measures the decode stage in MB of input per second of CPU time, without start-up, on ordinary and pathological
 * texts: in one document of 20 MB, and in many of 60 kB, as pages have. */
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/decode/writing.h"

#define SIZE ((size_t)20 << 20)
#define PAGE ((size_t)60000)
#define PAGES 200

extern const struct stage stage_decode;

/* Returns the seconds of CPU time that decoding the article takes. */
static double seconds_of(const void *state, struct article *article, struct failure *ret_failure) {
    double start = clock_cpu_seconds();
    stage_decode.work(state, article, ret_failure);
    return clock_cpu_seconds() - start;
}

/* Returns the seconds for all pages of the text: PAGES times its beginning. */
static double seconds_of_pages(const void *state, struct span raw) {
    double seconds = 0;
    for (size_t i = 0; i < PAGES; i++) {
        struct failure failure = {0};
        struct article *article = article_new();
        article->origin.raw = text_clip(raw, PAGE);
        seconds += seconds_of(state, article, &failure);
        article_free(article);
    }
    return seconds;
}

static void time_decode(const void *state, const char *name, struct span raw) {
    struct failure failure = {0};
    struct article *article = article_new();
    article->origin.raw = raw;
    double seconds = seconds_of(state, article, &failure), pages = seconds_of_pages(state, raw);
    printf("%-24s %-14.*s %8.1f MB/s %8.1f MB/s in pages  %s\n", name, SPAN_ARGS(article->encoding.name),
           (double)raw.length / seconds / 1e6, (double)(PAGE * PAGES) / pages / 1e6, failure.sentence);
    article_free(article);
}

static void time_repeated(const void *state, const char *name, struct span piece) {
    struct buffer text = BUFFER(SIZE + piece.length);
    while (text.length < SIZE) buffer_add_span(&text, piece);
    time_decode(state, name, buffer_span(&text));
    buffer_free(&text);
}

/* Deterministic pseudo-random bytes (a linear congruential generator) with the bits of `set` set in each. */
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

/* Sample sentences, which are converted before the measurement to `encoding` (iconv's name; NULL: left as UTF-8). */
static const struct {
    const char *name, *encoding, *text;
} kinds[] = {
    {"ASCII", NULL, "Three ships lay in the harbour and waited for wind.\n"},
    {"German", NULL, "Im Hafen lagen drei große Kähne und warteten auf Wind.\n"},
    {"Russian", NULL, "В порту стояли три больших корабля и ждали ветра.\n"},
    {"Ukrainian", NULL, "У порту стояли три великі кораблі. Ні, їх було чотири!\n"},
    {"Greek", NULL, "Στο λιμάνι ήταν τρία μεγάλα πλοία και περίμεναν άνεμο.\n"},
    {"Thai", NULL, "เมื่อคืนนี้มีเรือใหญ่สามลำอยู่ในท่าเรือ\n"},
    {"Chinese, one line", NULL, "港口停着三艘大船。"},
    {"a page in Spanish", NULL,
     "<div class=\"article-body\"><p style=\"margin:0\"><a href=\"/mar/barcos.html\">En el puerto había tres "
     "barcos</a></p></div>\n"},
    {"windows-1252", "CP1252", "Au café, la crème brûlée était prête.\n"},
    {"windows-1251", "CP1251", "В порту стояли три больших корабля и ждали ветра.\n"},
    {"koi8-r", "KOI8-R", "В порту стояли три больших корабля и ждали ветра.\n"},
    {"shift_jis", "CP932", "港には大きな船が三隻あり、風を待っていました。\n"},
    {"gb18030", "GB18030", "港口停着三艘大船，等着起风。\n"},
    {"utf-16le", "UTF-16LE", "В порту стояли три больших корабля и ждали ветра.\n"},
    {"mojibake, short lines", NULL, "KÃ¤se \n"},
    {"mojibake, long lines", NULL,
     "Ð’ Ð¿Ð¾Ñ€Ñ‚Ñƒ Ñ\xC2\x81"
     "Ñ‚Ð¾Ñ\xC2\x8F"
     "Ð»Ð¸ Ñ‚Ñ€Ð¸ Ð±Ð¾Ð»ÑŒÑˆÐ¸Ñ… ÐºÐ¾Ñ€Ð°Ð±Ð»Ñ\xC2\x8F"
     " Ð¸ Ð¶Ð´Ð°Ð»Ð¸ Ð²ÐµÑ‚Ñ€Ð°.\n"},
    {"legacy mojibake", NULL, "Â ïîðòó ñòîÿëè òðè áîëüøèõ êîðàáëÿ è æäàëè âåòðà.\n"},
    {"one letter", NULL, "a"},
    {"letters with marks", NULL, "a\xCC\x81"},
    {"open bidi controls", NULL, "\xE2\x80\xAA"},
    {"one byte FF", "CP1251", "я"},
};

/* Returns the text in the encoding, in `room`. */
static struct span encode(const char *encoding, const char *text, char *room, size_t size) {
    iconv_t converter = encoding ? iconv_open(encoding, "UTF-8") : (iconv_t)-1;
    char copy[1024], *from = copy, *to = room;
    size_t left = strlen(text), start = size;
    if (converter == (iconv_t)-1) return span_of(text);
    memcpy(copy, text, left);
    iconv(converter, &from, &left, &to, &size);
    iconv_close(converter);
    return (struct span){room, start - size};
}

/* usage: bench_decode [part of a kind's name] */
int main(int count, char **arguments) {
    const char *wanted = count > 1 ? arguments[1] : "";
    struct stage_context context = {.data_folder = BENCH_DATA, .resources = resources_new(BENCH_DATA)};
    struct failure failure = {0};
    void *state;
    struct writing *writing;
    double start = clock_cpu_seconds();
    if (writing_open(BENCH_DATA, &writing, &failure)) {
        printf("model: %.2f ms\n", (clock_cpu_seconds() - start) * 1e3);
        writing_close(writing);
    }
    start = clock_cpu_seconds();
    if (!stage_decode.open(&context, &state, &failure)) {
        fprintf(stderr, "%s\n", failure.sentence);
        return EXIT_FAILURE;
    }
    printf("open: %.1f ms\n", (clock_cpu_seconds() - start) * 1e3);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char room[2048];
        if (!strstr(kinds[i].name, wanted)) continue;
        time_repeated(state, kinds[i].name, encode(kinds[i].encoding, kinds[i].text, room, sizeof room));
    }
    if (!*wanted) time_random(state, "random bytes", 0);
    if (!*wanted) time_random(state, "random bytes over 7F", 0x80);
    resources_free(context.resources);
    return EXIT_SUCCESS;
}
