/* Reads any bytes as a record: refused with a sentence, or an article that is written and read back unchanged. The fast
 * way to its id and version agrees with the parser. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/article/record_key.h"
#include "pipeline/article/verdict.h"

enum { LIMIT = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

/* The first reading may drop what is no part of a record; from then on nothing changes. */
static void check_written(const struct article *article, enum record_detail detail) {
    struct buffer first = BUFFER(LIMIT), second = BUFFER(LIMIT);
    struct article *again = NULL;
    struct failure failure = {0};
    if (record_write(article, detail, &first)) {
        require(text_valid(buffer_span(&first)) && memchr(first.at, '\n', first.length) == NULL);
        require(detail != RECORD_FINAL || record_intact(buffer_span(&first)));
        require(record_read(buffer_span(&first), 0, &again, &failure));
        require(record_write(again, detail, &second) && span_equal(buffer_span(&first), buffer_span(&second)));
        article_free(again);
    }
    buffer_free(&first);
    buffer_free(&second);
}

static void check_slim(struct span json) {
    struct article *article = NULL;
    require(record_read(json, 1, &article, NULL));
    article_free(article);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span json = {(const char *)bytes, length}, version;
    struct article *article = NULL;
    struct failure failure = {0};
    char id[33];
    bool keyed = record_key(json, id, &version);
    record_intact(json);
    if (!record_read(json, 0, &article, &failure)) {
        require(failure.sentence[0] != '\0');
        return 0;
    }
    if (keyed) require(strcmp(id, article->id) == 0 && span_equal(version, article->origin.version));
    check_written(article, RECORD_FINAL);
    check_written(article, RECORD_WORKING);
    check_slim(json);
    article_judge(article, &failure);
    article_free(article);
    return 0;
}
