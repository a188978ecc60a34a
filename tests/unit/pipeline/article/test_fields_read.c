#include "unit/failure_is.h"

#include <stdio.h>

#include "pipeline/article/fields.h"
#include "pipeline/article/record.h"

static const char *wrong_value(const struct field *field) {
    return field->type == VALUE_OBJECT ? "[]"
           : field->type == VALUE_LIST ? "{}"
           : field->type <= VALUE_NAME ? "5"
                                       : "{}";
}

static void assert_refused(const struct field *field, struct span before, const char *value, struct span after) {
    struct buffer json = BUFFER(1 << 16);
    struct article *article = NULL;
    struct failure failure = {0};
    char name[64];
    snprintf(name, sizeof name, "the record's '%s' is not ", field->name);
    buffer_print(&json, "%.*s{\"%s\":%s}%.*s", SPAN_ARGS(before), field->name, value, SPAN_ARGS(after));
    if (record_read(buffer_span(&json), 0, &article, &failure)) fail_msg("%s was read", json.at);
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, name);
    buffer_free(&json);
}

static void refuse_members(const struct field_table *table, struct span before, struct span after);

static void refuse_inside(const struct field *field, const struct field_table *table, struct span before,
                          struct span after) {
    bool list = field->type == VALUE_LIST;
    struct buffer left = BUFFER(1 << 16), right = BUFFER(1 << 16);
    buffer_print(&left, "%.*s{\"%s\":%s", SPAN_ARGS(before), field->name, list ? "[" : "");
    buffer_print(&right, "%s}%.*s", list ? "]" : "", SPAN_ARGS(after));
    refuse_members(table, buffer_span(&left), buffer_span(&right));
    buffer_free(&left);
    buffer_free(&right);
}

/* An id of another type counts as missing; record_rules.c explains why. */
static void refuse_members(const struct field_table *table, struct span before, struct span after) {
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const struct field_table *inside = field->list ? field->list->item.table : field->table;
        if (field->flags & FIELD_NOT_READ || (field->name && strcmp(field->name, "id") == 0)) continue;
        if (field->type == VALUE_MEMBERS) {
            refuse_members(field->table, before, after);
            continue;
        }
        assert_refused(field, before, wrong_value(field), after);
        if (field->type == VALUE_LIST) assert_refused(field, before, "[true]", after);
        if (inside) refuse_inside(field, inside, before, after);
    }
}

static void every_field_of_another_type_is_refused_by_name(void **state) {
    (void)state;
    refuse_members(&article_fields, SPAN(""), SPAN(""));
}

static void bad_values_are_rejected_with_the_expected_type(void **state) {
    (void)state;
    static const struct {
        const char *json, *said;
    } cases[] = {
        {"{\"body\":[{\"segments\":[{\"status\":\"fine\"}]}]}", "'status' is not one of new, ok, suspect, failed"},
        {"{\"body\":[{\"segments\":[{\"findings\":[{\"message\":\"a\"}]}]}]}", "'findings' is not a list of findings"},
        {"{\"language\":{\"code\":\"abcdefghijklm\"}}", "'code' is not a code of at most"},
        {"{\"language\":{\"certainty\":1e999}}", "'certainty' is not a number"},
        {"{\"language\":{\"certainty\":-1}}", "'certainty' is not a number from 0 to 1"},
        {"{\"encoding\":{\"certainty\":1.5}}", "'certainty' is not a number from 0 to 1"},
        {"{\"evidence\":{\"bytes\":-1}}", "'bytes' is not a number from 0 to 10^15"},
        {"{\"authors\":[\"A\",7]}", "'authors' is not a list of strings"},
        {"{\"summary\":{\"sentences\":[{\"segments\":[-1]}]}}", "'segments' is not a list of ids"},
        {"{\"title\":{\"translated_by\":-2}}", "'translated_by' is not an index into 'providers'"},
        {"{\"raw\":\"abc\"}", "'raw' is not base64"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = NULL;
        struct failure failure = {0};
        if (record_read(span_of(cases[i].json), 0, &article, &failure)) fail_msg("%s was read", cases[i].json);
        assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, cases[i].said);
    }
}

static void the_first_format_is_read(void **state) {
    (void)state;
    struct article *article = NULL;
    struct failure failure = {0};
    static const char json[] =
        "{\"title\":{\"source\":\"a\",\"maker\":1},\"makers\":[{\"service\":\"x\"},{\"service\":\"y\"}],"
        "\"summary\":{\"method\":\"model\",\"maker\":0}}";
    if (!record_read(span_of(json), 0, &article, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(article->title.translated_by, 1);
    assert_span(article->providers[1].service, "y");
    assert_int_equal(article->summary.summarized_by, 0);
    article_free(article);
}

static void evidence_without_a_source_is_skipped(void **state) {
    (void)state;
    struct article *article = NULL;
    static const char json[] =
        "{\"encoding\":{\"name\":\"utf-8\",\"evidence\":[{\"says\":\"koi8-r\"},{\"from\":\"http\"}],"
        "\"repairs\":[{\"count\":3,\"paragraph\":4},{\"kind\":\"nfc\"}]}}";
    assert_true(record_read(span_of(json), 0, &article, NULL));
    assert_int_equal(article->encoding.evidence_count, 1);
    assert_span(article->encoding.evidence[0].from, "http");
    assert_span(article->encoding.evidence[0].says, "");
    assert_int_equal(article->encoding.repair_count, 1);
    assert_int_equal(article->encoding.repairs[0].count, 0);
    article_free(article);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_field_of_another_type_is_refused_by_name),
                                       cmocka_unit_test(bad_values_are_rejected_with_the_expected_type),
                                       cmocka_unit_test(the_first_format_is_read),
                                       cmocka_unit_test(evidence_without_a_source_is_skipped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
