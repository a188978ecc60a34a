/* Reads any bytes as a file of lines in any encoding, up to its end: every line is valid UTF-8 without a newline. */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz/fuzz_decoder.h"
#include "fuzz/fuzz_file.h"
#include "stages/sources/parts/line_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct fuzz_file file = fuzz_file_open(bytes, length);
    struct failure failure = {0};
    const char *why = "";
    struct line_file *lines = line_file_open(file.path, fuzz_decoder(), &why);
    struct span line;
    size_t count = 0;
    if (!lines) abort();
    bool prepared = line_file_prepare(lines, &failure);
    if (!prepared && !failure.sentence[0]) abort();
    while (prepared && line_file_next(lines, &line)) {
        if (!text_valid(line) || (line.length && memchr(line.at, '\n', line.length))) abort();
        if (++count > length + 1) abort();
    }
    if (prepared && line_file_failed(lines)) abort();
    line_file_close(lines);
    fuzz_file_close(&file);
    return 0;
}
