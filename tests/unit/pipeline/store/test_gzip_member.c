#include "pipeline/store/gzip_member.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/cmocka_test.h"

static char path[] = "/tmp/members-XXXXXX";

/* Writes three members and returns where the second one ends. */
static int64_t write_members(int64_t *ret_size) {
    struct buffer bytes = BUFFER(1 << 16);
    int64_t second = 0;
    for (int i = 0; i < 3; i++) {
        assert_true(gzip_member_add(SPAN("a page of a newspaper"), &bytes));
        if (i == 1) second = (int64_t)bytes.length;
    }
    int file = mkstemp(path);
    assert_int_equal(write(file, bytes.at, bytes.length), bytes.length);
    close(file);
    *ret_size = (int64_t)bytes.length;
    buffer_free(&bytes);
    return second;
}

static int64_t whole(int flags) {
    int file = open(path, flags);
    int64_t length = gzip_member_whole(file);
    close(file);
    return length;
}

/* A file that cannot be read must not be taken for one that ends there: what follows would be cut off. */
static void an_unreadable_file_has_no_end(void **state) {
    (void)state;
    int64_t size, second = write_members(&size);
    assert_int_equal(whole(O_RDONLY), size);
    assert_int_equal(whole(O_WRONLY), -1);
    assert_int_equal(truncate(path, size - 1), 0);
    assert_int_equal(whole(O_RDONLY), second);
    assert_int_equal(whole(O_WRONLY), -1);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_unreadable_file_has_no_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
