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
    double shared[2];    /* weight of what each story's core has in common with the other story */
    double common, most; /* what all common features add to the similarity, and what the strongest one adds */
    double name;         /* share of the articles of both stories that have the most common name */
};

/* One feature as the two stories have it. */
struct side {
    double weight, having; /* average weight; share of the articles that have the feature */
};

static struct side side_of(const struct feature *feature, size_t size) {
    return (struct side){feature->weight / (double)size, feature->articles / (double)size};
}

double event_core(const struct vector *sum, size_t size) {
    double core = 0;
    for (size_t i = 0; i < sum->count; i++) {
        struct side side = side_of(&sum->features[i], size);
        if (side.having >= CORE) core += side.weight * side.weight;
    }
    return core;
}

static void add_core(struct comparison *comparison, int story, struct side own, struct side other) {
    if (own.having < CORE) return;
    comparison->shared[story] += own.weight * own.weight * fmin(1, other.having / own.having);
}

static void add_common(struct comparison *comparison, double added) {
    comparison->common += added;
    comparison->most = fmax(comparison->most, added);
}

static void add_name(struct comparison *comparison, const struct common *common, double share, double most) {
    if (common->one->name && common->other->name && common->one->having <= most)
        comparison->name = fmax(comparison->name, share);
}

static struct comparison compare(struct party a, struct party b, const struct common *common, size_t count,
                                 double section) {
    struct comparison comparison = {0};
    double most = fmax(NAMES * section, 2.0 * (double)(a.size + b.size));
    for (size_t i = 0; i < count; i++) {
        struct side left = side_of(common[i].one, a.size), right = side_of(common[i].other, b.size);
        add_core(&comparison, 0, left, right);
        add_core(&comparison, 1, right, left);
        add_common(&comparison, left.weight * right.weight);
        add_name(&comparison, &common[i], fmin(left.having, right.having), most);
    }
    return comparison;
}

bool event_is_one(struct party a, struct party b, const struct common *common, size_t count, double section) {
    double size = (double)(a.size + b.size), wanted = SHARED * fmin(1, (size - 2) / KNOWN);
    struct comparison found = compare(a, b, common, count, section);
    double of_a = a.core > 0 ? found.shared[0] / a.core : 0, of_b = b.core > 0 ? found.shared[1] / b.core : 0;
    if (found.most > ALONE * found.common) return false;
    if (size >= SOME && found.name < CORE) return false;
    if ((a.size > b.size ? of_a : a.size < b.size ? of_b : fmin(of_a, of_b)) < wanted) return false;
    /* The core of a single article would be everything in it. */
    return a.size == 1 || b.size == 1 || (of_a + of_b) / 2 >= wanted;
}
