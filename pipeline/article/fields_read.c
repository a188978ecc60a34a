#include "pipeline/article/fields.h"

#include <string.h>

void field_refuse(struct field_reader *r, const char *name, const char *wanted) {
    if (r->ok) failure_set(r->failure, REACH_ARTICLE, REMEDY_NONE, "the record's '%s' is not %s", name, wanted);
    r->ok = false;
}

static void *place_of(const struct field *field, void *object) {
    return (char *)object + field->offset;
}

/* ---------------------------------------------------------------- values: NULL, or what was expected */

static const char *read_text(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    if (!cJSON_IsString(value)) return "a string";
    arena_fill(r->article->arena, place_of(field, object), json_text(value));
    return NULL;
}

static const char *read_code(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct span code = json_text(value);
    if (!cJSON_IsString(value)) return "a string";
    if (code.length >= field->size)
        return arena_print(r->article->arena, "a code of at most %zu characters", field->size - 1).at;
    memcpy(place_of(field, object), code.at, code.length + 1);
    return NULL;
}

static const char *read_name(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    if (!cJSON_IsString(value)) return "a string";
    const char **name = place_of(field, object);
    *name = value->valuestring[0] ? arena_string(r->article->arena, json_text(value)) : NULL;
    return NULL;
}

static const char *read_flag(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    (void)r;
    if (!cJSON_IsBool(value)) return "true or false";
    *(bool *)place_of(field, object) = cJSON_IsTrue(value);
    return NULL;
}

static bool is_between(const cJSON *value, double min, double max) {
    return cJSON_IsNumber(value) && value->valuedouble >= min && value->valuedouble <= max;
}

static const char *read_size(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    (void)r;
    if (!is_between(value, 0, 1e15)) return "a number from 0 to 10^15";
    *(size_t *)place_of(field, object) = (size_t)value->valuedouble;
    return NULL;
}

static const char *read_number(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    (void)r;
    if (!is_between(value, 0, 1e9)) return "a number from 0 to 10^9";
    *(unsigned *)place_of(field, object) = (unsigned)value->valuedouble;
    return NULL;
}

static const char *read_provider(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    (void)r;
    if (!is_between(value, -1, 1e6)) return "an index into 'providers'";
    *(int *)place_of(field, object) = (int)value->valuedouble;
    return NULL;
}

static const char *read_share(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    (void)r;
    if (!is_between(value, 0, 1)) return "a number from 0 to 1";
    *(double *)place_of(field, object) = value->valuedouble;
    return NULL;
}

static const char *one_of(struct arena *arena, const struct names *names) {
    struct buffer all = BUFFER(1 << 16);
    for (size_t i = 0; i < names->count; i++) buffer_print(&all, "%s%s", i ? ", " : "one of ", names->at[i]);
    const char *sentence = arena_string(arena, buffer_span(&all));
    buffer_free(&all);
    return sentence;
}

/* Partial records may have "" for a value that is not known. */
static const char *read_choice(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct span name = json_text(value);
    for (size_t i = 0; i < field->names->count; i++)
        if (span_is(name, field->names->at[i])) {
            *(unsigned *)place_of(field, object) = (unsigned)i;
            return NULL;
        }
    return cJSON_IsString(value) && !name.length ? NULL : one_of(r->article->arena, field->names);
}

static const char *read_object(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    if (!cJSON_IsObject(value)) return "an object";
    fields_read(r, field->table, value, place_of(field, object));
    return NULL;
}

static const char *read_list(struct field_reader *r, const struct field *field, const cJSON *value, void *object);

static const char *(*const read_value[VALUE_TYPES])(struct field_reader *r, const struct field *field,
                                                    const cJSON *value, void *object) = {
    [VALUE_TEXT] = read_text,         [VALUE_CODE] = read_code,   [VALUE_NAME] = read_name,
    [VALUE_FLAG] = read_flag,         [VALUE_SIZE] = read_size,   [VALUE_NUMBER] = read_number,
    [VALUE_PROVIDER] = read_provider, [VALUE_SHARE] = read_share, [VALUE_CHOICE] = read_choice,
    [VALUE_OBJECT] = read_object,     [VALUE_LIST] = read_list};

/* ---------------------------------------------------------------- lists */

static const char *list_wanted(const struct field_list *list) {
    return list->item.type == VALUE_OBJECT ? "a list of objects"
           : list->item.type == VALUE_TEXT ? "a list of strings"
                                           : "a list of ids";
}

static bool read_item(struct field_reader *r, const struct field *field, const cJSON *value, void *item) {
    const struct field_list *list = field->list;
    const struct field_table *table = list->item.table;
    memset(item, 0, list->item_size); /* the slot may still contain parts of a skipped item */
    if (table && table->blank) memcpy(item, table->blank, list->item_size);
    if (read_value[list->item.type](r, &list->item, value, item)) field_refuse(r, field->name, list_wanted(list));
    return !(field->flags & FIELD_SKIPS_EMPTY) || fields_open(table, item);
}

static const char *read_list(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    const struct field_list *list = field->list;
    if (!cJSON_IsArray(value)) return "an array";
    size_t capacity = (size_t)cJSON_GetArraySize(value), count = 0;
    char *items = arena_take(r->article->arena, capacity * list->item_size);
    for (const cJSON *item = value->child; item; item = item->next)
        count += read_item(r, field, item, items + count * list->item_size);
    memcpy(place_of(field, object), &items, sizeof items);
    *(size_t *)(void *)((char *)object + list->count_offset) = count;
    if (list->capacity_offset != NO_CAPACITY) *(size_t *)(void *)((char *)object + list->capacity_offset) = capacity;
    return NULL;
}

/* ---------------------------------------------------------------- members */

const char *field_read(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    return read_value[field->type](r, field, value, object);
}

static void read_field(struct field_reader *r, const struct field *field, const cJSON *json, void *object) {
    if (field->type == VALUE_MEMBERS) fields_read(r, field->table, json, place_of(field, object));
    if (field->type == VALUE_MEMBERS || field->flags & FIELD_NOT_READ) return;
    const cJSON *value = json_member(json, field->name);
    if (!value && field->formerly) value = json_member(json, field->formerly);
    if (!value || cJSON_IsNull(value)) return;
    const char *wanted = (field->read ? field->read : field_read)(r, field, value, object);
    if (wanted) field_refuse(r, field->name, wanted);
}

void fields_read(struct field_reader *r, const struct field_table *table, const cJSON *json, void *object) {
    if (table->enter && !table->enter(r, json, object)) return;
    for (size_t i = 0; i < table->count; i++) read_field(r, &table->fields[i], json, object);
    if (table->settle) table->settle(r, object);
}
