/* The table of an article's fields: the one place that says what a record holds.
 *
 * To add a field, add its member to the struct (article.h) and one line to the struct's table (fields.c). It is then
 * written, read, described in the schema and covered by the tests. `dragoman reference schema` prints the new
 * config/article.schema.json.
 *
 * A table describes one struct: each entry gives a member's JSON name, type, offset, the records it appears in and its
 * help text. Nested objects and lists of objects refer to another table. An entry may have functions of its own where a
 * rule is more than "the member as it is" (record_rules.h).
 *
 * On the way out, members that are not set are left out. On the way in, an absent member or null leaves the struct as
 * it is, a member of the wrong type is refused by name, and members that no table has are ignored. */
#ifndef PIPELINE_ARTICLE_FIELDS_H
#define PIPELINE_ARTICLE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"
#include "pipeline/article/record.h"
#include "pipeline/base/json.h"

/* How a member is written. The comments give its C type, its JSON value, and when it counts as not set. */
enum value_type {
    VALUE_TEXT,     /* struct span; a string; when empty */
    VALUE_CODE,     /* char[n], terminated; a string; when empty */
    VALUE_NAME,     /* const char *; a string; when empty or NULL */
    VALUE_FLAG,     /* bool; true; when false */
    VALUE_SIZE,     /* size_t; a whole number; when 0 */
    VALUE_NUMBER,   /* unsigned; a whole number; when 0 */
    VALUE_PROVIDER, /* int; an index of `providers`; when negative */
    VALUE_SHARE,    /* double, 0 to 1; a number; when 0 */
    VALUE_CHOICE,   /* an enum; one of `names`; when it is the first of them */
    VALUE_OBJECT,   /* a struct with a table; an object; when none of its FIELD_OPENS members is set */
    VALUE_MEMBERS,  /* the same, written as members of the object around it */
    VALUE_LIST,     /* pointer and count; an array; when it has no items */
    VALUE_CONSTANT, /* no member; the string in `constant`; never */
    VALUE_TYPES
};

/* The levels of detail that a field is written at. */
enum { IN_FINAL = 1u << RECORD_FINAL, IN_WORKING = 1u << RECORD_WORKING, IN_SHOW = 1u << RECORD_SHOW };

enum {
    FIELD_REQUIRED = 1,     /* always present in a finished record (schema); VALUE_MEMBERS: if its table says so too */
    FIELD_ALWAYS = 2,       /* written even when not set */
    FIELD_OPENS = 4,        /* an object is left out when no member with this flag is set */
    FIELD_NOT_READ = 8,     /* ignored when read: it follows from the rest of the record */
    FIELD_SKIPS_EMPTY = 16, /* list: items in which no FIELD_OPENS member is set are skipped when read */
};

struct field_writer {
    struct buffer *out;
    enum record_detail detail;
    size_t start;         /* where the record begins in *out */
    unsigned segments;    /* of the body, written so far */
    bool follows_another; /* the next member or item needs a comma */
};

struct field_reader {
    struct article *article; /* whose arena takes what is read */
    struct failure *failure;
    size_t slim;   /* record_read() */
    size_t blocks; /* of the body, begun so far */
    bool sketch;   /* in a block beyond the slim body's end */
    bool ok;
};

struct field {
    const char *name;
    enum value_type type;
    unsigned detail; /* IN_...; 0: at every level */
    unsigned flags;  /* FIELD_... */
    size_t offset, size;
    const struct names *names;       /* VALUE_CHOICE; of another string: its possible values (schema) */
    const struct field_table *table; /* VALUE_OBJECT, VALUE_MEMBERS */
    const struct field_list *list;   /* VALUE_LIST */
    const char *constant;            /* VALUE_CONSTANT */
    const char *formerly;            /* its name in records of the first format */
    const char *pattern;             /* of the string (schema) */
    unsigned last_final;             /* VALUE_CHOICE: the last value that a finished record can have; 0: any */
    bool (*when)(const void *object, enum record_detail detail); /* whether it is written; NULL: whenever it is set */
    /* These replace what the type does. `write` writes name and value, or nothing. `read` gets a value that is not null
     * and returns NULL, or what it should have been ("a string"). */
    void (*write)(struct field_writer *w, const struct field *field, const void *object);
    const char *(*read)(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
    const char *help; /* one sentence or less, for the schema */
};

struct field_table {
    const struct field *fields;
    size_t count;
    const void *blank; /* the struct before it is read, as an item of a list; NULL: all zero */
    /* Called before and after the members are read; either may be NULL. `enter` returns false to skip the members,
     * `settle` sets what follows from them. */
    bool (*enter)(struct field_reader *r, const cJSON *json, void *object);
    void (*settle)(struct field_reader *r, void *object);
};

/* An array: the field's offset is that of the pointer to the items. */
struct field_list {
    size_t count_offset, capacity_offset; /* of a size_t each; NO_CAPACITY: the list never grows */
    size_t item_size;
    struct field item; /* at offset 0 of each item */
};
#define NO_CAPACITY SIZE_MAX

/* The type of a member; one that no record can hold does not compile. Enums go by way of FIELD_CHOICE. */
/* clang-format off */
#define FIELD_TYPE(member)                                                                                             \
    _Generic((member), struct span: VALUE_TEXT, char *: VALUE_CODE, const char *: VALUE_NAME, bool: VALUE_FLAG,        \
             size_t: VALUE_SIZE, unsigned: VALUE_NUMBER, int: VALUE_PROVIDER, double: VALUE_SHARE)
#define FIELD_ITEM_TYPE(items)                                                                                         \
    _Generic((items), struct span *: VALUE_TEXT, unsigned *: VALUE_NUMBER, default: VALUE_OBJECT)
#define FIELD_CHOICE_TYPE(member) _Generic((member), unsigned: VALUE_CHOICE)
/* clang-format on */
#define FIELD_MEMBER(owner, member) (((struct owner *)NULL)->member)
#define FIELD_AT(owner, member) .offset = offsetof(struct owner, member), .size = sizeof FIELD_MEMBER(owner, member)

/* The lines of a table: struct, member, JSON name, then other members of struct field, `help` at least. */
#define FIELD(owner, member, json_name, ...)                                                                           \
    { .name = (json_name), FIELD_AT(owner, member), .type = FIELD_TYPE(FIELD_MEMBER(owner, member)), __VA_ARGS__ }
#define FIELD_CHOICE(owner, member, json_name, name_list, ...)                                                         \
    {                                                                                                                  \
        .name = (json_name), FIELD_AT(owner, member), .names = &(name_list),                                           \
        .type = FIELD_CHOICE_TYPE(FIELD_MEMBER(owner, member)), __VA_ARGS__                                            \
    }
/* A struct within the struct. */
#define FIELD_OBJECT(owner, member, json_name, its_table, ...)                                                         \
    { .name = (json_name), .type = VALUE_OBJECT, FIELD_AT(owner, member), .table = &(its_table), __VA_ARGS__ }
/* An object for members of the struct itself. */
#define FIELD_GROUP(owner, json_name, its_table, ...)                                                                  \
    { .name = (json_name), .type = VALUE_OBJECT, .size = sizeof(struct owner), .table = &(its_table), __VA_ARGS__ }
/* The members of a struct within the struct, without an object around them; the same for the struct itself. */
#define FIELD_MEMBERS(owner, member, its_table, ...)                                                                   \
    { .type = VALUE_MEMBERS, FIELD_AT(owner, member), .table = &(its_table), __VA_ARGS__ }
#define FIELD_OWN_MEMBERS(owner, its_table, ...)                                                                       \
    { .type = VALUE_MEMBERS, .size = sizeof(struct owner), .table = &(its_table), __VA_ARGS__ }
/* A pointer and its count. `capacity` is an offset or NO_CAPACITY; `item_table` is NULL for texts and numbers. */
#define FIELD_LIST(owner, member, counter, capacity, json_name, item_table, ...)                                       \
    {                                                                                                                  \
        .name = (json_name), .type = VALUE_LIST, FIELD_AT(owner, member),                                              \
        .list = &(const struct field_list){.count_offset = offsetof(struct owner, counter),                            \
                                           .capacity_offset = (capacity),                                              \
                                           .item_size = sizeof *FIELD_MEMBER(owner, member),                           \
                                           .item = {.type = FIELD_ITEM_TYPE(FIELD_MEMBER(owner, member)),              \
                                                    .size = sizeof *FIELD_MEMBER(owner, member),                       \
                                                    .table = (item_table)}},                                           \
        __VA_ARGS__                                                                                                    \
    }
#define FIELD_TABLE(array) .fields = (array), .count = sizeof(array) / sizeof *(array)

/* All of a record. */
extern const struct field_table article_fields;

/* "title", "stand-first", ... as in `metadata_evidence`. */
const char *metadata_field_name(enum metadata_field field);

/* Whether any FIELD_OPENS member is set. */
bool fields_open(const struct field_table *table, const void *object);

/* The members of an object, without its braces. */
void fields_write(struct field_writer *w, const struct field_table *table, const void *object);
/* For `write` functions: a comma where one is due, the name and a colon; the same with a string, unless it is empty. */
void field_write_name(struct field_writer *w, const char *name);
void field_write_text(struct field_writer *w, const char *name, struct span text);

/* Fills *object, a struct of the table, from an object. */
void fields_read(struct field_reader *r, const struct field_table *table, const cJSON *json, void *object);
/* As the type does it: for `read` functions that take other forms too. */
const char *field_read(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
/* "the record's 'NAME' is not WANTED"; the first refusal stands. */
void field_refuse(struct field_reader *r, const char *name, const char *wanted);

/* Appends the JSON Schema of a finished record, which consists of the table's members. */
void fields_schema(const struct field_table *table, const char *title, struct buffer *out);

static inline const void *field_at(const struct field *field, const void *object) {
    return (const char *)object + field->offset;
}

#endif
