/* AddressSanitizer tracks whole heap blocks, not the parts of a block that an allocator hands out. Our allocators
 * therefore poison the parts that they have not handed out. In other builds these macros do nothing. */
#ifndef PIPELINE_BASE_POISON_H
#define PIPELINE_BASE_POISON_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISON_WORKS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(POISON_WORKS)
#define POISON_WORKS 1
#endif

#ifdef POISON_WORKS
#include <sanitizer/asan_interface.h>
#define POISON(at, size) ASAN_POISON_MEMORY_REGION(at, size)
#define UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION(at, size)
#else
#define POISON(at, size) ((void)(at), (void)(size))
#define UNPOISON(at, size) ((void)(at), (void)(size))
#endif

#endif
