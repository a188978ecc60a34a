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

static void overwrite(int64_t at, const char *byte) {
    int file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, byte, 1, (off_t)at), 1);
    close(file);
}

/* A length in a header shows only that the header was written, so the last member is read; what cannot be a member ends
 * the file. */
static void damage_ends_the_file_before_it(void **state) {
    (void)state;
    int64_t size, second = write_members(&size);
    overwrite(size - 5, "~"); /* its checksum */
    assert_int_equal(whole(O_RDONLY), second);
    overwrite(second, "~"); /* its first byte */
    assert_int_equal(whole(O_RDONLY), second);
    overwrite(second / 2, "~"); /* the head of the member before it */
    assert_int_equal(whole(O_RDONLY), second / 2);
    overwrite(0, "~");
    assert_int_equal(whole(O_RDONLY), 0);
    unlink(path);
    memcpy(path, "/tmp/members-XXXXXX", sizeof path);
}

/* Members of other programs state no length, and are read as a whole. */
static void members_without_a_length_are_counted(void **state) {
    (void)state;
    int64_t size, second = write_members(&size);
    overwrite(second + 12, "t"); /* the name of the extra field */
    assert_int_equal(whole(O_RDONLY), size);
    overwrite(second / 2 + 12, "t");
    assert_int_equal(whole(O_RDONLY), size);
    assert_int_equal(truncate(path, size - 1), 0);
    assert_int_equal(whole(O_RDONLY), second);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(whole(O_RDONLY), 0);
    unlink(path);
    memcpy(path, "/tmp/members-XXXXXX", sizeof path);
}

static void a_member_must_fit(void **state) {
    struct buffer narrow = BUFFER(30), wide = BUFFER(1 << 16);
    (void)state;
    assert_false(gzip_member_add(SPAN("a page of a newspaper"), &narrow));
    assert_true(gzip_member_add(SPAN(""), &wide));
    buffer_free(&narrow);
    buffer_free(&wide);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_ends_the_file_before_it),
        cmocka_unit_test(members_without_a_length_are_counted),
        cmocka_unit_test(a_member_must_fit),
        cmocka_unit_test(an_unreadable_file_has_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
