/* The finished records in the output folder: OUT/<day>/articles/<id>.json, in order of name. */
#ifndef PIPELINE_ARTICLE_RECORDS_H
#define PIPELINE_ARTICLE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"

struct records;

/* A day's records; a folder that is not there has none. */
struct records *records_open(const char *output_folder, const char *day);
void records_close(struct records *records); /* accepts NULL */
size_t records_count(const struct records *records);
struct span records_name(const struct records *records, size_t index); /* of its file; ended by a NUL */
/* The index-th one, in *text as it stands in its file and read as record_read() does with `slim`. False when it is
 * damaged. */
bool records_read(const struct records *records, size_t index, size_t slim, struct buffer *text,
                  struct article **ret_article);
/* The days that have a folder, in order; they belong to the arena. */
struct span *records_days(const char *output_folder, struct arena *arena, size_t *ret_count);

#endif
