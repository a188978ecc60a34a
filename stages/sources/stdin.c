/* A single document on standard input. It is read with blocking calls, so the run begins only when the program that
 * writes the document has finished (see docs/decisions.md). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"
#include "pipeline/base/sha256.h"
#include "stages/sources/parts/common.h"

struct stdin_settings {
    size_t max_bytes;
};

static const struct setting stdin_table[] = {
    SETTING("max_bytes", SETTING_SIZE_AT(struct stdin_settings, max_bytes), .default_value = "32M", .min = 1,
            .max = 1u << 30, .help = "maximum size of the document"),
    SETTINGS_END,
};

struct standard_input {
    struct source_context context;
    size_t limit;
    bool done;
};

static int stdin_recognise(struct span address, struct span head) {
    (void)head;
    return span_is(address, "-") ? 2 : 0;
}

static bool stdin_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    const struct stdin_settings *settings = context->settings;
    (void)ret_failure;
    struct standard_input *input = memory_take(sizeof *input);
    *input = (struct standard_input){.context = *context, .limit = settings->max_bytes};
    *ret_state = input;
    return true;
}

/* Reads all of it. An interrupted reading must not be taken for a shorter document. */
static bool read_document(const struct standard_input *input, struct buffer *bytes, struct failure *ret_failure) {
    if (!file_read_rest(stdin, bytes)) {
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "cannot read standard input: %s", strerror(errno));
        return failure_blame(ret_failure, CAUSE_MACHINE, SPAN("standard input"));
    }
    if (bytes->full)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "standard input is larger than max_bytes (%zu)",
                           input->limit);
    return bytes->length || failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "standard input is empty");
}

static enum source_step stdin_step(void *state, struct exchange *reply, struct exchange *exchange,
                                   struct article **ret_article, struct failure *ret_failure) {
    struct standard_input *input = state;
    (void)reply;
    (void)exchange;
    if (input->done) return SOURCE_END;
    input->done = true;
    struct buffer bytes = BUFFER(input->limit);
    bool read = read_document(input, &bytes, ret_failure);
    if (read) {
        char hex[65];
        sha256_hex(buffer_span(&bytes), hex);
        *ret_article = source_article(&input->context, SPAN(""), span_of(hex), SPAN(""));
        (*ret_article)->origin.raw = arena_copy(article_document(*ret_article), buffer_span(&bytes));
    }
    buffer_free(&bytes);
    return read ? SOURCE_ITEM : SOURCE_FAIL;
}

const struct source source_stdin = {
    .name = "stdin",
    .help = "one document on standard input",
    .settings = {stdin_table, sizeof(struct stdin_settings)},
    .recognise = stdin_recognise,
    .open = stdin_open,
    .close = free,
    .step = stdin_step,
};
