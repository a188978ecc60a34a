/* For tests that read the digest.json of a day. */
#ifndef DRAGOMAN_UNIT_DAY_FILE_TEST_H
#define DRAGOMAN_UNIT_DAY_FILE_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/cmocka_test.h"

#include "stages/digest/day_file.h"

/* Writes `text` as the digest.json of 2026-01-29 in a folder of its own, which does not remain, and returns whether it
 * can be read. */
static inline bool read_day_file(struct span text, struct arena *arena, struct day_file *ret_file) {
    char folder[] = "/tmp/dragoman-day-XXXXXX", day[64], path[96];
    assert_non_null(mkdtemp(folder));
    snprintf(day, sizeof day, "%s/2026-01-29", folder);
    snprintf(path, sizeof path, "%s/digest.json", day);
    assert_int_equal(mkdir(day, 0777), 0);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fwrite(text.at, 1, text.length, file);
    fclose(file);
    bool done = day_file_read(folder, "2026-01-29", arena, ret_file);
    unlink(path);
    rmdir(day);
    rmdir(folder);
    return done;
}

#endif
