/* An edition is a day's set of records. It is loaded from the store or the output folder, processed by the edition
 * stages, and its pages are written beside the records. */
#ifndef PIPELINE_ENGINE_EDITION_H
#define PIPELINE_ENGINE_EDITION_H

#include "pipeline/engine/stage.h"

struct edition *edition_new(const char *day);
void edition_free(struct edition *edition);                         /* also frees its articles; accepts NULL */
void edition_add(struct edition *edition, struct article *article); /* takes over the article */
/* Reads the day's records in the order of their ids. If the day has very many records, their bodies are cut after the
 * first blocks. Records that the store holds are read from there, older ones from their files; without a store (NULL),
 * all files in OUT/<day>/articles/ are read. Damaged records are skipped and counted in *ret_damaged. */
struct edition *edition_load(struct store *store, const char *output_folder, const char *day, size_t *ret_damaged);
/* Lists in edition.stories the stories that the articles name, sorted by id, without anything else about them. */
void edition_list_stories(struct edition *edition);
/* Returns the story with this id, or NULL. */
struct edition_story *edition_find_story(const struct edition *edition, struct span id);
/* Stores which articles are in which story, so that the next edition of the day keeps the ids. To be called before the
 * pages are written and the store commits. */
bool edition_keep_stories(const struct edition *edition, struct store *store, struct failure *ret_failure);
/* Adds a file for edition_write(). Name and contents are copied. */
void edition_add_file(struct edition *edition, const char *name, struct span bytes);
/* Writes the files that were added. */
bool edition_write(const struct edition *edition, const char *output_folder, struct failure *ret_failure);

#endif
