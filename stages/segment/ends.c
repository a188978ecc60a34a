#include "stages/segment/ends.h"

#include <math.h>
#include <string.h>

#include "stages/language/unicode.h"

enum {
    MAX_BEFORE = 8, /* in characters, like MAX_AFTER; both must equal the limits in tools/learn_ends.py */
    MAX_AFTER = 12,
    MIN_WEIGHTS = 64,
    MAX_WEIGHTS = 1 << 16,
    SAMPLE = 8192, /* number of bytes that ends_joint() examines */
    MAX_SPACES = 4
};

enum side { SIDE_BEFORE, SIDE_AFTER, SIDE_LENGTH };

struct weight {
    uint64_t hash; /* 0 if this place of the hash table is free */
    int tenths;
};

static uint64_t hash_begin(enum joint joint, enum side side) {
    return UINT64_C(0xcbf29ce484222325) ^ ((uint64_t)side << 8 | (uint64_t)joint);
}

/* Adds a character to the hash, which is FNV-1a over characters instead of bytes. High bits are mixed into the low
 * ones, because the low ones select the place in the table. */
static uint64_t hash_add(uint64_t hash, uint32_t rune) {
    hash = (hash ^ rune) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 29;
}

/* Returns the place where the hash is stored, or the free place where it must be stored (linear probing). The lowest
 * bit of every stored hash is set, so that 0 can mean free. */
static struct weight *find_place(const struct ends *ends, uint64_t hash) {
    size_t place = hash & (ends->capacity - 1);
    while (ends->places[place].hash && ends->places[place].hash != hash) place = (place + 1) & (ends->capacity - 1);
    return &ends->places[place];
}

static int weight_of(const struct ends *ends, uint64_t hash) {
    if (!ends->count) return 0; /* the table has no weights for the language */
    const struct weight *place = find_place(ends, hash | 1);
    return place->hash ? place->tenths : 0;
}

/* Doubles the table. The old table stays in the arena until the end of the run. */
static void grow(struct arena *arena, struct ends *ends) {
    struct ends larger = *ends;
    larger.capacity = ends->capacity ? ends->capacity * 2 : MIN_WEIGHTS;
    larger.places = arena_take(arena, larger.capacity * sizeof *larger.places);
    for (size_t i = 0; i < ends->capacity; i++)
        if (ends->places[i].hash) *find_place(&larger, ends->places[i].hash) = ends->places[i];
    *ends = larger;
}

static bool add_weight(struct arena *arena, struct ends *ends, uint64_t hash, int tenths) {
    if (ends->count == MAX_WEIGHTS) return false;
    if (ends->count * 2 >= ends->capacity) grow(arena, ends);
    ends->count++;
    *find_place(ends, hash | 1) = (struct weight){hash | 1, tenths};
    return true;
}

/* Hashes a text from the table. A text that precedes the end of a sentence is read backwards, so that the hash of a
 * longer text can be computed from that of a shorter one. */
static uint64_t hash_text(enum joint joint, enum side side, struct span text) {
    uint64_t hash = hash_begin(joint, side);
    uint32_t rune;
    for (size_t left = text.length; left > 0;) {
        left -= side == SIDE_BEFORE ? text_previous(text, left, &rune) : text_next(text, text.length - left, &rune);
        hash = hash_add(hash, rune);
    }
    return hash;
}

static bool add_texts(struct arena *arena, struct ends *ends, enum joint joint, enum side side, const struct row *row,
                      int tenths) {
    struct span rest = row->cells[4], one;
    while (span_next(&rest, ' ', &one))
        if (one.length && !add_weight(arena, ends, hash_text(joint, side, one), tenths)) return false;
    return true;
}

/* Reads a number that may be negative. */
static bool read_tenths(struct span cell, int *ret_tenths) {
    bool negative = cell.length && cell.at[0] == '-';
    long long number;
    if (!span_number(span_cut(cell, negative, cell.length), &number) || number > 1000) return false;
    *ret_tenths = negative ? -(int)number : (int)number;
    return true;
}

bool ends_add(struct arena *arena, struct ends *ends, const struct row *row) {
    bool spaced = span_is(row->cells[1], "space");
    enum joint joint = spaced ? JOINT_SPACE : JOINT_NONE;
    struct span side = row->cells[2];
    int tenths;
    if (!(spaced || span_is(row->cells[1], "none")) || !read_tenths(row->cells[3], &tenths)) return false;
    ends->joins[joint] = true;
    if (span_is(side, "bias")) return ends->bias[joint] = tenths, true;
    if (span_is(side, "enough")) return ends->enough[joint] = tenths, true;
    if (span_is(side, "before")) return add_texts(arena, ends, joint, SIDE_BEFORE, row, tenths);
    if (span_is(side, "behind")) return add_texts(arena, ends, joint, SIDE_AFTER, row, tenths);
    return span_is(side, "length") && add_texts(arena, ends, joint, SIDE_LENGTH, row, tenths);
}

/* Returns the character in the form that is used in the table. */
static uint32_t fold(const struct marks *marks, uint32_t rune) {
    enum mark mark = marks_of(marks, rune);
    if (rune == ' ') return '_';
    if (rune < 0x80 && rune_is_letter(rune)) return 'a';
    if (mark == MARK_QUOTE || mark == MARK_MARK) return '"';
    return rune_is_digit(rune) ? '0' : rune;
}

/* Adds up the weights of all texts in the table that end at `end`, beginning with the shortest. */
static int sum_before(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text,
                      size_t end) {
    uint64_t hash = hash_begin(joint, SIDE_BEFORE);
    uint32_t rune;
    int sum = 0;
    for (int i = 0; i < MAX_BEFORE && end > 0; i++) {
        end -= text_previous(text, end, &rune);
        hash = hash_add(hash, fold(marks, rune));
        sum += weight_of(ends, hash);
    }
    return sum;
}

/* Adds up the weights of all texts in the table that begin at `begin`. */
static int sum_after(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text,
                     size_t begin) {
    uint64_t hash = hash_begin(joint, SIDE_AFTER);
    uint32_t rune;
    int sum = 0;
    for (int i = 0; i < MAX_AFTER && begin < text.length; i++) {
        begin += text_next(text, begin, &rune);
        hash = hash_add(hash, fold(marks, rune));
        sum += weight_of(ends, hash);
    }
    return sum;
}

/* Returns the weight for the length of a sentence. The classes of lengths are the same as in tools/learn_ends.py. */
static int sum_length(const struct ends *ends, enum joint joint, size_t size) {
    static const struct {
        size_t below;
        const char *name;
    } classes[] = {{45, "45"},   {75, "75"},   {120, "120"}, {180, "180"},
                   {270, "270"}, {390, "390"}, {540, "540"}, {SIZE_MAX, "0"}};
    size_t i = 0;
    while (size >= classes[i].below) i++;
    return weight_of(ends, hash_text(joint, SIDE_LENGTH, span_of(classes[i].name)));
}

/* Returns whether a sentence may begin at `begin` if sentences are separated in this way. Sets *ret_end to the end of
 * the sentence before it. */
static bool is_place(enum joint joint, struct span text, size_t begin, size_t *ret_end) {
    uint32_t rune;
    *ret_end = begin;
    if (begin == 0 || begin >= text.length) return false;
    bool space = text.at[begin - 1] == ' ';
    if (text.at[begin] == ' ' || space != (joint == JOINT_SPACE)) return false;
    if (!space) {
        bool inside = ((unsigned char)text.at[begin] & 0xC0) == 0x80; /* `begin` is in the middle of a UTF-8 sequence */
        text_next(text, begin, &rune);
        return !inside && !(rune_category(rune) >= UTF8PROC_CATEGORY_MN && rune_category(rune) <= UTF8PROC_CATEGORY_ME);
    }
    while (*ret_end > 0 && begin - *ret_end <= MAX_SPACES && text.at[*ret_end - 1] == ' ') --*ret_end;
    return *ret_end > 0;
}

static int sum_around(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text,
                      size_t end, size_t begin) {
    return ends->bias[joint] + sum_before(ends, marks, joint, text, end) + sum_after(ends, marks, joint, text, begin);
}

/* Returns the evidence that sentences of the text are separated in this way: the sum, over all possible places, of
 * log(1 + the odds that a sentence ends there). */
static double evidence(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text) {
    double total = 0;
    size_t end;
    for (size_t i = 1; i < text.length; i++)
        if (is_place(joint, text, i, &end)) /* fmin() keeps exp() from overflowing */
            total += log1p(exp(fmin(30, sum_around(ends, marks, joint, text, end, i) / 10.0)));
    return total;
}

enum joint ends_joint(const struct ends *ends, const struct marks *marks, struct span text) {
    struct span sample = span_cut(text, 0, SAMPLE);
    const double doubt = 0.5; /* favours spaces, which are much more common as separators */
    if (!ends->joins[JOINT_NONE]) return JOINT_SPACE;
    return evidence(ends, marks, JOINT_NONE, sample) > evidence(ends, marks, JOINT_SPACE, sample) + doubt ? JOINT_NONE
                                                                                                          : JOINT_SPACE;
}

size_t ends_find(const struct ends *ends, const struct marks *marks, enum joint joint, struct span text, size_t start,
                 size_t from, size_t to) {
    size_t end;
    for (size_t i = from; i < to; i++) {
        if (!is_place(joint, text, i, &end)) continue;
        int sum = sum_around(ends, marks, joint, text, end, i) + sum_length(ends, joint, i - start);
        if (sum > ends->enough[joint]) return i;
    }
    return to;
}
