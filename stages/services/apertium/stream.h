/* Converts plain text to Apertium's stream format and back. */
#ifndef STAGES_SERVICES_APERTIUM_STREAM_H
#define STAGES_SERVICES_APERTIUM_STREAM_H

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"
#include "stages/language/figures.h"

/* Appends the text with [ ] { } ^ $ / \ @ < > escaped, followed by ".[][\n]", which makes the analysers see the end of
 * a sentence. `letters` is a table of characters and their transliterations, or NULL. Returns false if the buffer is
 * full. */
bool stream_write(struct span text, const struct table *letters, struct buffer *out);

/* Like stream_write(), but for Apertium's HTTP server: neither escapes characters nor adds ".[][\n]". Both functions
 * replace control characters with spaces. */
bool stream_write_plain(struct span text, const struct table *letters, struct buffer *out);

/* Reads one frame of output: removes the ending that stream_write() added, undoes escapes, and removes and counts the
 * marks of words that are unknown (*) or that Apertium could not generate (#) or transfer (@). If the source has such a
 * mark directly before a word, as in a hashtag, marks of that kind are kept, except a "*" before a word that the source
 * has without it. */
struct span stream_read(struct span frame, struct span source, struct arena *arena, unsigned *ret_unknown_words);
/* Like stream_read(), but for text from Apertium's HTTP server, which contains marks but no escapes. */
struct span stream_read_plain(struct span text, struct span source, struct arena *arena, unsigned *ret_unknown_words);
/* Apertium leaves numbers as the source writes them: writes those of the translation as English does. */
struct span stream_figures(enum figure_marks convention, struct span source, struct span english, struct arena *arena);

#endif
