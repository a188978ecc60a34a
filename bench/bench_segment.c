/* Measures sentence segmentation in MB per second, without start-up, on ordinary and pathological texts of 20 MB. */
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "stages/segment/scanner.h"

#define SIZE ((size_t)20 << 20)

static void time_segment(const struct segmenter *segmenter, const char *language, const char *name, const char *piece) {
    struct buffer text = BUFFER(SIZE + 1024);
    size_t count = 0;
    while (text.length < SIZE) buffer_add_string(&text, piece);
    double start = clock_cpu_seconds();
    struct scanner scanner = scanner_begin(segmenter, language, buffer_span(&text));
    for (struct span sentence; scanner_next(&scanner, &sentence);) count++;
    double taken = clock_cpu_seconds() - start;
    printf("%-28s %8.1f MB/s  %9zu sentences\n", name, (double)text.length / taken / 1e6, count);
    buffer_free(&text);
}

int main(void) {
    static const struct {
        const char *language, *name, *piece;
    } texts[] = {
        {"en", "English",
         "Three ships lay in the harbour, Mr. Lund said, and waited for wind. Nobody knew when it would come back. "},
        {"de", "German",
         "Im Hafen lagen am 5. Mai drei große Kähne und warteten auf Wind. Niemand wusste, wann er käme. "},
        {"ru", "Russian",
         "В порту в 1998 г. стояли три больших корабля и ждали ветра. Никто не знал, когда он придёт. "},
        {"hi", "Hindi", "बंदरगाह में तीन बड़े जहाज खड़े थे और हवा की प्रतीक्षा कर रहे थे। कोई नहीं जानता था। "},
        {"zh", "Chinese", "港口里停着三艘大船，等待着风。没有人知道风什么时候会来。"},
        {"th", "Thai", "เรือใหญ่สามลำจอดอยู่ในท่าเรือและรอลม อย่างไรก็ตาม ไม่มีใครรู้ว่าลมจะมาเมื่อไร "},
        {"th", "Thai without spaces", "เรือใหญ่สามลำจอดอยู่ในท่าเรือและรอลมอย่างไรก็ตามไม่มีใครรู้ว่าลมจะมาเมื่อไร"},
        {"en", "one letter", "a"},
        {"en", "points", "."},
        {"en", "points and spaces", ". "},
        {"en", "open brackets and points", "(. "},
        {"en", "quotes", "\" . "},
        {"en", "initials", "A. B. "},
        {"zh", "full-width stops", "。"},
    };
    struct failure failure = {0};
    double start = clock_cpu_seconds();
    struct segmenter *segmenter = segmenter_open(BENCH_DATA, &failure);
    if (!segmenter) {
        fprintf(stderr, "%s\n", failure.sentence);
        return EXIT_FAILURE;
    }
    printf("open: %.1f ms\n", (clock_cpu_seconds() - start) * 1e3);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        time_segment(segmenter, texts[i].language, texts[i].name, texts[i].piece);
    segmenter_close(segmenter);
    return EXIT_SUCCESS;
}
