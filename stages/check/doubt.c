/* The warning shown beside English that may say something different from its source. */
#include <string.h>

#include "stages/check/checks.h"

bool checker_changes_meaning(const char *name) {
    for (const struct check *check = checks; check->name; check++)
        if (strcmp(check->name, name) == 0) return check->changes_meaning;
    return false;
}

struct span checker_doubt(const struct segment *segment) {
    for (size_t i = 0; segment->status == SEGMENT_SUSPECT && i < segment->finding_count; i++)
        if (segment->findings[i].severity >= SEVERITY_WARNING && checker_changes_meaning(segment->findings[i].check))
            return segment->findings[i].message;
    return SPAN("");
}
