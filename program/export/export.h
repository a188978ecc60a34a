/* The contract of an export format: one `const struct exporter exporter_NAME` a file of this folder.
 *
 * An exporter appends to a buffer and does no input or output. It is given the finished records, one after the other,
 * or, when it has `entry` and no day was asked for, the translation memory. */
#ifndef PROGRAM_EXPORT_EXPORT_H
#define PROGRAM_EXPORT_EXPORT_H

#include "pipeline/article/article.h"
#include "pipeline/store/store.h"

/* What begin and end may need to know. */
struct export_head {
    const char *now;      /* ISO 8601, UTC */
    struct span language; /* of all sources; only set for exporters with one_language */
};

struct exporter {
    const char *name;  /* on the command line */
    const char *help;  /* one line */
    bool one_language; /* the format has one source language a file: others are an error */
    void (*begin)(const struct export_head *head, struct buffer *out); /* may be NULL */
    /* `number` counts from 0; `record` is the record's own JSON, without newline. */
    void (*article)(const struct article *article, struct span record, size_t number, struct buffer *out);
    void (*entry)(const struct memory_key *key, const struct memory_entry *entry, struct buffer *out); /* may be NULL */
    void (*end)(struct buffer *out);                                                                   /* may be NULL */
};

/* Generated from the files of this folder, ended by NULL. */
extern const struct exporter *const exporters[];

#endif
