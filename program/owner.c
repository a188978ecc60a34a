#include "program/owner.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

bool owner_is_service(const struct program *program, struct failure *ret_failure) {
    struct stat folder;
    if (geteuid() != 0 || stat(program->output_folder, &folder) != 0 || folder.st_uid == 0) return false;
    const struct passwd *service = getpwnam(SERVICE_USER);
    if (!service || service->pw_uid != folder.st_uid) return false;
    failure_fatal(ret_failure, EXIT_PERMISSION,
                  "%s belongs to the user " SERVICE_USER ", who could not access files of root; run `systemctl "
                  "start dragoman`, or `runuser -u " SERVICE_USER " -- dragoman run`",
                  program->output_folder);
    return true;
}
