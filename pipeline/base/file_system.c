#define _GNU_SOURCE /* statfs */
#include "pipeline/base/file_system.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "pipeline/base/arena.h"

/* From linux/magic.h and the sources of the kernel; not all of them are in every version of the header. FUSE is left
 * out, because many of its file systems are local. */
static const struct {
    unsigned long type;
    const char *name;
} systems[] = {{0x6969, "NFS"},        {0x517B, "SMB"},        {0xFF534D42, "CIFS"},   {0xFE534D42, "SMB"},
               {0x01021997, "9p"},     {0x5346414F, "AFS"},    {0x6B414653, "AFS"},    {0x00C36400, "Ceph"},
               {0x73757245, "Coda"},   {0x564C, "NCP"},        {0x0BD00BD0, "Lustre"}, {0x7461636F, "OCFS2"},
               {0x786F4256, "vboxsf"}, {0xBACBACBC, "vmhgfs"}, {0x47504653, "GPFS"},   {0xAAD7AAEA, "PanFS"},
               {0x19830326, "BeeGFS"}};

const char *file_system_name(unsigned long type) {
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
        if (systems[i].type == (type & 0xFFFFFFFFUL)) return systems[i].name;
    return NULL;
}

/* Shortens the path by its last part. Returns false if nothing is left. */
static bool go_up(char *path) {
    char *slash = strrchr(path, '/');
    if (!slash || !path[1]) return false;
    slash[slash == path] = '\0';
    return true;
}

const char *file_system_of_network(const char *path) {
    struct statfs system;
    char *rest = memory_string(span_of(path));
    int failed;
    while ((failed = statfs(rest, &system)) != 0 && errno == ENOENT && go_up(rest)) continue;
    if (failed && errno == ENOENT) failed = statfs(".", &system); /* the path has no folder */
    free(rest);
    return failed ? NULL : file_system_name((unsigned long)system.f_type);
}
