#include "pipeline/arena.h"
#include "pipeline/commands.h"

int main(int count, char **arguments) {
    memory_begin();
    return commands_main(count, arguments);
}
