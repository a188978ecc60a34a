/* Reads the finished records in the output folder, OUT/<day>/articles/<id>.json, in the order of their names. */
#ifndef PIPELINE_ARTICLE_RECORDS_H
#define PIPELINE_ARTICLE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"

struct records;

/* Lists a day's records; none if the folder does not exist. */
struct records *records_open(const char *output_folder, const char *day);
void records_close(struct records *records); /* accepts NULL */
size_t records_count(const struct records *records);
struct span records_name(const struct records *records, size_t index); /* the file's name; NUL-terminated */
/* Reads a record: sets *text to the bytes of the file, and *ret_article as record_read() does with `slim`. Returns
 * false if the record is damaged. */
bool records_read(const struct records *records, size_t index, size_t slim, struct buffer *text,
                  struct article **ret_article);
/* Returns the days that have a folder, in order, in the arena. */
struct span *records_days(const char *output_folder, struct arena *arena, size_t *ret_count);

#endif
