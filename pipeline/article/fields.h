/* The table of an article's fields: the one place that says what a record holds.
 *
 * To add a field, add its member to the struct (article.h) and one line to the struct's table (fields.c). It is then
 * written, read, described in the schema and covered by the tests. `dragoman reference schema` prints the new
 * config/article.schema.json.
 *
 * A table describes one struct: each entry gives a member's JSON name, type, offset, the records it appears in and its
 * help text. Nested objects and lists of objects refer to another table. An entry may have functions of its own if the
 * member cannot be written and read as it is (record_rules.h).
 *
 * Members that are not set are not written. When a record is read, an absent member or null leaves the struct as it is,
 * a member of the wrong type is refused by name, and members that are in no table are ignored. */
#ifndef PIPELINE_ARTICLE_FIELDS_H
#define PIPELINE_ARTICLE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"
#include "pipeline/article/record.h"
#include "pipeline/base/json.h"

/* Types of members. Each comment gives the C type, the JSON value, and when the member counts as not set. */
enum value_type {
    VALUE_TEXT,     /* struct span, written as a string; not set if empty */
    VALUE_CODE,     /* NUL-terminated char[n], written as a string; not set if empty */
    VALUE_NAME,     /* const char *, written as a string; not set if empty or NULL */
    VALUE_FLAG,     /* bool, written as true; not set if false */
    VALUE_SIZE,     /* size_t, written as an integer; not set if 0 */
    VALUE_NUMBER,   /* unsigned, written as an integer; not set if 0 */
    VALUE_PROVIDER, /* int, written as an index into `providers`; not set if negative */
    VALUE_SHARE,    /* double from 0 to 1, written as a number; not set if 0 */
    VALUE_CHOICE,   /* enum, written as one of `names`; not set if it is the first of them */
    VALUE_OBJECT,   /* struct with a table, written as an object; not set if none of its FIELD_OPENS members is set */
    VALUE_MEMBERS,  /* like VALUE_OBJECT, but its members are written into the surrounding object */
    VALUE_LIST,     /* pointer and count, written as an array; not set if it has no items */
    VALUE_CONSTANT, /* no struct member; written as the string in `constant`; always set */
    VALUE_TYPES
};

/* Flags for the levels of detail at which a field is written. */
enum { IN_FINAL = 1u << RECORD_FINAL, IN_WORKING = 1u << RECORD_WORKING, IN_SHOW = 1u << RECORD_SHOW };

enum {
    FIELD_REQUIRED = 1,     /* always in a finished record; on VALUE_MEMBERS, concerns only members with this flag */
    FIELD_ALWAYS = 2,       /* written even when not set */
    FIELD_OPENS = 4,        /* an object is left out if none of its members with this flag is set */
    FIELD_NOT_READ = 8,     /* ignored when read, because it is computed from the rest of the record */
    FIELD_SKIPS_EMPTY = 16, /* for lists: items in which no FIELD_OPENS member is set are skipped when read */
};

struct field_writer {
    struct buffer *out;
    enum record_detail detail;
    size_t start;         /* position in *out at which the record begins */
    unsigned segments;    /* number of the body's segments written so far */
    bool follows_another; /* a comma must precede the next member or item */
};

struct field_reader {
    struct article *article; /* the article being read; its arena holds the texts */
    struct failure *failure;
    size_t slim;   /* number of blocks to read in full, or 0 for all; see record_read() */
    size_t blocks; /* number of the body's blocks begun so far */
    bool sketch;   /* the current block comes after those that are read in full */
    bool ok;
};

struct field {
    const char *name;
    enum value_type type;
    unsigned detail; /* levels of detail at which the field is written, as IN_... flags; 0 = all */
    unsigned flags;  /* FIELD_... */
    size_t offset, size;
    const struct names
        *names; /* VALUE_CHOICE: names, indexed by value; other strings: possible values, for the schema */
    const struct field_table *table; /* for VALUE_OBJECT and VALUE_MEMBERS */
    const struct field_list *list;   /* VALUE_LIST */
    const char *constant;            /* VALUE_CONSTANT */
    const char *formerly;            /* name of the field in records of format version 1 */
    const char *pattern;             /* regular expression for a string, for the schema */
    unsigned last_final;             /* VALUE_CHOICE: the last value that a finished record can have; 0 = any */
    bool (*when)(const void *object, enum record_detail detail); /* whether to write the member; NULL = if it is set */
    /* Replace the type's own functions. `write` writes name and value, or nothing. `read` gets a value other than null;
     * it returns NULL on success, else what was expected ("a string"). */
    void (*write)(struct field_writer *w, const struct field *field, const void *object);
    const char *(*read)(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
    const char *help; /* description for the schema, at most one sentence */
};

struct field_table {
    const struct field *fields;
    size_t count;
    const void *blank; /* initial contents of a struct that is an item of a list; NULL = zeros */
    /* Called before and after the members are read; either may be NULL. `enter` returns false to skip the members,
     * `settle` sets members that are derived from them. */
    bool (*enter)(struct field_reader *r, const cJSON *json, void *object);
    void (*settle)(struct field_reader *r, void *object);
};

/* Describes an array. The field's own offset is the offset of the pointer to the items. */
struct field_list {
    size_t count_offset, capacity_offset; /* offsets of two size_t; NO_CAPACITY = the list never grows */
    size_t item_size;
    struct field item; /* describes each item; its own offset is 0 */
};
#define NO_CAPACITY SIZE_MAX

/* Returns the value_type of a member. Fails to compile for C types that a record cannot hold. Enums use
 * FIELD_CHOICE. */
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

/* Entries of a table: struct, member, JSON name, then other members of struct field, of which `help` is required. */
#define FIELD(owner, member, json_name, ...)                                                                           \
    { .name = (json_name), FIELD_AT(owner, member), .type = FIELD_TYPE(FIELD_MEMBER(owner, member)), __VA_ARGS__ }
#define FIELD_CHOICE(owner, member, json_name, name_list, ...)                                                         \
    {                                                                                                                  \
        .name = (json_name), FIELD_AT(owner, member), .names = &(name_list),                                           \
        .type = FIELD_CHOICE_TYPE(FIELD_MEMBER(owner, member)), __VA_ARGS__                                            \
    }
/* A struct within the struct, written as an object. */
#define FIELD_OBJECT(owner, member, json_name, its_table, ...)                                                         \
    { .name = (json_name), .type = VALUE_OBJECT, FIELD_AT(owner, member), .table = &(its_table), __VA_ARGS__ }
/* Some members of the struct itself, written as a nested object. */
#define FIELD_GROUP(owner, json_name, its_table, ...)                                                                  \
    { .name = (json_name), .type = VALUE_OBJECT, .size = sizeof(struct owner), .table = &(its_table), __VA_ARGS__ }
/* Members of a struct within the struct (FIELD_MEMBERS) or of the struct itself (FIELD_OWN_MEMBERS), written without an
 * object around them. */
#define FIELD_MEMBERS(owner, member, its_table, ...)                                                                   \
    { .type = VALUE_MEMBERS, FIELD_AT(owner, member), .table = &(its_table), __VA_ARGS__ }
#define FIELD_OWN_MEMBERS(owner, its_table, ...)                                                                       \
    { .type = VALUE_MEMBERS, .size = sizeof(struct owner), .table = &(its_table), __VA_ARGS__ }
/* A list, given by a pointer and a count. `capacity` is an offset or NO_CAPACITY; `item_table` is NULL for texts and
 * numbers. */
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

/* Returns the name used in `metadata_evidence`: "title", "stand-first", ... */
const char *metadata_field_name(enum metadata_field field);

/* Whether any FIELD_OPENS member is set. */
bool fields_open(const struct field_table *table, const void *object);

/* Writes the members of an object, without its braces. */
void fields_write(struct field_writer *w, const struct field_table *table, const void *object);
/* For `write` functions. field_write_name() writes a comma if one is needed, the name and a colon. field_write_text()
 * writes the same and the text, but nothing if the text is empty. */
void field_write_name(struct field_writer *w, const char *name);
void field_write_text(struct field_writer *w, const char *name, struct span text);

/* Fills *object, the struct that the table describes, from a JSON object. */
void fields_read(struct field_reader *r, const struct field_table *table, const cJSON *json, void *object);
/* Reads a value as its type prescribes; for `read` functions that accept other forms as well. */
const char *field_read(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
/* Sets the failure "the record's 'NAME' is not WANTED". Only the first call has an effect. */
void field_refuse(struct field_reader *r, const char *name, const char *wanted);

/* Appends the JSON Schema of a finished record, which consists of the table's members. */
void fields_schema(const struct field_table *table, const char *title, struct buffer *out);

static inline const void *field_at(const struct field *field, const void *object) {
    return (const char *)object + field->offset;
}

#endif
