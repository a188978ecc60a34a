#include "stages/group/event.h"

#include <math.h>

/* CORE: share of the articles that must have a feature for it to be in the core. SHARED: share of the cores that two
 * large stories must have in common. SOME: number of articles from which a story must have a name of its own. */
static const double CORE = 0.5, SHARED = 0.42, SOME = 5;
/* Two articles have no core yet; with this many more, it is known well enough for SHARED. */
static const double KNOWN = 16;
/* A name may occur in this many times as many articles as other features before it counts as the section's, because
 * a person or a town is in the news for more than one reason. */
static const double NAMES = 2.4;

/* One thing in common, such as the town, is not enough: it may add this share of the similarity at most. */
static const double ALONE = 0.95;

/* The names that two stories have in common, times the words and MORE, must be more than what is usual for reports on
 * different events less LEEWAY: where each article has its own words, the names still tell. MAX_USUAL is for days of
 * only one kind of event. A name that fewer than FEW articles have tells the event by itself, so that less is needed.
 * Stories of SOME articles differ in more words, so LARGE is the part of this that they need. */
static const double LEEWAY = 0.04, MORE = 0.1, MAX_USUAL = 0.5, FEW = 10, LARGE = 0.8;

/* The weight of what two stories have in common. */
struct shared {
    double who, what;
};

struct comparison {
    struct shared shared[2]; /* weight of what each story's core has in common with the other story */
    double common, most;     /* what all common features add to the similarity, and what the strongest one adds */
    double name;             /* share of the articles of both stories that have the most common name */
    uint32_t rarest; /* number of articles of the edition that have the rarest name of both cores; 0 if there is none */
};

/* One feature as the two stories have it. */
struct side {
    double weight, having; /* average weight; share of the articles that have the feature */
};

static struct side side_of(const struct feature *feature, size_t size) {
    return (struct side){feature->weight / (double)size, feature->articles / (double)size};
}

struct party event_party(const struct vector *sum, size_t size) {
    struct party party = {.size = size};
    for (size_t i = 0; i < sum->count; i++) {
        struct side side = side_of(&sum->features[i], size);
        if (side.having >= CORE) *(sum->features[i].name ? &party.who : &party.what) += side.weight * side.weight;
    }
    return party;
}

static void add_core(struct shared *shared, bool name, struct side own, struct side other) {
    if (own.having < CORE) return;
    *(name ? &shared->who : &shared->what) += own.weight * own.weight * fmin(1, other.having / own.having);
}

static void add_common(struct comparison *comparison, double added) {
    comparison->common += added;
    comparison->most = fmax(comparison->most, added);
}

static void add_name(struct comparison *comparison, const struct common *common, double share, double most) {
    uint32_t having = common->one->having;
    if (!common->one->name || !common->other->name) return;
    if (having <= most) comparison->name = fmax(comparison->name, share);
    bool rarer = !comparison->rarest || having < comparison->rarest;
    if (share >= CORE && rarer) comparison->rarest = having;
}

static struct comparison compare(struct party a, struct party b, const struct common *common, size_t count,
                                 double section) {
    struct comparison comparison = {0};
    double most = fmax(NAMES * section, 2.0 * (double)(a.size + b.size));
    for (size_t i = 0; i < count; i++) {
        struct side left = side_of(common[i].one, a.size), right = side_of(common[i].other, b.size);
        add_core(&comparison.shared[0], common[i].one->name, left, right);
        add_core(&comparison.shared[1], common[i].other->name, right, left);
        add_common(&comparison, left.weight * right.weight);
        add_name(&comparison, &common[i], fmin(left.having, right.having), most);
    }
    return comparison;
}

/* Who has nothing contradicts nothing. */
static double share(double shared, double all) {
    return all > 0 ? shared / all : 1;
}

static struct overlap overlap_of(struct party a, struct party b, const struct shared shared[2]) {
    return (struct overlap){.who = (share(shared[0].who, a.who) + share(shared[1].who, b.who)) / 2,
                            .what = (share(shared[0].what, a.what) + share(shared[1].what, b.what)) / 2};
}

struct overlap event_overlap(struct party a, struct party b, const struct common *common, size_t count) {
    struct comparison found = compare(a, b, common, count, 0);
    return overlap_of(a, b, found.shared);
}

/* Returns the share of a story's core that the other one has. */
static double core_share(const struct comparison *found, struct party party, int story) {
    double all = party.who + party.what;
    return all > 0 ? (found->shared[story].who + found->shared[story].what) / all : 0;
}

/* The core of a single article would be everything in it, so only the other story decides then. */
static bool cores_agree(const struct comparison *found, struct party a, struct party b) {
    double wanted = SHARED * fmin(1, ((double)(a.size + b.size) - 2) / KNOWN);
    double of_a = core_share(found, a, 0), of_b = core_share(found, b, 1);
    double of_larger = a.size > b.size ? of_a : a.size < b.size ? of_b : fmin(of_a, of_b);
    return of_larger >= wanted && (a.size == 1 || b.size == 1 || (of_a + of_b) / 2 >= wanted);
}

/* Returns whether the stories have more in common than is usual. */
static bool is_unusual(const struct comparison *found, struct overlap overlap, bool large, double usual) {
    double wanted = (fmin(usual, MAX_USUAL) - LEEWAY) * (large ? LARGE : 1);
    if (found->rarest) wanted *= fmin(1, found->rarest / FEW);
    return overlap.who * (overlap.what + MORE) >= wanted;
}

bool event_is_one(struct party a, struct party b, const struct common *common, size_t count,
                  struct event_limits limits) {
    struct comparison found = compare(a, b, common, count, limits.section);
    bool large = (double)(a.size + b.size) >= SOME;
    if (found.most > ALONE * found.common || (large && found.name < CORE)) return false;
    return is_unusual(&found, overlap_of(a, b, found.shared), large, limits.usual) && cores_agree(&found, a, b);
}
