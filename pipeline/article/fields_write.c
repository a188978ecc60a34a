#include "pipeline/article/fields.h"

#include <stdlib.h>
#include <string.h>

static bool text_is_set(const void *at) {
    return ((const struct span *)at)->length > 0;
}

static bool code_is_set(const void *at) {
    return *(const char *)at != '\0';
}

static bool name_is_set(const void *at) {
    const char *name = *(const char *const *)at;
    return name && name[0];
}

static bool flag_is_set(const void *at) {
    return *(const bool *)at;
}

static bool size_is_set(const void *at) {
    return *(const size_t *)at > 0;
}

static bool number_is_set(const void *at) {
    return *(const unsigned *)at > 0;
}

static bool provider_is_set(const void *at) {
    return *(const int *)at >= 0;
}

static bool share_is_set(const void *at) {
    return *(const double *)at > 0;
}

static bool (*const is_set[VALUE_TYPES])(const void *at) = {
    [VALUE_TEXT] = text_is_set,         [VALUE_CODE] = code_is_set,   [VALUE_NAME] = name_is_set,
    [VALUE_FLAG] = flag_is_set,         [VALUE_SIZE] = size_is_set,   [VALUE_NUMBER] = number_is_set,
    [VALUE_PROVIDER] = provider_is_set, [VALUE_SHARE] = share_is_set, [VALUE_CHOICE] = number_is_set};

static size_t count_of(const struct field *field, const void *object) {
    return *(const size_t *)(const void *)((const char *)object + field->list->count_offset);
}

static bool field_is_set(const struct field *field, const void *object) {
    if (field->type == VALUE_CONSTANT) return true;
    if (field->type == VALUE_LIST) return count_of(field, object) > 0;
    if (field->table) return fields_open(field->table, field_at(field, object));
    return is_set[field->type](field_at(field, object));
}

bool fields_open(const struct field_table *table, const void *object) {
    for (size_t i = 0; i < table->count; i++)
        if (table->fields[i].flags & FIELD_OPENS && field_is_set(&table->fields[i], object)) return true;
    return false;
}

/* ---------------------------------------------------------------- values */

static void write_text(struct field_writer *w, const struct field *field, const void *object) {
    json_quote(w->out, *(const struct span *)field_at(field, object));
}

static void write_code(struct field_writer *w, const struct field *field, const void *object) {
    json_quote(w->out, span_of(field_at(field, object)));
}

static void write_name(struct field_writer *w, const struct field *field, const void *object) {
    json_quote(w->out, span_of(*(const char *const *)field_at(field, object)));
}

static void write_flag(struct field_writer *w, const struct field *field, const void *object) {
    buffer_add_string(w->out, *(const bool *)field_at(field, object) ? "true" : "false");
}

static void write_size(struct field_writer *w, const struct field *field, const void *object) {
    buffer_add_number(w->out, *(const size_t *)field_at(field, object));
}

static void write_number(struct field_writer *w, const struct field *field, const void *object) {
    buffer_add_number(w->out, *(const unsigned *)field_at(field, object));
}

static void write_provider(struct field_writer *w, const struct field *field, const void *object) {
    int provider = *(const int *)field_at(field, object);
    if (provider < 0) buffer_add(w->out, "-", 1);
    buffer_add_number(w->out, (size_t)abs(provider));
}

static void write_share(struct field_writer *w, const struct field *field, const void *object) {
    buffer_print(w->out, "%.6g", *(const double *)field_at(field, object));
}

static void write_choice(struct field_writer *w, const struct field *field, const void *object) {
    json_quote(w->out, span_of(field->names->at[*(const unsigned *)field_at(field, object)]));
}

static void write_constant(struct field_writer *w, const struct field *field, const void *object) {
    (void)object;
    json_quote(w->out, span_of(field->constant));
}

static void write_object(struct field_writer *w, const struct field *field, const void *object) {
    buffer_add(w->out, "{", 1);
    w->follows_another = false;
    fields_write(w, field->table, field_at(field, object));
    buffer_add(w->out, "}", 1);
    w->follows_another = true;
}

static void write_list(struct field_writer *w, const struct field *field, const void *object);

static void (*const write_value[VALUE_TYPES])(struct field_writer *w, const struct field *field, const void *object) = {
    [VALUE_TEXT] = write_text,         [VALUE_CODE] = write_code,         [VALUE_NAME] = write_name,
    [VALUE_FLAG] = write_flag,         [VALUE_SIZE] = write_size,         [VALUE_NUMBER] = write_number,
    [VALUE_PROVIDER] = write_provider, [VALUE_SHARE] = write_share,       [VALUE_CHOICE] = write_choice,
    [VALUE_OBJECT] = write_object,     [VALUE_CONSTANT] = write_constant, [VALUE_LIST] = write_list};

static void write_list(struct field_writer *w, const struct field *field, const void *object) {
    const struct field_list *list = field->list;
    const char *items;
    memcpy(&items, field_at(field, object), sizeof items);
    buffer_add(w->out, "[", 1);
    for (size_t i = 0; i < count_of(field, object); i++) {
        if (i) buffer_add(w->out, ",", 1);
        write_value[list->item.type](w, &list->item, items + i * list->item_size);
    }
    buffer_add(w->out, "]", 1);
}

/* ---------------------------------------------------------------- members */

void field_write_name(struct field_writer *w, const char *name) {
    buffer_add_string(w->out, w->follows_another ? ",\"" : "\"");
    buffer_add_string(w->out, name);
    buffer_add(w->out, "\":", 2);
    w->follows_another = true;
}

void field_write_text(struct field_writer *w, const char *name, struct span text) {
    if (text.length == 0) return;
    field_write_name(w, name);
    json_quote(w->out, text);
}

static bool is_wanted(const struct field_writer *w, const struct field *field, const void *object) {
    if (field->detail && !(field->detail & 1u << w->detail)) return false;
    if (field->type == VALUE_MEMBERS || field->write) return !field->when || field->when(object, w->detail);
    if (!(field->flags & FIELD_ALWAYS) && !field_is_set(field, object)) return false;
    return !field->when || field->when(object, w->detail);
}

static void write_field(struct field_writer *w, const struct field *field, const void *object) {
    if (!is_wanted(w, field, object)) return;
    if (field->write) {
        field->write(w, field, object);
    } else if (field->type == VALUE_MEMBERS) {
        fields_write(w, field->table, field_at(field, object));
    } else {
        field_write_name(w, field->name);
        write_value[field->type](w, field, object);
    }
}

void fields_write(struct field_writer *w, const struct field_table *table, const void *object) {
    for (size_t i = 0; i < table->count; i++) write_field(w, &table->fields[i], object);
}
