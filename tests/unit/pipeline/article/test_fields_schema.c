#include "unit/cmocka_test.h"

#include "pipeline/article/fields.h"
#include "pipeline/article/record.h"
#include "pipeline/base/file.h"

struct sample {
    struct span text, hidden;
    bool flag, answer;
    size_t size;
    double share;
    enum severity choice, always;
    struct span *texts;
    size_t text_count;
    unsigned *ids;
    size_t id_count;
    struct language inside;
};

static const struct field inside_fields[] = {
    FIELD(language, code, "code", .flags = FIELD_OPENS, .help = "a code"),
    FIELD(language, script, "script", .flags = FIELD_OPENS, .pattern = "^[A-Z]", .help = "a script")};
static const struct field_table inside_table = {FIELD_TABLE(inside_fields)};

static const struct field sample_fields[] = {
    FIELD(sample, text, "text", .flags = FIELD_REQUIRED, .help = "a text"),
    FIELD(sample, hidden, "hidden", .detail = IN_WORKING, .help = "not in a finished record"),
    FIELD(sample, flag, "flag", .help = "a flag"),
    FIELD(sample, answer, "answer", .flags = FIELD_ALWAYS, .help = "yes or no"),
    FIELD(sample, size, "size", .help = "a size"),
    FIELD(sample, share, "share", .help = "a share"),
    FIELD_CHOICE(sample, choice, "choice", severity_names, .help = "a choice"),
    FIELD_CHOICE(sample, always, "always", severity_names, .flags = FIELD_ALWAYS | FIELD_REQUIRED, .help = "another"),
    FIELD_LIST(sample, texts, text_count, NO_CAPACITY, "texts", NULL, .help = "texts"),
    FIELD_LIST(sample, ids, id_count, NO_CAPACITY, "ids", NULL, .help = "ids"),
    FIELD_OBJECT(sample, inside, "inside", inside_table, .help = "an object")};
static const struct field_table sample_table = {FIELD_TABLE(sample_fields)};

static void the_schema_matches_the_table(void **state) {
    (void)state;
    struct buffer kept = BUFFER(1 << 20), made = BUFFER(1 << 20);
    assert_true(file_read(TEST_DATA "/article.schema.json", &kept));
    record_schema(&made);
    if (strcmp(kept.at, made.at) != 0)
        fail_msg("config/article.schema.json is out of date: dragoman reference schema > config/article.schema.json");
    buffer_free(&kept);
    buffer_free(&made);
}

static void the_schema_describes_each_type(void **state) {
    (void)state;
    static const char *const lines[] = {
        "\"text\": {\"type\": \"string\", \"minLength\": 1, \"description\": \"a text\"},\n",
        "\"flag\": {\"const\": true, \"description\": \"a flag\"},\n",
        "\"answer\": {\"type\": \"boolean\", ",
        "\"size\": {\"type\": \"integer\", \"minimum\": 1, ",
        "\"share\": {\"type\": \"number\", \"minimum\": 0, \"maximum\": 1, ",
        "\"choice\": {\"enum\": [\"warning\", \"error\"], ",
        "\"always\": {\"enum\": [\"note\", \"warning\", \"error\"], ",
        "\"required\": [\"text\", \"always\"],\n",
        "\"minProperties\": 1,\n",
        "\"script\": {\"type\": \"string\", \"pattern\": \"^[A-Z]\", \"description\": \"a script\"}\n",
        "\"texts\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}, ",
        "\"ids\": {\"type\": \"array\", \"items\": {\"type\": \"integer\", \"minimum\": 0}, "};
    struct buffer out = BUFFER(1 << 20);
    fields_schema(&sample_table, "a sample", &out);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(out.at, lines[i])) fail_msg("no %s in %s", lines[i], out.at);
    assert_null(strstr(out.at, "hidden"));
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_schema_matches_the_table),
                                       cmocka_unit_test(the_schema_describes_each_type)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
