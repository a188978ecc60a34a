#define _GNU_SOURCE
#include "pipeline/base/landlock.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pipeline/base/arena.h"

/* Defined here and not taken from <linux/landlock.h>, so that a program that was built on an older system uses all that
 * a newer kernel offers. The numbers are the same on all architectures. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, ASK_VERSION = 1, RULE_BENEATH = 1, OLDEST = 2 };

enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_DIR = 1 << 7,
    MAKE_REGULAR = 1 << 8,
    MAKE_LINK = 1 << 12,
    VERSION_1 = (1 << 13) - 1,
    REFER = 1 << 13,    /* version 2: renaming between folders */
    TRUNCATE = 1 << 14, /* version 3 */
    CONTROL = 1 << 15,  /* version 5: ioctl() on devices */
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | CONTROL,
    BIND_TCP = 1 << 0,    /* version 4 */
    ABSTRACT_SOCKETS = 1, /* version 6 */
    SIGNALS = 1 << 1
};

struct ruleset {
    uint64_t files, network, scopes;
};

struct __attribute__((packed)) rule {
    uint64_t allowed;
    int32_t parent;
};

struct landlock {
    int rules;
    uint64_t known; /* rights that this kernel knows */
};

int landlock_version(void) {
    long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
    return version >= OLDEST ? (int)version : 0;
}

static uint64_t rights_known(int version) {
    uint64_t known = VERSION_1 | REFER;
    if (version >= 3) known |= TRUNCATE;
    if (version >= 5) known |= CONTROL;
    return known;
}

/* A kernel refuses members that it does not know unless they are zero or cut off. */
static size_t size_known(int version) {
    return version >= 6 ? sizeof(struct ruleset) : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

struct landlock *landlock_new(void) {
    int version = landlock_version();
    struct ruleset set = {.files = rights_known(version), .network = BIND_TCP, .scopes = ABSTRACT_SOCKETS | SIGNALS};
    int rules = version ? (int)syscall(CREATE_RULESET, &set, size_known(version), 0) : -1;
    if (rules < 0) return NULL;
    struct landlock *landlock = memory_take(sizeof *landlock);
    *landlock = (struct landlock){.rules = rules, .known = set.files};
    return landlock;
}

static uint64_t rights_of(unsigned access) {
    uint64_t rights = 0;
    if (access & LANDLOCK_READS) rights |= READ_FILE | READ_DIR;
    if (access & LANDLOCK_EXECUTES) rights |= EXECUTE | READ_FILE;
    if (access & LANDLOCK_WRITES)
        rights |= READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REGULAR | MAKE_LINK |
                  REFER | TRUNCATE;
    return rights;
}

void landlock_allow(struct landlock *landlock, const char *path, unsigned access) {
    struct stat status;
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file < 0) return;
    uint64_t rights = rights_of(access) & landlock->known;
    if (fstat(file, &status) == 0 && !S_ISDIR(status.st_mode)) rights &= OF_FILES;
    struct rule rule = {.allowed = rights, .parent = file};
    syscall(ADD_RULE, landlock->rules, RULE_BENEATH, &rule, 0);
    close(file);
}

bool landlock_begin(const struct landlock *landlock) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && syscall(RESTRICT_SELF, landlock->rules, 0) == 0;
}

void landlock_free(struct landlock *landlock) {
    if (!landlock) return;
    close(landlock->rules);
    free(landlock);
}
