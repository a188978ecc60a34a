/* Pages that scripts write in the browser carry the article as HTML inside JSON strings inside scripts. Used when the
 * page itself shows nothing. No script is run: strings are read as they stand. */
#ifndef STAGES_EXTRACT_EMBEDDED_H
#define STAGES_EXTRACT_EMBEDDED_H

#include "pipeline/base/arena.h"

/* The longest JSON string of the page's scripts that holds paragraphs (<p> or <br>), escapes resolved (also of JSON
 * inside JSON), in the arena; empty when there is none of EMBEDDED_SHORTEST bytes. Linear. */
enum { EMBEDDED_SHORTEST = 300, EMBEDDED_LONGEST = 1 << 20 };
struct span embedded_article(struct span page, struct arena *arena);
/* A text that holds HTML, line breaks and all, without its <script> and <style> elements; in the arena when there were
 * any. */
struct span embedded_without_scripts(struct span text, struct arena *arena);

#endif
