#include "stages/translate/worth.h"

#include "stages/check/checks.h"

unsigned worth_demerits(struct span source, struct span target, unsigned unknown_words, const char **ret_check) {
    const struct segment segment = {.source = source, .target = target, .unknown_words = unknown_words};
    unsigned demerits = 0, worst = 0;
    *ret_check = NULL;
    for (const struct check *check = checks; check->name; check++) {
        struct buffer message = BUFFER(512);
        unsigned weight = check->severity == SEVERITY_ERROR ? DEMERIT_ERROR : check->severity == SEVERITY_WARNING ? DEMERIT_WARNING : 0;
        if (check->finds(&segment, &message)) demerits += weight;
        else weight = 0;
        if (weight > worst) {
            worst = weight;
            *ret_check = check->name;
        }
        buffer_free(&message);
    }
    return demerits;
}
