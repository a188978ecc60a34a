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
/* Like edition_load(), but always cuts the bodies, and knows nothing of stories: for pages about several days. */
struct edition *edition_load_slim(struct store *store, const char *output_folder, const char *day, size_t *ret_damaged);
/* Returns the day of an article of the edition, and where its text stands: NULL unless this is a selection. */
const struct edition_place *edition_find_place(const struct edition *edition, const struct article *article);
const char *edition_day_of(const struct edition *edition, const struct article *article);
/* Lists in edition.stories the stories that the articles name, sorted by id, without anything else about them. */
void edition_list_stories(struct edition *edition);
/* Returns the story with this id, or NULL. */
struct edition_story *edition_find_story(const struct edition *edition, struct span id);
/* Returns the article with all of its text, or `article` itself if it has been loaded with it or cannot be read again.
 * edition_close_whole() frees the result unless it is `article`. */
struct article *edition_open_whole(const struct edition *edition, struct article *article);
void edition_close_whole(const struct article *article, struct article *whole);
/* Adds a file for edition_write(). If the edition was loaded from an output folder, the file is written there under a
 * temporary name at once, so that a day's pages need not fit into memory. */
bool edition_add_file(struct edition *edition, const char *name, struct span bytes, struct failure *ret_failure);
/* Appends to the file that was added last, so that not even one file need fit into memory. */
bool edition_extend_file(struct edition *edition, struct span bytes, struct failure *ret_failure);
/* Returns whether the file exists and has the version near its beginning. */
bool page_has_version(const char *path, const char *version);
/* Returns whether the file of this name exists in the day's folder and has the version near its beginning. It then
 * belongs to the edition as if it had been added. */
bool edition_has_file(struct edition *edition, const char *name, const char *version);
/* Puts the files that were added into place, in the order in which they were added, then removes pages of stories and
 * more-N.html that do not belong to the edition. */
bool edition_write(struct edition *edition, struct failure *ret_failure);
/* Stores which articles are in which story, so that the next edition of the day keeps the ids. To be called before the
 * pages are written and the store commits. */
bool edition_keep_stories(const struct edition *edition, struct store *store, struct failure *ret_failure);

#endif
