/* Ends of sentences in languages that write no stops, as Thai: every place where one may end is judged by a sum of
 * weights for what stands before it and behind it and for the length of the sentence. The weights are learned
 * (tools/learn_ends.py, config/tables/segment/ends.tsv). */
#ifndef STAGES_SEGMENT_ENDS_H
#define STAGES_SEGMENT_ENDS_H

#include "pipeline/base/table.h"
#include "stages/language/marks.h"

/* What stands between two sentences of a text. */
enum joint {
    JOINT_SPACE, /* as it is written */
    JOINT_NONE,  /* as text is that has lost its spaces or its line ends */
    JOINT_COUNT
};

/* A language's weights, in tenths. */
struct ends {
    struct weight *places; /* hash table, told apart by the hash alone; `capacity` is a power of two */
    size_t count, capacity;
    int bias[JOINT_COUNT], enough[JOINT_COUNT];
    bool joins[JOINT_COUNT]; /* whether anything is known of it */
};

/* Adds a row of the table: language, joint, side, tenths, texts. False when it has no meaning. */
bool ends_add(struct arena *arena, struct ends *ends, const struct row *row);
/* How the sentences of the text are joined, judged by its first few thousand bytes. */
enum joint ends_joint(const struct ends *ends, const struct marks *marks, struct span text);
/* The first position in [from, to) where another sentence begins when one began at `start`; `to` when there is none. */
size_t ends_find(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text, size_t start,
                 size_t from, size_t to);

#endif
