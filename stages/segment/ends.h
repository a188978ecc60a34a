/* Finds the ends of sentences in languages that do not mark them, such as Thai. Each possible place has a score: the
 * sum of the weights for the text before it, for the text after it, and for the length of the sentence. The weights are
 * learned by tools/learn_ends.py and stored in config/tables/segment/ends.tsv. */
#ifndef STAGES_SEGMENT_ENDS_H
#define STAGES_SEGMENT_ENDS_H

#include "pipeline/base/table.h"
#include "stages/language/marks.h"

/* The joint: what separates two sentences in a text whose language does not mark the ends of sentences. */
enum joint {
    JOINT_SPACE, /* a space (the usual case) */
    JOINT_NONE,  /* nothing, in a text that has lost its spaces or line breaks */
    JOINT_COUNT
};

/* The weights for a language, in tenths. */
struct ends {
    struct weight *places; /* hash table that stores only hashes as keys; `capacity` is a power of two */
    size_t count, capacity;
    int bias[JOINT_COUNT], enough[JOINT_COUNT];
    bool joins[JOINT_COUNT]; /* whether the table has weights for this joint */
};

/* Adds a row of the table. The columns are language, joint, side, weight in tenths, and texts. Returns false if the row
 * is invalid. */
bool ends_add(struct arena *arena, struct ends *ends, const struct row *row);
/* Returns the joint of the text, judging by its first few thousand bytes. */
enum joint ends_joint(const struct ends *ends, const struct marks *marks, struct span text);
/* Returns the first position in [from, to) where a new sentence begins, or `to` if there is none. The current sentence
 * began at `start`. */
size_t ends_find(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text, size_t start,
                 size_t from, size_t to);

#endif
