/* Memory with one owner: everything taken from an arena dies with it, at once.
 *
 * Running out of memory calls the function given to memory_begin(), which ends the program (exit code 71, EXIT_SYSTEM):
 * the order of writing makes that as safe as a kill, so no caller has to handle a NULL. */
#ifndef PIPELINE_BASE_ARENA_H
#define PIPELINE_BASE_ARENA_H

#include <stddef.h>

#include "pipeline/base/text.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* accepts NULL */
/* Zeroed, aligned for any type, never NULL. Under AddressSanitizer what lies beyond `size` bytes may not be touched. */
void *arena_take(struct arena *arena, size_t size);
/* The bytes of the copy are followed by a NUL that length does not count. */
struct span arena_copy(struct arena *arena, struct span text);
/* Copies `value` into a field that is still empty; an empty value changes nothing. */
void arena_fill(struct arena *arena, struct span *field, struct span value);
char *arena_string(struct arena *arena, struct span text);
struct span arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for one more item in an array that lives in the arena: returns `items` or a copy twice as large, updates
 * *capacity, and zeroes what is new. The amortised cost is linear. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);
/* Bytes taken so far, overhead included. */
size_t arena_size(const struct arena *arena);

/* To be called once, before any thread is started: one heap for all threads, and what articles leave behind goes back
 * to the system instead of being kept for each thread. (A heap for each thread cost a third more at 256 articles in
 * flight.) `exhausted` is called when there is no memory left, with no lock held; it tells the user and ends the
 * program, and must not return. */
void memory_begin(void (*exhausted)(void));
/* The heap, with the same promise. */
void *memory_take(size_t size); /* zeroed */
void *memory_resize(void *at, size_t size);
char *memory_string(struct span text); /* terminated copy; the caller frees it */
/* For libraries that return NULL instead. */
_Noreturn void memory_exhausted(void);

#endif
