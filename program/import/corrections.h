/* Puts an editor's corrections into the records and the translation memory. */
#ifndef PROGRAM_IMPORT_CORRECTIONS_H
#define PROGRAM_IMPORT_CORRECTIONS_H

#include "program/import/xliff.h"
#include "program/program.h"

/* What became of the sentences. */
struct correction_counts {
    size_t corrected;          /* their English was replaced */
    size_t doubtful, rejected; /* of these: the checks find something in the new English */
    size_t accepted;           /* unchanged, but reviewed: their doubts were removed */
    size_t unchanged;          /* or without a target */
    size_t stale;              /* not in the record, or with another source: it was made again since the export */
    size_t foreign;            /* of articles that are not in this archive */
    size_t records;            /* written */
};

/* Applies the corrections, makes the changed records again with the checks, and then the pages of their days. Corrected
 * and accepted sentences enter the translation memory, where they precede all services. The store must be open
 * exclusively. */
bool corrections_apply(struct program *program, const struct xliff *xliff, struct correction_counts *ret_counts,
                       struct failure *ret_failure);

#endif
