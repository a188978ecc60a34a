/* A day's set of records: loaded from the output folder, worked on by the edition stages, written beside them. */
#ifndef PIPELINE_ENGINE_EDITION_H
#define PIPELINE_ENGINE_EDITION_H

#include "pipeline/engine/stage.h"

struct edition *edition_new(const char *day);
void edition_free(struct edition *edition);                         /* and its articles; accepts NULL */
void edition_add(struct edition *edition, struct article *article); /* takes the article over */
/* Reads the day's records, in order of id; bodies are cut after their first blocks. Those that the store keeps are read
 * from there, older ones from their files; without a store (NULL) all that lie in OUT/<day>/articles/. Damaged records
 * are left out and counted in *ret_damaged. */
struct edition *edition_load(struct store *store, const char *output_folder, const char *day, size_t *ret_damaged);
/* Adds a file for edition_write; both spans are copied. */
void edition_add_file(struct edition *edition, const char *name, struct span bytes);
bool edition_write(const struct edition *edition, const char *output_folder, struct failure *ret_failure);

#endif
