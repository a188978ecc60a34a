/* Compares names across scripts by the classes of their consonants (config/tables/check/sounds.tsv): "Karasin",
 * "Карасин" and "كاراسين" all become k-l-s-n. */
#ifndef STAGES_CHECK_SOUNDS_H
#define STAGES_CHECK_SOUNDS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { MAX_SOUNDS = 24 };

struct sounds;

/* The consonant classes of a word, in order. */
struct skeleton {
    char classes[MAX_SOUNDS];
    size_t count;
    uint32_t set; /* a bit for each class that occurs, by its lowest five bits */
};

/* Reads the table into the arena. Fails if it cannot be read. */
bool sounds_read(const char *data_folder, struct arena *arena, struct sounds **ret_sounds, struct failure *ret_failure);
/* Returns the consonant classes of a folded word, at most MAX_SOUNDS. Repeated classes are merged. */
struct skeleton sounds_of(const struct sounds *sounds, struct span folded);
/* Returns how much the beginning of `word` sounds like the whole of `name`: from 0, not at all, to 4, all of at least
 * four sounds. Endings are ignored. Stricter than sounds_like(). */
unsigned sounds_alike(const struct skeleton *name, const struct skeleton *word);
/* Returns whether `word` contains `name`, even if a few classes differ; for longer names, more may differ, and `more`
 * of them than usual where the script spells sounds less exactly. Anything before the name (an article, the first part
 * of a compound) or after it (an ending) is ignored. */
bool sounds_like(const struct skeleton *name, const struct skeleton *word, size_t more);

#endif
