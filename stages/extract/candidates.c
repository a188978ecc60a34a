#include "stages/extract/candidates.h"

#include <stdint.h>

static const char *const names[PLACES] = {
    [TITLE_SHARED] = "title shared",
    [TITLE_META] = "title meta",
    [TITLE_LINKED] = "title json-ld",
    [TITLE_DOCUMENT] = "title document",
    [TITLE_HEADING_MARKED] = "title h1 marked",
    [TITLE_HEADING_FIRST] = "title h1",
    [TITLE_HEADING_NAMED] = "title h2 marked",
    [TITLE_HEADING_SECOND] = "title h2",
    [TITLE_HEADING_ELSEWHERE] = "title heading elsewhere",
};

enum { MAX_WEIGHT = 1000 };

static bool place_of(struct span name, enum place *ret_place) {
    for (enum place place = 0; place < PLACES; place++)
        if (span_is(name, names[place])) {
            *ret_place = place;
            return true;
        }
    return false;
}

bool candidate_weights_make(const struct table *table, struct candidate_weights *ret_weights,
                            struct failure *ret_failure) {
    struct candidate_weights weights = {0};
    bool known[PLACES] = {false};
    for (size_t i = 0; i < table->count; i++) {
        struct span name = table->rows[i].cells[0];
        enum place place;
        long long weight;
        if (!place_of(name, &place) || !span_number(table->rows[i].cells[1], &weight) || weight > MAX_WEIGHT) {
            failure_fatal(ret_failure, EXIT_CONFIG,
                          "extract/candidates.tsv: '%.*s %.*s' must be a known place and a weight from 0 to %d",
                          SPAN_ARGS(name), SPAN_ARGS(table->rows[i].cells[1]), MAX_WEIGHT);
            return false;
        }
        weights.places[place] = (unsigned)weight;
        known[place] = true;
    }
    for (enum place place = 0; place < PLACES; place++)
        if (!known[place]) {
            failure_fatal(ret_failure, EXIT_CONFIG, "extract/candidates.tsv: the place '%s' is missing", names[place]);
            return false;
        }
    *ret_weights = weights;
    return true;
}

/* ---------------------------------------------------------------- votes */

struct votes {
    unsigned weight;
    size_t supporters;
};

/* Counts the candidates that agree with this one, including itself. If all of them are only supporting, there must be
 * at least two. */
static struct votes count_votes(const struct candidate *candidates, size_t count, candidates_agree *agree, size_t of) {
    struct votes votes = {0, 0};
    bool alone = false;
    for (size_t i = 0; i < count; i++) {
        if (!agree(candidates[i].text, candidates[of].text)) continue;
        alone = alone || !candidates[i].supporting;
        votes.weight += candidates[i].weight;
        votes.supporters++;
    }
    return alone || votes.supporters > 1 ? votes : (struct votes){0, 0};
}

size_t candidates_choose(const struct candidate *candidates, size_t count, candidates_agree *agree, struct span never) {
    size_t best = count;
    struct votes most = {0, 0};
    for (size_t i = 0; i < count; i++) {
        if (!candidates[i].text.length || agree(candidates[i].text, never)) continue;
        struct votes votes = count_votes(candidates, count, agree, i);
        bool more = votes.weight > most.weight || (votes.weight == most.weight && votes.supporters > most.supporters);
        if (!more) continue;
        most = votes;
        best = i;
    }
    return best;
}

struct span candidates_evidence(const struct candidate *candidates, size_t count, candidates_agree *agree,
                                struct span chosen, struct arena *arena) {
    struct span evidence = {NULL, 0}, last = {NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (!agree(candidates[i].text, chosen) || span_equal(candidates[i].from, last)) continue;
        evidence = arena_print(arena, "%.*s%s%.*s", SPAN_ARGS(evidence), evidence.length ? ", " : "",
                               SPAN_ARGS(candidates[i].from));
        last = candidates[i].from;
    }
    return evidence;
}
