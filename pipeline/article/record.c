/* Converts an article to JSON and back, as the table in fields.h describes it. */
#include "pipeline/article/record.h"

#include "pipeline/article/fields.h"
#include "pipeline/base/sha256.h"

bool record_write(const struct article *article, enum record_detail detail, struct buffer *out) {
    struct field_writer writer = {.out = out, .detail = detail, .start = out->length};
    buffer_add(out, "{", 1);
    fields_write(&writer, &article_fields, article);
    return buffer_add(out, "}", 1) && !out->full;
}

bool record_read(struct span json, size_t slim, struct article **ret_article, struct failure *ret_failure) {
    cJSON *root = json_parse(json, RECORD_LIMIT, "record", ret_failure);
    if (!root) return false;
    struct article *article = article_new();
    struct field_reader reader = {.article = article, .failure = ret_failure, .slim = slim, .ok = true};
    if (cJSON_IsObject(root))
        fields_read(&reader, &article_fields, root, article);
    else
        reader.ok = failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the record is not an object");
    cJSON_Delete(root);
    if (reader.ok)
        *ret_article = article;
    else
        article_free(article);
    return reader.ok;
}

void record_schema(struct buffer *out) {
    fields_schema(&article_fields, "Dragoman's record of one article", out);
}

bool record_is_own_id(struct span id) {
    if (id.length != 32) return false;
    for (size_t i = 0; i < id.length; i++)
        if (!((id.at[i] >= '0' && id.at[i] <= '9') || (id.at[i] >= 'a' && id.at[i] <= 'f'))) return false;
    return true;
}

bool record_intact(struct span json) {
    static const char mark[] = ",\"checksum\":\"sha256:";
    json = span_trim(json);
    size_t tail = sizeof mark - 1 + 64 + 2;
    if (json.length <= tail) return false;
    struct span end = span_cut(json, json.length - tail, json.length);
    char hex[65];
    sha256_hex(span_cut(json, 0, json.length - tail), hex);
    return span_starts(end, span_of(mark)) &&
           span_equal(span_cut(end, sizeof mark - 1, sizeof mark - 1 + 64), span_of(hex));
}
