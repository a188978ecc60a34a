/* Arenas: memory that is freed all at once. Everything taken from an arena lives until the arena is freed.
 *
 * When memory runs out, the function given to memory_begin() ends the program (exit code 71, EXIT_SYSTEM). Files and
 * store are written in such an order that no more is lost than when the program is killed, so callers need not handle
 * NULL. */
#ifndef PIPELINE_BASE_ARENA_H
#define PIPELINE_BASE_ARENA_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Release builds fill every variable with zeros, which for large arrays may take longer than the work on them. For
 * variables whose arrays are only read as far as they were written. */
#if defined __has_attribute
#if __has_attribute(uninitialized)
#define UNINITIALIZED __attribute__((uninitialized))
#endif
#endif
#ifndef UNINITIALIZED
#define UNINITIALIZED
#endif

struct arena;

/* Returns an empty arena, which the caller frees with arena_free(). */
struct arena *arena_new(void);
void arena_free(struct arena *arena); /* accepts NULL */
/* Returns `size` zeroed bytes, aligned for any type; never NULL. Under AddressSanitizer, an access beyond `size` bytes
 * is reported. */
void *arena_take(struct arena *arena, size_t size);
/* Copies `text` into the arena. The copy is followed by a NUL byte, which its length does not include. */
struct span arena_copy(struct arena *arena, struct span text);
/* Sets *field to a copy of `value` if the field is still empty and the value is not. */
void arena_fill(struct arena *arena, struct span *field, struct span value);
/* Copies `text` into the arena as a NUL-terminated string. */
char *arena_string(struct arena *arena, struct span text);
/* Formats like printf() into the arena. The result is NUL-terminated, and empty if formatting fails. */
struct span arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Makes room for one more item in an array that lives in the arena. Returns `items` if there is room already; otherwise
 * doubles *capacity and returns a copy whose new items are zeroed. Appending takes amortised constant time. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);
/* Number of bytes that the arena occupies, including its own overhead. */
size_t arena_size(const struct arena *arena);

/* Must be called once, before any thread is started. Makes all threads share one heap, so that freed memory is returned
 * to the system instead of being kept per thread. (With one heap per thread, 256 articles in flight needed a third more
 * memory.) `exhausted` is called without any lock held when memory runs out; it reports the error, ends the program and
 * must not return. */
void memory_begin(void (*exhausted)(void));
/* Allocate on the heap and never return NULL; the caller frees the result with free(). */
void *memory_take(size_t size); /* zeroed */
void *memory_resize(void *at, size_t size);
void *memory_take_many(size_t count, size_t size); /* zeroed */
char *memory_string(struct span text);             /* NUL-terminated copy */
/* Ends the program as memory_begin() describes, for callers of libraries that return NULL when memory runs out. */
_Noreturn void memory_exhausted(void);

#endif
