/* Runs through a text once and cuts it into sentences. The sentences, with the white space between them put back, are
 * exactly the text; the time is in proportion to its size whatever it holds. */
#ifndef STAGES_SEGMENT_SCANNER_H
#define STAGES_SEGMENT_SCANNER_H

#include "stages/language/marks.h"
#include "stages/segment/items.h"
#include "stages/segment/languages.h"

/* What all scanners of a run share. */
struct segmenter {
    struct arena *arena;
    const struct marks *marks;
    struct languages *languages;
};

struct scanner {
    const struct marks *marks;
    const struct language_rules *language;
    struct span text;
    enum joint joint; /* of sentences, in languages without stops */
    size_t start;     /* of the sentence that is being read */
    size_t position;
    size_t mark;      /* the next one, when it is not behind the position */
    uint32_t quote;   /* what opened the quotation, 0 for none */
    unsigned depth;   /* of open brackets within the sentence */
    size_t bracket;   /* behind the last one that opened */
    struct item item; /* the list's last one */
    bool in_list;
    size_t stray; /* behind one that closed without being open, 0 for none */
};

struct segmenter *segmenter_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void segmenter_close(struct segmenter *segmenter);                                      /* accepts NULL */
extern const struct resource segmenter_resource; /* the run's segmenter, to be borrowed (pipeline/engine/resources.h) */
struct scanner scanner_begin(const struct segmenter *segmenter, const char *language, struct span text);
/* The next sentence, without white space around it; false when there is none left. */
bool scanner_next(struct scanner *scanner, struct span *ret_sentence);

#endif
