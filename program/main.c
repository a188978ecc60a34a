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

int main(int count, char **arguments) {
    privacy_begin();
    memory_begin(report_exhausted_memory);
    libraries_begin();
    return commands_main(count, arguments);
}
