#include "pipeline/base/arena.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/poison.h"

/* After each item, keep at least one byte that is never handed out, so that AddressSanitizer catches an overrun
 * before it reaches the next item. */
#ifdef POISON_WORKS
enum { GAP = 1 };
#else
enum { GAP = 0 };
#endif

/* HELD_BYTES: malloc() gets a block of at least this size directly from the system, and returns free memory at the end
 * of the heap to the system once there is this much. */
enum {
    FIRST_CHUNK = 6 * 1024,
    SMALLEST_CHUNK = 4 * 1024,
    LARGEST_CHUNK = 32 * 1024,
    ALIGNMENT = 16,
    HELD_BYTES = 128 * 1024
};

struct chunk {
    struct chunk *next;
    size_t size, used;
    bool is_zeroed; /* all bytes that are not used are 0 */
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    struct chunk *chunks; /* list of chunks, newest first; only the first one has room left */
    size_t size;
};

/* Set once, before any thread starts. */
static void (*on_exhausted)(void);

_Noreturn void memory_exhausted(void) {
    if (on_exhausted) on_exhausted();
    abort();
}

void memory_begin(void (*exhausted)(void)) {
    on_exhausted = exhausted;
#ifdef __GLIBC__
    /* One heap for all threads. Setting the thresholds also stops glibc from raising them automatically. */
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, HELD_BYTES);
    mallopt(M_TRIM_THRESHOLD, HELD_BYTES);
#endif
}

void *memory_take(size_t size) {
    return memory_take_many(1, size);
}

void *memory_take_many(size_t count, size_t size) {
    /* malloc(0) may return NULL, which would look like running out of memory. */
    void *at = calloc(count ? count : 1, size ? size : 1);
    if (!at) memory_exhausted();
    return at;
}

void *memory_resize(void *at, size_t size) {
    void *resized = realloc(at, size ? size : 1);
    if (!resized) memory_exhausted();
    return resized;
}

char *memory_string(struct span text) {
    char *copy = memory_take(text.length + 1);
    if (text.length) memcpy(copy, text.at, text.length);
    return copy;
}

struct arena *arena_new(void) {
    return memory_take(sizeof(struct arena));
}

void arena_free(struct arena *arena) {
    if (!arena) return;
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        /* The heap may hand out this memory again, so it must not stay poisoned. */
        UNPOISON(chunk->bytes, chunk->size);
        free(chunk);
    }
    free(arena);
}

static struct chunk *new_chunk(size_t capacity, bool zeroed) {
    size_t size = sizeof(struct chunk) + capacity;
    struct chunk *chunk = zeroed ? calloc(1, size) : malloc(size);
    if (!chunk) memory_exhausted();
    *chunk = (struct chunk){.size = capacity, .is_zeroed = zeroed};
    POISON(chunk->bytes, capacity);
    return chunk;
}

/* Adds a chunk with room for `size` bytes. Each is half as large as all before it, up to a limit, so that a large
 * article needs few calls of malloc(), and the articles of a day, which are in memory together, are seldom more than a
 * third larger than what they hold. A large item gets a separate chunk, linked in after the newest one so that the room
 * left in the newest chunk is still used. Only such a chunk is zeroed, where the system may have zeroed it already. */
static struct chunk *add_chunk(struct arena *arena, size_t size, bool zeroed) {
    size_t usual = arena->chunks ? arena->size / 2 : FIRST_CHUNK;
    if (usual < SMALLEST_CHUNK) usual = SMALLEST_CHUNK;
    if (usual > LARGEST_CHUNK) usual = LARGEST_CHUNK;
    /* A larger item gets a separate chunk, because it would leave too much of a shared chunk unused. */
    bool own = size > usual / 2;
    size_t capacity = own ? size : usual;
    struct chunk *chunk = new_chunk(capacity, own && zeroed);
    arena->size += sizeof *chunk + capacity;
    if (own && arena->chunks) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

/* What will be overwritten need not be zeroed. */
static void *take(struct arena *arena, size_t size, bool zeroed) {
    /* A size this large is an overflow in the caller, and rounding it up would wrap around. */
    if (size > SIZE_MAX / 2) memory_exhausted();
    size_t room = (size + GAP + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct chunk *chunk = arena->chunks;
    if (!chunk || chunk->size - chunk->used < room) chunk = add_chunk(arena, room, zeroed);
    void *at = chunk->bytes + chunk->used;
    chunk->used += room;
    UNPOISON(at, size);
    if (zeroed && !chunk->is_zeroed) memset(at, 0, size);
    return at;
}

void *arena_take(struct arena *arena, size_t size) {
    return take(arena, size, true);
}

void arena_fill(struct arena *arena, struct span *field, struct span value) {
    if (field->length == 0 && value.length) *field = arena_copy(arena, value);
}

char *arena_string(struct arena *arena, struct span text) {
    char *copy = take(arena, text.length + 1, false);
    if (text.length) memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    return copy;
}

struct span arena_copy(struct arena *arena, struct span text) {
    return (struct span){arena_string(arena, text), text.length};
}

struct span arena_print(struct arena *arena, const char *format, ...) {
    /* A va_list can be walked only once, and the text is formatted twice: to measure it and to write it. */
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    struct span text = {"", 0};
    if (length >= 0) {
        char *at = take(arena, (size_t)length + 1, false);
        vsnprintf(at, (size_t)length + 1, format, again);
        text = (struct span){at, (size_t)length};
    }
    va_end(again);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size) {
    if (count < *capacity) return items;
    /* The old array stays in the arena; doubling keeps that waste below the size of the final array. */
    size_t more = *capacity ? *capacity * 2 : 8;
    /* Guards against overflow of more * item_size. */
    if (more > SIZE_MAX / 4 / item_size) memory_exhausted();
    char *grown = take(arena, more * item_size, false);
    if (count) memcpy(grown, items, count * item_size);
    memset(grown + count * item_size, 0, (more - count) * item_size);
    *capacity = more;
    return grown;
}

size_t arena_size(const struct arena *arena) {
    return arena->size;
}
