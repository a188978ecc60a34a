#include "program/verify.h"

#include <stdio.h>

#include "pipeline/article/record.h"
#include "pipeline/base/file.h"

struct verification {
    const char *folder;
    size_t sound, damaged, missing;
};

static void verify_row(void *context, const struct article_row *row) {
    struct verification *verification = context;
    struct buffer path = BUFFER(1 << 16), text = BUFFER(RECORD_LIMIT);
    buffer_print(&path, "%s/%.*s", verification->folder, SPAN_ARGS(row->note));
    bool read = file_read(path.at, &text), sound = read && record_intact(buffer_span(&text));
    verification->missing += !read;
    verification->sound += sound;
    verification->damaged += read && !sound;
    if (!sound) printf("%s: %s\n", path.at, read ? "damaged" : "missing");
    buffer_free(&path);
    buffer_free(&text);
}

enum exit_code verify_command(struct store *store, const char *output_folder, struct failure *ret_failure) {
    struct verification verification = {.folder = output_folder};
    store_list(store, ARTICLE_STATE_DONE, (size_t)INT64_MAX, verify_row, &verification);
    printf("%zu records are sound, %zu damaged, %zu missing\n", verification.sound, verification.damaged,
           verification.missing);
    if (verification.damaged + verification.missing == 0) return EXIT_DONE;
    failure_fatal(ret_failure, EXIT_BAD_DATA, "some records are not what was written; restore them from a copy");
    return EXIT_BAD_DATA;
}
