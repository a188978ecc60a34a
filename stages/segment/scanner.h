/* Divides a text into sentences in a single pass. Together with the whitespace between them, the sentences make up the
 * whole text. The time is linear in the size of the text, whatever it contains. */
#ifndef STAGES_SEGMENT_SCANNER_H
#define STAGES_SEGMENT_SCANNER_H

#include "stages/language/marks.h"
#include "stages/segment/items.h"
#include "stages/segment/languages.h"

/* The data shared by all scanners of a run. */
struct segmenter {
    struct arena *arena;
    const struct marks *marks;
    struct languages *languages;
};

struct scanner {
    const struct marks *marks;
    const struct language_rules *language;
    struct span text;
    enum joint joint; /* what separates sentences (see ends.h); only used for languages that do not mark their ends */
    size_t start;     /* start of the current sentence */
    size_t position;
    size_t mark;      /* position of the next mark; not valid if it is at or before `position` */
    uint32_t quote;   /* the character that opened the current quotation, or 0 */
    unsigned depth;   /* number of open brackets in the sentence */
    size_t bracket;   /* the position after the last opening bracket */
    struct item item; /* the last label in the current list */
    bool in_list;
    size_t stray; /* the position after the last closing bracket that had no opening one, or 0 */
};

struct segmenter *segmenter_open(const char *data_folder, struct failure *ret_failure); /* returns NULL on failure */
void segmenter_close(struct segmenter *segmenter);                                      /* accepts NULL */
/* The segmenter that all stages of a run share; borrow it with the functions of pipeline/engine/resources.h. */
extern const struct resource segmenter_resource;
/* Starts dividing `text` by the rules for a language, given by its BCP 47 code. `text` must outlive the sentences. */
struct scanner scanner_begin(const struct segmenter *segmenter, const char *language, struct span text);
/* Returns the next sentence in *ret_sentence, without the whitespace around it. Returns false if there is none left. */
bool scanner_next(struct scanner *scanner, struct span *ret_sentence);

#endif
