/* Names compared across scripts by the classes of their consonants (config/tables/check/sounds.tsv): "Karasin",
 * "Карасин" and "كاراسين" are all k-l-s-n. */
#ifndef STAGES_CHECK_SOUNDS_H
#define STAGES_CHECK_SOUNDS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { MAX_SOUNDS = 24 };

struct sounds;

struct skeleton {
    char classes[MAX_SOUNDS];
    size_t count;
};

/* The table belongs to the arena. */
bool sounds_read(const char *data_folder, struct arena *arena, struct sounds **ret_sounds, struct failure *ret_failure);
/* Of a folded word; doubled classes are one. */
struct skeleton sounds_of(const struct sounds *sounds, struct span folded);
/* Whether `word` holds `name`, a few classes aside: the longer the name, the more. What `word` has before it (an
 * article, the first part of a compound) and behind it (an ending) does not count. */
bool sounds_like(const struct skeleton *name, const struct skeleton *word);

#endif
