/* The interface of an export format. Each file NAME.c in this folder defines a `const struct exporter exporter_NAME`.
 * An exporter appends its output to a buffer. It receives the finished records one by one. If it has a function `entry`
 * and the user named no days, it receives the entries of the translation memory instead. One that has `feed` receives
 * the feeds of the configuration and nothing else. */
#ifndef PROGRAM_EXPORT_EXPORT_H
#define PROGRAM_EXPORT_EXPORT_H

#include "pipeline/article/article.h"
#include "pipeline/store/store.h"

/* Information for the head of the output. */
struct export_head {
    const char *now;      /* ISO 8601, UTC */
    struct span language; /* source language of all articles; set only for exporters with one_language */
};

/* A feed of the configuration. Its addresses hold no user names, passwords or keys. */
struct export_feed {
    struct span title, section, language; /* section and language: as configured; may be empty */
    struct span address, site; /* site: the address from which the feed was found; empty if it was not found so */
};

struct exporter {
    const char *name;  /* as given on the command line */
    const char *help;  /* one line */
    bool one_language; /* the format allows one source language per file; articles in any other language are an error */
    void (*begin)(const struct export_head *head, struct buffer *out); /* may be NULL */
    /* `record` is the article's record as JSON, without a newline; `number` is 0 for the first article. */
    void (*feed)(const struct export_feed *feed, struct buffer *out); /* NULL for most */
    void (*article)(const struct article *article, struct span record, size_t number, struct buffer *out);
    void (*entry)(const struct memory_key *key, const struct memory_entry *entry, struct buffer *out); /* may be NULL */
    void (*end)(struct buffer *out);                                                                   /* may be NULL */
};

/* All exporters; the list ends with NULL. It is generated from the files in this folder (cmake/Registry.cmake). */
extern const struct exporter *const exporters[];

#endif
