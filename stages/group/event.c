#include "stages/group/event.h"

#include <math.h>

/* CORE: share of the articles that must have a feature for it to be in the core. SHARED: share of the cores that two
 * large stories must have in common. SOME: number of articles from which a story must have a name of its own. */
static const double CORE = 0.5, SHARED = 0.5, SOME = 5;
/* Two articles have no core yet; with this many more, it is known well enough for SHARED. */
static const double KNOWN = 16;
/* A name may occur in this many times as many articles as other features before it counts as the section's, because
 * a person or a town is in the news for more than one reason. */
static const double NAMES = 2.4;

/* One thing in common, such as the town, is not enough: it may add this share of the similarity at most. */
static const double ALONE = 0.95;

struct comparison {
    double core[2], shared[2]; /* weight of each story's core, and of what the other one has of it */
    double common, most;       /* what all common features add to the similarity, and what the strongest one adds */
    double name;               /* share of the articles of both stories that have the most common name */
};

/* One feature as the two stories have it. */
struct side {
    double weight, having; /* average weight; share of the articles that have the feature */
};

static struct side side_of(const struct feature *feature, size_t size) {
    if (!feature) return (struct side){0, 0};
    return (struct side){feature->weight / (double)size, feature->articles / (double)size};
}

static void add_core(struct comparison *comparison, int story, struct side own, struct side other) {
    double square = own.weight * own.weight;
    if (own.having < CORE) return;
    comparison->core[story] += square;
    comparison->shared[story] += square * fmin(1, other.having / own.having);
}

static void add_common(struct comparison *comparison, double added) {
    comparison->common += added;
    comparison->most = fmax(comparison->most, added);
}

static void add_name(struct comparison *comparison, const struct feature *a, const struct feature *b, double share,
                     double most) {
    if (a->name && b->name && a->having <= most) comparison->name = fmax(comparison->name, share);
}

static struct comparison compare(const struct vector *a, size_t a_size, const struct vector *b, size_t b_size,
                                 double section) {
    struct comparison comparison = {0};
    double most = fmax(NAMES * section, 2.0 * (double)(a_size + b_size));
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        bool first = j == b->count || (i < a->count && a->features[i].word <= b->features[j].word);
        bool second = i == a->count || (j < b->count && b->features[j].word <= a->features[i].word);
        const struct feature *one = first ? &a->features[i++] : NULL, *other = second ? &b->features[j++] : NULL;
        struct side left = side_of(one, a_size), right = side_of(other, b_size);
        add_core(&comparison, 0, left, right);
        add_core(&comparison, 1, right, left);
        add_common(&comparison, left.weight * right.weight);
        if (one && other) add_name(&comparison, one, other, fmin(left.having, right.having), most);
    }
    return comparison;
}

/* Returns the share of a story's core that the other one has. */
static double share(const struct comparison *comparison, int story) {
    return comparison->core[story] > 0 ? comparison->shared[story] / comparison->core[story] : 0;
}

bool event_is_one(const struct vector *a, size_t a_size, const struct vector *b, size_t b_size, double section) {
    double size = (double)(a_size + b_size);
    struct comparison found = compare(a, a_size, b, b_size, section);
    double wanted = SHARED * fmin(1, (size - 2) / KNOWN), of_a = share(&found, 0), of_b = share(&found, 1);
    if (found.most > ALONE * found.common) return false;
    if (size >= SOME && found.name < CORE) return false;
    if ((a_size >= b_size ? of_a : of_b) < wanted) return false;
    /* The core of a single article would be everything in it. */
    return a_size == 1 || b_size == 1 || (of_a + of_b) / 2 >= wanted;
}
