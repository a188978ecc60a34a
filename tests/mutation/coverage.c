/* Records which blocks of the code under test a process runs, for the mutation test: one byte a block, in a file that
 * the test's processes share, so that nothing is lost when one of them is killed. Linked into the shared library of a
 * build by clang with -fsanitize-coverage=trace-pc-guard,pc-table. MUTATION_COVERAGE names the file, which must be
 * large enough; MUTATION_BLOCKS names one that gets the addresses of the blocks, relative to the library. System calls
 * are made directly, because some tests count the library's calls or make them fail. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned char *hits;
static uint32_t *own, count;

void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop);
void __sanitizer_cov_trace_pc_guard(uint32_t *guard);
void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop);

/* The first caller is the library; the guards of programs that link it stay 0, which counts as nothing. */
void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop) {
    const char *path = getenv("MUTATION_COVERAGE");
    if (own) return;
    own = start;
    for (uint32_t *guard = start; guard < stop; guard++) *guard = ++count;
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    long at = syscall(SYS_mmap, 0L, count + 1L, (long)(PROT_READ | PROT_WRITE), (long)MAP_SHARED, (long)file, 0L);
    if (at != -1) hits = (unsigned char *)at;
    syscall(SYS_close, file);
}

void __sanitizer_cov_trace_pc_guard(uint32_t *guard) {
    if (hits && *guard) hits[*guard] = 1;
}

void __sanitizer_cov_pcs_init(const uintptr_t *start, const uintptr_t *stop) {
    static int done;
    const char *path = getenv("MUTATION_BLOCKS");
    Dl_info library;
    FILE *file = path && !done ? fopen(path, "w") : NULL;
    done = 1;
    if (!file || !dladdr((const void *)start, &library)) return;
    for (const uintptr_t *block = start; block < stop; block += 2)
        fprintf(file, "%zx\n", (size_t)(*block - (uintptr_t)library.dli_fbase));
    fclose(file);
}
