#include <fcntl.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "program/commands.h"
#include "program/libraries.h"
#include "program/privacy.h"
#include "program/program.h"

/* May be called on any thread when memory is exhausted, so it must not use stdio or run exit handlers. */
static void report_exhausted_memory(void) {
    static const char message[] =
        "dragoman: out of memory; no data was lost. Run dragoman again with more memory or a lower run.in_flight\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    program_leave(EXIT_SYSTEM);
}

/* With one of these closed, a file that is opened later would get its number, and what is printed would be written into
 * a record or the database. /dev/null takes the place, opened so that reading standard input and writing to standard
 * output still fail. */
static void hold_standard_files(void) {
    static const int modes[] = {[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_WRONLY};
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) < 0 && open("/dev/null", modes[file]) != file) _exit(EXIT_IO);
}

int main(int count, char **arguments) {
    hold_standard_files();
    privacy_begin();
    memory_begin(report_exhausted_memory);
    libraries_begin();
    return commands_main(count, arguments);
}
