/* Measures the checks in segments per second on one core, on ordinary pairs in several languages and on pathological
 * texts. */
#include <stdio.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/check/checker.h"

struct sample {
    const char *language, *source, *target;
};

static const struct sample samples[] = {
    {"es",
     "El Ayuntamiento destinará 2.300.000 euros a reparar 17 puentes antes del 14 de junio, según anunció ayer la "
     "alcaldesa tras el pleno.",
     "The city council will spend 2.3 million euros repairing 17 bridges before 14 June, the mayor announced yesterday "
     "after the meeting."},
    {"ru",
     "Полторы тысячи рабочих вышли на смену в понедельник после двух недель простоя, сообщил директор завода на "
     "встрече с журналистами.",
     "Fifteen hundred workers returned to their shifts on Monday after two weeks of downtime, the plant's director "
     "told journalists."},
    {"de",
     "Fünfundzwanzig Schülerinnen und Schüler reisten im Juli nach Kraków; der Umsatz des Vereins stieg dadurch auf "
     "4,7 Mio. Euro.",
     "Twenty-five pupils travelled to Kraków in July; the association's revenue rose to 4.7 million euros as a "
     "result."},
    {"ar",
     "قال الوزير إن ١٢٥ مدرسة ستفتح أبوابها في سبتمبر بكلفة ٣٫٥ مليون دينار، ووصل خمسة وعشرون طبيبا إلى المدينة يوم "
     "الثلاثاء.",
     "The minister said 125 schools would open in September at a cost of 3.5 million dinars; twenty-five doctors "
     "arrived in the city on Tuesday."},
    {"zh", "市政府将在6月14日前投入2.3亿元修复17座桥梁。多年来，居民一直要求修建更安全的通道。",
     "The city government will spend 230 million yuan repairing 17 bridges by 14 June. For years, residents have "
     "called for a safer crossing."},
};
enum { SAMPLES = sizeof samples / sizeof *samples, ROUNDS = 4000, LONG = 1 << 16 };

/* Checks one pair as a segment of the article. Findings go into the article's arena, hence a new article per round. */
static void judge(const struct checker *checker, struct article *article, const char *language, struct span source,
                  struct span target) {
    struct segment segment = {.source = source, .target = target};
    checker_judge(checker, article, &segment, &(struct checker_question){.language = language});
}

static void time_samples(const struct checker *checker) {
    double start = clock_cpu_seconds();
    for (int round = 0; round < ROUNDS; round++) {
        struct article *article = article_new();
        for (size_t i = 0; i < SAMPLES; i++)
            judge(checker, article, samples[i].language, span_of(samples[i].source), span_of(samples[i].target));
        article_free(article);
    }
    printf("%-32s %10.0f segments/s\n", "ordinary pairs", ROUNDS * SAMPLES / (clock_cpu_seconds() - start));
}

/* Measures a repeated piece at two lengths. Time that is linear doubles when the length doubles. */
static void time_long(const struct checker *checker, const char *name, const char *language, const char *piece) {
    double taken[2];
    for (size_t half = 0; half < 2; half++) {
        struct buffer text = BUFFER(LONG);
        size_t wanted = half ? LONG : LONG / 2;
        while (text.length + strlen(piece) <= wanted) buffer_add_string(&text, piece);
        struct article *article = article_new();
        struct span other = span_cut(buffer_span(&text), strlen(piece), text.length);
        double start = clock_cpu_seconds();
        judge(checker, article, language, buffer_span(&text), other);
        taken[half] = clock_cpu_seconds() - start;
        article_free(article);
        buffer_free(&text);
    }
    printf("%-32s %10.2f ms for 32 kB, %8.2f ms for 64 kB\n", name, taken[0] * 1e3, taken[1] * 1e3);
}

int main(void) {
    const struct checker *checker;
    struct failure failure = {0};
    double start = clock_cpu_seconds();
    struct resources *resources = resources_new(BENCH_DATA);
    if (!(checker = resources_borrow(resources, &checker_resource, &failure))) return 1;
    printf("%-32s %10.1f ms\n", "opening", (clock_cpu_seconds() - start) * 1e3);
    time_samples(checker);
    time_long(checker, "one letter", "fr", "a");
    time_long(checker, "digits", "es", "7");
    time_long(checker, "numbers", "es", "1.234,5 ");
    time_long(checker, "number words", "de", "einundzwanzig");
    time_long(checker, "words", "it", "il sindaco ha detto ");
    time_long(checker, "Han numerals", "ja", "一二三万");
    time_long(checker, "stops", "ru", "а. Б! ");
    time_long(checker, "at signs", "pt", "a@b");
    time_long(checker, "hyphens", "fr", "a-");
    time_long(checker, "apostrophes", "uk", "п'");
    time_long(checker, "quotes", "en", "\"a\" ");
    resources_free(resources);
    return 0;
}
