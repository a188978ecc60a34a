/* The warning shown beside English that may say something different from its source. */
#include <string.h>

#include "stages/check/checks.h"

bool checker_changes_meaning(const char *name) {
    for (const struct check *check = checks; check->name; check++)
        if (strcmp(check->name, name) == 0) return check->changes_meaning;
    return false;
}

static bool is_warning(const struct segment *segment, size_t i) {
    return segment->status == SEGMENT_SUSPECT && segment->findings[i].severity >= SEVERITY_WARNING;
}

struct span checker_doubt(const struct segment *segment) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (is_warning(segment, i) && checker_changes_meaning(segment->findings[i].check))
            return segment->findings[i].message;
    return SPAN("");
}

struct span checker_warning(const struct segment *segment) {
    struct span doubt = checker_doubt(segment);
    for (size_t i = 0; !doubt.length && i < segment->finding_count; i++)
        if (is_warning(segment, i)) doubt = segment->findings[i].message;
    return doubt;
}
