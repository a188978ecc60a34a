/* Reads a date from any text, whose first line is the language. The result must be ISO 8601 and from inside the text,
 * and reading the result must return it unchanged. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stages/extract/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct date_words *table(void) {
    static struct date_words *words;
    struct failure failure = {0};
    if (!words && !date_words_read(TEST_DATA, arena_new(), &words, &failure)) abort();
    return words;
}

static void demand(int condition) {
    if (!condition) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length}, language = {NULL, 0};
    struct date date, again;
    if (length == 0) return 0;
    span_next(&rest, '\n', &language);
    if (!date_find(table(), rest, language, &date)) return 0;
    demand(strlen(date.iso) >= 10 && date.from < date.to && date.to <= rest.length);
    demand(date_find(table(), span_of(date.iso), SPAN(""), &again) && strcmp(date.iso, again.iso) == 0);
    return 0;
}
