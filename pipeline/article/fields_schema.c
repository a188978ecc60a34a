#include "pipeline/article/fields.h"

struct schema {
    struct buffer *out;
    size_t depth;
    bool follows_another; /* the next line needs a comma before it */
};

static void begin_line(struct schema *s) {
    buffer_print(s->out, "%s%*s", s->follows_another ? ",\n" : "\n", (int)s->depth, "");
    s->follows_another = true;
}

static void open_object(struct schema *s, const char *name) {
    begin_line(s);
    buffer_print(s->out, "\"%s\": {", name);
    s->follows_another = false;
    s->depth++;
}

static void close_object(struct schema *s) {
    s->depth--;
    s->follows_another = false;
    begin_line(s);
    buffer_add(s->out, "}", 1);
}

static void add_string(struct schema *s, const char *name, const char *value) {
    if (!value) return;
    buffer_print(s->out, ", \"%s\": ", name);
    json_quote(s->out, span_of(value));
}

/* ---------------------------------------------------------------- one value */

/* An enum member with its first value is left out of records unless it has FIELD_ALWAYS. */
static void add_choice(struct schema *s, const struct field *field) {
    const struct names *names = field->names;
    size_t end = field->last_final ? field->last_final + 1 : names->count;
    size_t first = field->type == VALUE_CHOICE && !(field->flags & FIELD_ALWAYS);
    buffer_add_string(s->out, "\"enum\": [");
    for (size_t i = first; i < end; i++) buffer_print(s->out, "%s\"%s\"", i > first ? ", " : "", names->at[i]);
    buffer_add_string(s->out, "]");
}

#define STRING "\"type\": \"string\""
#define INTEGER "\"type\": \"integer\", \"minimum\": "
#define SHARE "\"type\": \"number\", \"minimum\": 0, \"maximum\": 1"

/* Members that are not set are not written, so strings in a record are not empty and counts are not zero (`set`).
 * Values that are always written and items of lists can be empty or zero (`any`). */
static const struct {
    const char *set, *any;
} types[VALUE_TYPES] = {[VALUE_TEXT] = {STRING ", \"minLength\": 1", STRING},
                        [VALUE_CODE] = {STRING ", \"minLength\": 1", STRING},
                        [VALUE_NAME] = {STRING ", \"minLength\": 1", STRING},
                        [VALUE_FLAG] = {"\"const\": true", "\"type\": \"boolean\""},
                        [VALUE_SIZE] = {INTEGER "1", INTEGER "0"},
                        [VALUE_NUMBER] = {INTEGER "1", INTEGER "0"},
                        [VALUE_PROVIDER] = {INTEGER "0", INTEGER "-1"},
                        [VALUE_SHARE] = {SHARE, SHARE}};

static void add_type(struct schema *s, const struct field *field) {
    if (field->type == VALUE_LIST)
        buffer_print(s->out, "\"type\": \"array\", \"items\": {%s}", types[field->list->item.type].any);
    else if (field->type == VALUE_CONSTANT)
        buffer_print(s->out, "\"const\": \"%s\"", field->constant);
    else if (field->names)
        add_choice(s, field);
    else if (field->flags & FIELD_ALWAYS || field->pattern)
        buffer_add_string(s->out, types[field->type].any);
    else
        buffer_add_string(s->out, types[field->type].set);
}

/* On one line. */
static void add_value(struct schema *s, const struct field *field) {
    begin_line(s);
    buffer_print(s->out, "\"%s\": {", field->name);
    add_type(s, field);
    add_string(s, "pattern", field->pattern);
    add_string(s, "description", field->help);
    buffer_add_string(s->out, "}");
}

/* ---------------------------------------------------------------- objects */

static bool is_final(const struct field *field) {
    return !field->detail || field->detail & IN_FINAL;
}

static size_t add_names(struct schema *s, const struct field_table *table, size_t before) {
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (!is_final(field) || !(field->flags & FIELD_REQUIRED)) continue;
        if (field->type == VALUE_MEMBERS)
            before = add_names(s, field->table, before);
        else
            buffer_print(s->out, "%s\"%s\"", before++ ? ", " : "", field->name);
    }
    return before;
}

static bool all_have(const struct field_table *table, unsigned flag) {
    for (size_t i = 0; i < table->count; i++)
        if (!(table->fields[i].flags & flag)) return false;
    return true;
}

static bool any_has(const struct field_table *table, unsigned flag) {
    for (size_t i = 0; i < table->count; i++)
        if (table->fields[i].flags & flag) return true;
    return false;
}

/* If all members have FIELD_OPENS, the object is written only if at least one of them is set. */
static void add_required(struct schema *s, const struct field_table *table) {
    if (any_has(table, FIELD_REQUIRED)) {
        begin_line(s);
        buffer_add_string(s->out, "\"required\": [");
        add_names(s, table, 0);
        buffer_add_string(s->out, "]");
    } else if (all_have(table, FIELD_OPENS)) {
        begin_line(s);
        buffer_add_string(s->out, "\"minProperties\": 1");
    }
}

static void add_properties(struct schema *s, const struct field_table *table);

static void add_object(struct schema *s, const struct field_table *table) {
    begin_line(s);
    buffer_add_string(s->out, "\"type\": \"object\"");
    begin_line(s);
    buffer_add_string(s->out, "\"additionalProperties\": false");
    add_required(s, table);
    open_object(s, "properties");
    add_properties(s, table);
    close_object(s);
}

static void add_description(struct schema *s, const struct field *field) {
    begin_line(s);
    buffer_add_string(s->out, "\"description\": ");
    json_quote(s->out, span_of(field->help));
}

static void add_nested(struct schema *s, const struct field *field) {
    open_object(s, field->name);
    if (field->help) add_description(s, field);
    if (field->type == VALUE_LIST) {
        begin_line(s);
        buffer_add_string(s->out, "\"type\": \"array\"");
        open_object(s, "items");
        add_object(s, field->list->item.table);
        close_object(s);
    } else {
        add_object(s, field->table);
    }
    close_object(s);
}

static void add_properties(struct schema *s, const struct field_table *table) {
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (!is_final(field)) continue;
        if (field->type == VALUE_MEMBERS)
            add_properties(s, field->table);
        else if (field->type == VALUE_OBJECT || (field->type == VALUE_LIST && field->list->item.table))
            add_nested(s, field);
        else
            add_value(s, field);
    }
}

void fields_schema(const struct field_table *table, const char *title, struct buffer *out) {
    struct schema schema = {.out = out, .depth = 1}, *s = &schema;
    buffer_print(out, "{\n \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n \"title\": \"%s\"", title);
    s->follows_another = true;
    add_object(s, table);
    buffer_add_string(out, "\n}\n");
}
