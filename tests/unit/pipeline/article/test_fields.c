/* These tests walk the table themselves, so that a new field is covered by the line that adds it. */
#include "unit/failure_is.h"

#include <math.h>
#include <stdio.h>

#include "pipeline/article/fields.h"
#include "pipeline/article/record.h"

/* ---------------------------------------------------------------- filling and comparing a struct by its table */

struct filling {
    struct arena *arena;
    unsigned round; /* selects the value of choices */
    unsigned count; /* of values so far, so that each text and number is different */
};

static const size_t item_count = 2;

static void fill(struct filling *filling, const struct field_table *table, char *object);

static void *list_of(const struct field *field, const char *object) {
    void *items;
    memcpy(&items, object + field->offset, sizeof items);
    return items;
}

static void fill_value(struct filling *filling, const struct field *field, char *object);

static void fill_list(struct filling *filling, const struct field *field, char *object) {
    const struct field_list *list = field->list;
    char *items = arena_take(filling->arena, item_count * list->item_size);
    for (size_t i = 0; i < item_count; i++) fill_value(filling, &list->item, items + i * list->item_size);
    memcpy(object + field->offset, &items, sizeof items);
    memcpy(object + list->count_offset, &item_count, sizeof item_count);
    if (list->capacity_offset != NO_CAPACITY) memcpy(object + list->capacity_offset, &item_count, sizeof item_count);
}

static void fill_text(struct filling *filling, const struct field *field, void *at) {
    struct span text = arena_print(filling->arena, "%u \xc3\xa9\"", ++filling->count);
    if (field->type == VALUE_TEXT) *(struct span *)at = text;
    if (field->type == VALUE_NAME) *(const char **)at = text.at;
    if (field->type == VALUE_CODE) snprintf(at, field->size, "x%u", filling->count);
}

static void fill_number(struct filling *filling, const struct field *field, void *at) {
    unsigned number = ++filling->count;
    if (field->type == VALUE_FLAG) *(bool *)at = true;
    if (field->type == VALUE_SIZE) *(size_t *)at = number;
    if (field->type == VALUE_NUMBER) *(unsigned *)at = number;
    if (field->type == VALUE_PROVIDER) *(int *)at = (int)(number % item_count);
    if (field->type == VALUE_SHARE) *(double *)at = 1.0 / (1 + number % 8);
    if (field->type == VALUE_CHOICE) *(unsigned *)at = filling->round % (unsigned)field->names->count;
}

static void fill_value(struct filling *filling, const struct field *field, char *object) {
    void *at = object + field->offset;
    if (field->type == VALUE_LIST)
        fill_list(filling, field, object);
    else if (field->table)
        fill(filling, field->table, at);
    else if (field->type <= VALUE_NAME)
        fill_text(filling, field, at);
    else
        fill_number(filling, field, at);
}

static void fill(struct filling *filling, const struct field_table *table, char *object) {
    for (size_t i = 0; i < table->count; i++)
        if (!(table->fields[i].flags & FIELD_NOT_READ)) fill_value(filling, &table->fields[i], object);
}

static bool table_same(const struct field_table *table, const char *a, const char *b);

static bool value_same(const struct field *field, const void *a, const void *b) {
    if (field->type == VALUE_TEXT) return span_equal(*(const struct span *)a, *(const struct span *)b);
    if (field->type == VALUE_CODE) return strcmp(a, b) == 0;
    if (field->type == VALUE_NAME) return strcmp(*(const char *const *)a, *(const char *const *)b) == 0;
    if (field->type == VALUE_SHARE) return fabs(*(const double *)a - *(const double *)b) < 1e-6;
    return memcmp(a, b, field->size) == 0;
}

static bool field_same(const struct field *field, const char *a, const char *b);

static bool list_same(const struct field *field, const char *a, const char *b) {
    const struct field_list *list = field->list;
    size_t count;
    memcpy(&count, a + list->count_offset, sizeof count);
    if (memcmp(&count, b + list->count_offset, sizeof count) != 0) return false;
    const char *left = list_of(field, a), *right = list_of(field, b);
    for (size_t i = 0; i < count; i++)
        if (!field_same(&list->item, left + i * list->item_size, right + i * list->item_size)) return false;
    return true;
}

static bool field_same(const struct field *field, const char *a, const char *b) {
    if (field->type == VALUE_LIST) return list_same(field, a, b);
    if (field->table) return table_same(field->table, a + field->offset, b + field->offset);
    return value_same(field, a + field->offset, b + field->offset);
}

static bool table_same(const struct field_table *table, const char *a, const char *b) {
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (field->flags & FIELD_NOT_READ || field_same(field, a, b)) continue;
        print_error("'%s' is not what it was\n", field->name ? field->name : "a member");
        return false;
    }
    return true;
}

/* ---------------------------------------------------------------- a table of the test's own */

struct sample {
    struct span text, late;
    char code[8];
    const char *name;
    bool flag;
    size_t size;
    unsigned number;
    int provider;
    double share;
    enum severity choice;
    struct span *texts;
    size_t text_count, text_capacity;
    unsigned *ids;
    size_t id_count;
    struct finding *findings;
    size_t finding_count, finding_capacity;
    struct finding inside;
};

static const struct field finding_fields[] = {FIELD(finding, check, "check", .flags = FIELD_OPENS, .help = "a name"),
                                              FIELD(finding, message, "message", .help = "a text")};
static const struct field_table finding_table = {FIELD_TABLE(finding_fields)};

static const struct field sample_fields[] = {
    FIELD(sample, text, "text", .help = "a text"),
    FIELD(sample, code, "code", .help = "a code"),
    FIELD(sample, name, "name", .help = "a name"),
    FIELD(sample, flag, "flag", .help = "a flag"),
    FIELD(sample, size, "size", .help = "a size"),
    FIELD(sample, number, "number", .help = "a number"),
    FIELD(sample, provider, "provider", .help = "an index"),
    FIELD(sample, share, "share", .help = "a share"),
    FIELD_CHOICE(sample, choice, "choice", severity_names, .help = "a choice"),
    FIELD_LIST(sample, texts, text_count, offsetof(struct sample, text_capacity), "texts", NULL, .help = "texts"),
    FIELD_LIST(sample, ids, id_count, NO_CAPACITY, "ids", NULL, .help = "ids"),
    FIELD_LIST(sample, findings, finding_count, offsetof(struct sample, finding_capacity), "findings", &finding_table,
               .help = "findings"),
    FIELD_OBJECT(sample, inside, "inside", finding_table, .help = "one finding"),
    FIELD(sample, late, "late", .detail = IN_WORKING, .help = "added to the table last")};
static const struct field_table sample_table = {FIELD_TABLE(sample_fields)};
static const struct field_table without_last = {.fields = sample_fields,
                                                .count = sizeof sample_fields / sizeof *sample_fields - 1};

static void write_object(const struct field_table *table, const void *object, enum record_detail detail,
                         struct buffer *out) {
    struct field_writer writer = {.out = out, .detail = detail};
    buffer_clear(out);
    buffer_add_string(out, "{");
    fields_write(&writer, table, object);
    assert_true(buffer_add_string(out, "}"));
}

static void read_sample(const char *json, struct article *owner, struct sample *ret_sample) {
    struct failure failure = {0};
    cJSON *root = json_parse(span_of(json), 1 << 20, "sample", &failure);
    struct field_reader reader = {.article = owner, .failure = &failure, .ok = true};
    assert_non_null(root);
    memset(ret_sample, 0, sizeof *ret_sample);
    fields_read(&reader, &sample_table, root, ret_sample);
    cJSON_Delete(root);
    if (!reader.ok) fail_msg("%s", failure.sentence);
}

static void one_entry_makes_a_field(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 20);
    struct article *owner = article_new();
    struct filling filling = {.arena = owner->arena, .round = 1};
    struct sample sample = {0}, again;
    fill(&filling, &sample_table, (char *)&sample);
    write_object(&without_last, &sample, RECORD_WORKING, &out);
    assert_null(strstr(out.at, "\"late\""));
    write_object(&sample_table, &sample, RECORD_FINAL, &out);
    assert_null(strstr(out.at, "\"late\""));
    write_object(&sample_table, &sample, RECORD_WORKING, &out);
    assert_non_null(strstr(out.at, "\"late\""));
    read_sample(out.at, owner, &again);
    assert_true(table_same(&sample_table, (const char *)&sample, (const char *)&again));
    article_free(owner);
    buffer_free(&out);
}

static void unset_fields_are_not_written(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 20);
    struct sample sample = {.provider = -1};
    write_object(&sample_table, &sample, RECORD_WORKING, &out);
    assert_string_equal(out.at, "{}");
    buffer_free(&out);
}

static void absent_and_null_change_nothing(void **state) {
    (void)state;
    struct article *owner = article_new();
    struct sample sample, blank = {0};
    read_sample("{\"text\":null,\"ids\":null,\"inside\":null,\"share\":null,\"of_a_later_version\":[{}]}", owner,
                &sample);
    assert_memory_equal(&sample, &blank, sizeof blank);
    article_free(owner);
}

/* ---------------------------------------------------------------- the article's table */

static void fill_article(struct article *article, unsigned round) {
    struct filling filling = {.arena = article->arena, .round = round};
    fill(&filling, &article_fields, (char *)article);
    memcpy(article->id, "0123456789abcdef0123456789abcdef", sizeof article->id);
}

/* The decoded text is written only while there is no body. */
static void every_field_survives_writing_and_reading(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 20);
    for (unsigned round = 0; round < 2 * (unsigned)content_names.count; round++) {
        struct article *article = article_new(), *again = NULL;
        struct failure failure = {0};
        fill_article(article, round / 2);
        if (round % 2)
            article->block_count = 0;
        else
            article->text = (struct span){NULL, 0};
        buffer_clear(&out);
        assert_true(record_write(article, RECORD_WORKING, &out));
        if (!record_read(buffer_span(&out), 0, &again, &failure)) fail_msg("%s", failure.sentence);
        assert_true(table_same(&article_fields, (const char *)article, (const char *)again));
        article_free(article);
        article_free(again);
    }
    buffer_free(&out);
}

static void a_field_is_in_the_kinds_of_records_that_its_entry_names(void **state) {
    (void)state;
    static const enum record_detail details[] = {RECORD_FINAL, RECORD_WORKING, RECORD_SHOW};
    struct article *article = article_new();
    fill_article(article, 1);
    article->block_count = 0;
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        struct buffer out = BUFFER(1 << 20);
        assert_true(record_write(article, details[i], &out));
        cJSON *root = json_parse(buffer_span(&out), 1 << 20, "record", NULL);
        for (size_t j = 0; j < article_fields.count; j++) {
            const struct field *field = &article_fields.fields[j];
            bool wanted = !field->detail || field->detail & 1u << details[i];
            if (strcmp(field->name, "body") == 0) continue;
            if ((json_member(root, field->name) != NULL) != wanted) fail_msg("'%s' at level %zu", field->name, i);
        }
        cJSON_Delete(root);
        buffer_free(&out);
    }
    article_free(article);
}

/* A table attached to a member of another struct type would read and write out of bounds. */
static void assert_within(const struct field_table *table, size_t size) {
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const struct field *inside = field->list ? &field->list->item : field;
        if (field->offset + field->size > size) fail_msg("'%s' lies beyond its struct", field->name);
        if (inside->table) assert_within(inside->table, inside->size);
    }
}

static bool shares_member(const struct field *a, const struct field *b) {
    bool values = !a->table && !b->table && a->size && b->size;
    return values && a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

/* Only one of two conditional fields is written: `target` or `rejected`. */
static void assert_apart(const struct field_table *table) {
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        const struct field_table *inside = field->list ? field->list->item.table : field->table;
        if (inside) assert_apart(inside);
        for (size_t j = 0; j < i; j++)
            if (shares_member(field, &table->fields[j]) && !(field->when && table->fields[j].when))
                fail_msg("'%s' is the same member as '%s'", field->name, table->fields[j].name);
    }
}

static void no_member_has_two_entries(void **state) {
    (void)state;
    assert_apart(&article_fields);
}

static void tables_fit_their_structs(void **state) {
    (void)state;
    assert_within(&article_fields, sizeof(struct article));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_fit_their_structs),
                                       cmocka_unit_test(no_member_has_two_entries),
                                       cmocka_unit_test(one_entry_makes_a_field),
                                       cmocka_unit_test(unset_fields_are_not_written),
                                       cmocka_unit_test(absent_and_null_change_nothing),
                                       cmocka_unit_test(every_field_survives_writing_and_reading),
                                       cmocka_unit_test(a_field_is_in_the_kinds_of_records_that_its_entry_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
