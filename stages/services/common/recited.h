/* Detects answers in which a model repeats its instructions instead of translating. */
#ifndef STAGES_SERVICES_COMMON_RECITED_H
#define STAGES_SERVICES_COMMON_RECITED_H

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"

/* The runs of words in the instructions, so that a text need be read only once. Const after recital_read(). */
struct recital;

/* Reads the instructions, which may be several texts of at most 64 KiB each. The result belongs to the arena. */
struct recital *recital_read(const struct span *instructions, size_t count, struct arena *arena);

/* Returns whether the answer contains six consecutive words of the instructions that are not in the source, or whether
 * one of its sentences begins with the first five words of one of theirs, or is one of theirs of four words. Ignores
 * punctuation and the case of ASCII letters; characters of scripts without spaces count as words. Reads each
 * text once; sorting the runs of the source takes n log n. */
bool recited(const struct recital *recital, struct span source, struct span answer);

#endif
