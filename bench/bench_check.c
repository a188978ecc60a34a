/* Measures the checks: the size of the lexicon, the time to load it and all tables, segments per second on one core, on
 * ordinary pairs in several languages, and how the time grows with the length of pathological texts. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pipeline/base/clock.h"
#include "stages/check/checker.h"
#include "stages/check/lexicon.h"

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
/* A text is measured at SHORTEST bytes and at 2, 4 ... times as many, of which the last is the most that the checks
 * read, and at LONGEST, which they cut. */
enum { SAMPLES = sizeof samples / sizeof *samples, ROUNDS = 4000 };
enum { SHORTEST = 1 << 13, DOUBLINGS = 4, LONGEST = 1 << 20, REPEATS = 3 };

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
    printf("%-24s %8.0f segments/s\n", "ordinary pairs", ROUNDS * SAMPLES / (clock_cpu_seconds() - start));
}

/* Returns the shortest of several times, in milliseconds: other programs only make it longer. */
static double time_text(const struct checker *checker, const char *language, struct span source, struct span target) {
    double least = 0;
    for (int i = 0; i < REPEATS; i++) {
        struct article *article = article_new();
        double start = clock_cpu_seconds();
        judge(checker, article, language, source, target);
        double taken = (clock_cpu_seconds() - start) * 1e3;
        if (i == 0 || taken < least) least = taken;
        article_free(article);
    }
    return least;
}

/* Measures a repeated piece at several lengths. The last column is how much more time a byte of the longest text that
 * is read as a whole takes than one of the shortest: about 1 if the time is linear. */
static void time_growth(const struct checker *checker, const char *name, const char *language, const char *piece) {
    struct buffer text = BUFFER(LONGEST);
    double taken[DOUBLINGS];
    while (text.length + strlen(piece) <= LONGEST) buffer_add_string(&text, piece);
    struct span whole = buffer_span(&text), other = span_cut(whole, strlen(piece), whole.length);
    printf("%-24s", name);
    for (size_t i = 0; i < DOUBLINGS; i++) {
        size_t length = (size_t)SHORTEST << i;
        taken[i] = time_text(checker, language, text_clip(whole, length), text_clip(other, length));
        printf(" %8.2f", taken[i]);
    }
    printf(" %8.2f %8.2f\n", time_text(checker, language, whole, other),
           taken[DOUBLINGS - 1] / taken[0] / (1 << (DOUBLINGS - 1)));
    buffer_free(&text);
}

static bool time_lexicon(void) {
    struct lexicon *lexicon;
    struct failure failure = {0};
    struct stat file;
    double start = clock_cpu_seconds();
    if (!lexicon_open(BENCH_DATA, &lexicon, &failure)) return false;
    double taken = clock_cpu_seconds() - start;
    lexicon_close(lexicon);
    if (stat(BENCH_DATA "/tables/lexicon.model", &file) != 0) return false;
    printf("%-24s %8.2f MB, %.1f ms to load\n", "lexicon", (double)file.st_size / 1e6, taken * 1e3);
    return true;
}

static void time_hostile(const struct checker *checker) {
    static const struct {
        const char *name, *language, *piece;
    } texts[] = {{"one letter", "fr", "a"},
                 {"letters without spaces", "sv", "kravtsolemi"},
                 {"digits", "es", "7"},
                 {"numbers", "es", "1.234,5 "},
                 {"number words", "de", "einundzwanzig"},
                 {"words", "it", "il sindaco ha detto "},
                 {"names", "cs", "Karel Bodamer, Vilma Tarsin a "},
                 {"names in other letters", "ru", "Карел Бодамер, Вилма Тарсин и "},
                 {"Han numerals", "ja", "一二三万"},
                 {"Thai without spaces", "th", "นายกเทศมนตรีกล่าวว่า"},
                 {"Hangul", "ko", "시장은말했다 "},
                 {"stops", "ru", "а. Б! "},
                 {"at signs", "pt", "a@b"},
                 {"hyphens", "fr", "a-"},
                 {"apostrophes", "uk", "п'"},
                 {"quotes", "en", "\"a\" "},
                 {"broken UTF-8", "el", "\xCE \xE2\x82"}};
    printf("\n%-24s %8s %8s %8s %8s %8s %8s\n", "ms for texts of", "8 kB", "16 kB", "32 kB", "64 kB", "1 MB", "64/8/8");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        time_growth(checker, texts[i].name, texts[i].language, texts[i].piece);
}

int main(void) {
    const struct checker *checker;
    struct failure failure = {0};
    if (!time_lexicon()) return 1;
    double start = clock_cpu_seconds();
    struct resources *resources = resources_new(BENCH_DATA);
    if (!(checker = resources_borrow(resources, &checker_resource, &failure))) return 1;
    printf("%-24s %8.1f ms\n", "all tables", (clock_cpu_seconds() - start) * 1e3);
    time_samples(checker);
    time_hostile(checker);
    resources_free(resources);
    return 0;
}
