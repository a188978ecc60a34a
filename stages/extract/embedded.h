/* Finds the article in a page that scripts build in the browser. Such a page contains the article as HTML in a JSON
 * string in one of its scripts. Used only if the page itself shows no text. Scripts are not run; only their string
 * literals are read. */
#ifndef STAGES_EXTRACT_EMBEDDED_H
#define STAGES_EXTRACT_EMBEDDED_H

#include "pipeline/base/arena.h"

/* Returns the longest JSON string in the page's scripts that contains paragraphs (<p> or <br>), allocated in the arena.
 * Escapes are resolved, also those of JSON inside JSON. Returns an empty span if no such string has at least
 * EMBEDDED_SHORTEST bytes. Takes linear time. */
enum { EMBEDDED_SHORTEST = 300, EMBEDDED_LONGEST = 1 << 20 };
struct span embedded_article(struct span page, struct arena *arena);
/* Returns a text that may contain HTML without its <script> and <style> elements: in the arena if it had any, otherwise
 * `text` itself. */
struct span embedded_without_scripts(struct span text, struct arena *arena);

#endif
