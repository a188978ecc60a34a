/* Landlock, by which Linux (5.19 and later) lets a process give up access to files. What is given up stays so, for the
 * process's threads and children that start later too. */
#ifndef PIPELINE_BASE_LANDLOCK_H
#define PIPELINE_BASE_LANDLOCK_H

#include <stdbool.h>

enum landlock_access {
    LANDLOCK_READS = 1,    /* read files and list folders */
    LANDLOCK_EXECUTES = 2, /* start programs */
    LANDLOCK_WRITES = 4 /* also make, rename and remove files, folders and symbolic links; no pipes, sockets, devices */
};

struct landlock;

/* Returns the version of the kernel's interface, or 0 if it has none, an older one, or the system does not use it.
 * From 3 on truncating files is covered, from 4 on accepting TCP connections, from 6 on signals to other processes and
 * abstract sockets. */
int landlock_version(void);
/* Returns a set of rules that allows nothing yet, or NULL. */
struct landlock *landlock_new(void);
/* Allows what `access` (one or more of the above) says for this file, or for everything in this folder. A path that
 * does not exist is ignored. */
void landlock_allow(struct landlock *landlock, const char *path, unsigned access);
/* Restricts the calling thread, which must be the only one, and sets no_new_privs: programs started from now on gain no
 * rights from a set-user-ID bit. Returns false, with nothing restricted, if the kernel refuses. */
bool landlock_begin(const struct landlock *landlock);
void landlock_free(struct landlock *landlock); /* accepts NULL; does not lift the restriction */

#endif
