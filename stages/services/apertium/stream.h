/* Plain text to Apertium's stream format and back. */
#ifndef STAGES_SERVICES_APERTIUM_STREAM_H
#define STAGES_SERVICES_APERTIUM_STREAM_H

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"

/* Escapes [ ] { } ^ $ / \ @ < > and closes the sentence for the analysers (".[][\n]"); `letters` (may be NULL)
 * transliterates: a table of single characters and what they become. */
bool stream_write(struct span text, const struct table *letters, struct buffer *out);

/* The same without escapes and end, for Apertium's server. Control characters become spaces. */
bool stream_write_plain(struct span text, const struct table *letters, struct buffer *out);

/* Takes one frame of output: the tail is dropped, escapes are undone, and the marks of unknown (*), ungenerated (#) and
 * untransferred (@) words are counted and taken away, where the source has no such mark itself. */
struct span stream_read(struct span frame, struct span source, struct arena *arena, unsigned *ret_unknown_words);
/* The same for the text that Apertium's server gives: marks only. */
struct span stream_read_plain(struct span text, struct span source, struct arena *arena, unsigned *ret_unknown_words);

#endif
