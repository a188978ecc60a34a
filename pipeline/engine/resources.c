#include "pipeline/engine/resources.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"

struct entry {
    const struct tool *tool;
    void *thing;
    struct entry *older;
};

struct toolbox {
    const char *data_folder;
    struct entry *newest;
};

struct toolbox *toolbox_new(const char *data_folder) {
    struct toolbox *toolbox = memory_take(sizeof *toolbox);
    toolbox->data_folder = data_folder;
    return toolbox;
}

void toolbox_free(struct toolbox *toolbox) {
    if (!toolbox) return;
    for (struct entry *entry = toolbox->newest, *older; entry; entry = older) {
        older = entry->older;
        entry->tool->close(entry->thing);
        free(entry);
    }
    free(toolbox);
}

void *toolbox_borrow(struct toolbox *toolbox, const struct tool *tool, struct failure *ret_failure) {
    void *thing = NULL;
    for (const struct entry *entry = toolbox->newest; entry; entry = entry->older)
        if (entry->tool == tool) return entry->thing;
    if (!tool->open(toolbox, toolbox->data_folder, &thing, ret_failure)) return NULL;
    struct entry *entry = memory_take(sizeof *entry);
    *entry = (struct entry){.tool = tool, .thing = thing, .older = toolbox->newest};
    toolbox->newest = entry;
    return thing;
}
