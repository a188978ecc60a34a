/* Pages that scripts build in the browser contain the article as HTML in JSON strings in scripts. Used if the page
 * itself shows no text. Scripts are not run: only their string literals are read. */
#ifndef STAGES_EXTRACT_EMBEDDED_H
#define STAGES_EXTRACT_EMBEDDED_H

#include "pipeline/base/arena.h"

/* Returns the longest JSON string in the page's scripts that contains paragraphs (<p> or <br>), with escapes resolved
 * even for JSON inside JSON, in the arena. Returns an empty span if there is none of at least EMBEDDED_SHORTEST bytes.
 * Takes linear time. */
enum { EMBEDDED_SHORTEST = 300, EMBEDDED_LONGEST = 1 << 20 };
struct span embedded_article(struct span page, struct arena *arena);
/* Returns a text, which may contain HTML, without its <script> and <style> elements: in the arena if there were any,
 * otherwise `text` itself. */
struct span embedded_without_scripts(struct span text, struct arena *arena);

#endif
