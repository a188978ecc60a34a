#include "program/privacy.h"

#include <sys/prctl.h>

/* A limit on the size of cores would not do: the kernel ignores it where cores go to a program such as
 * systemd-coredump, and children inherit it. */
void privacy_begin(void) {
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
