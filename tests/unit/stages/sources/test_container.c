/* Feeds and lists as bytes: files that cannot be read, limits before and after unpacking, and what is no text. */
#define _GNU_SOURCE
#include "unit/decoder_test.h"
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "stages/sources/parts/container.h"

enum { LIMIT = 1000 };

static char path[] = "/tmp/dragoman-container-XXXXXX";

static int make_file(void **state) {
    int file = mkstemp(path);
    return file < 0 || close(file) != 0 ? -1 : decoder_begin(state);
}

static int remove_file(void **state) {
    return unlink(path) != 0 ? -1 : decoder_end(state);
}

static void write_file(const char *text, size_t length) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

static void write_packed(size_t length) {
    gzFile file = gzopen(path, "wb");
    for (size_t i = 0; i < length; i++) assert_int_equal(gzputc(file, 'a'), 'a');
    gzclose(file);
}

static void assert_not_read(const char *given, const char *folder, const char *said) {
    struct container container = container_new(LIMIT);
    struct failure failure = {0};
    assert_false(container_read_file(&container, given, folder, "list", &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, said);
    container_free(&container);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
    (void)state;
    assert_not_read("/no/such.opml", NULL, "cannot read the list /no/such.opml: No such file or directory");
    assert_not_read("/tmp", NULL, "cannot read the list /tmp: ");
    assert_not_read("/etc/hostname", "/tmp", "cannot read the list /etc/hostname: ");
}

/* Reads and decodes the file; returns the length of the text, or fails with `said`. */
static size_t read_file(const struct decoder *decoder, const char *said) {
    struct container container = container_new(LIMIT);
    struct arena *arena = arena_new();
    struct failure failure = {0};
    container.address = SPAN("https://a.example/f");
    bool done = container_read_file(&container, path, NULL, "feed", &failure) &&
                container_decode(&container, decoder, arena, &failure);
    if (done != !said) fail_msg("%s / %s", said ? said : "", failure.sentence);
    if (said) assert_failure(&failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, said);
    size_t length = container.text.length;
    container_free(&container);
    arena_free(arena);
    return length;
}

static void a_file_has_a_limit(void **state) {
    char text[LIMIT + 1], said[200];
    memset(text, 'a', sizeof text);
    write_file(text, LIMIT);
    assert_int_equal(read_file(*state, NULL), LIMIT);
    write_file(text, LIMIT + 1);
    snprintf(said, sizeof said, "the feed %s is larger than max_bytes (1000)", path);
    read_file(*state, said);
}

static void the_limit_applies_after_unpacking_too(void **state) {
    static const char said[] =
        "https://a.example/f is a compressed file that is damaged or larger than max_bytes (1000)";
    write_packed(LIMIT);
    assert_int_equal(read_file(*state, NULL), LIMIT);
    write_packed(LIMIT + 1);
    read_file(*state, said);
    write_packed(20);
    assert_int_equal(truncate(path, 15), 0);
    read_file(*state, said);
}

static void what_is_no_text_is_named(void **state) {
    write_file("\x89PNG\r\n\x1A\n\0\0", 10);
    read_file(*state, "https://a.example/f cannot be read: the document is a PNG image, not text");
    write_file("", 0);
    read_file(*state, "https://a.example/f cannot be read: the document contains no text (0 bytes)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_cannot_be_read_is_named), cmocka_unit_test(a_file_has_a_limit),
        cmocka_unit_test(the_limit_applies_after_unpacking_too), cmocka_unit_test(what_is_no_text_is_named)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
