#include "stages/extract/prune_rules.h"

#include <assert.h>
#include <stddef.h>

/* Sorted by name, for the binary search in prune_find_rule(). */
static const struct prune_rule rules[] = {
    {"abbr", PRUNE_UNWRAP},
    {"acronym", PRUNE_UNWRAP},
    {"area", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"audio", PRUNE_SKIP},
    {"b", PRUNE_UNWRAP | PRUNE_NAMED},
    {"base", PRUNE_SINGLE},
    {"bdi", PRUNE_UNWRAP},
    {"bdo", PRUNE_UNWRAP},
    {"big", PRUNE_UNWRAP | PRUNE_NAMED},
    {"br", PRUNE_SINGLE},
    {"canvas", PRUNE_SKIP},
    {"code", PRUNE_UNWRAP},
    {"col", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"colgroup", PRUNE_IMPLIED | PRUNE_UNWRAP},
    {"dd", PRUNE_IMPLIED},
    {"del", PRUNE_UNWRAP},
    {"dfn", PRUNE_UNWRAP},
    {"dt", PRUNE_IMPLIED},
    {"em", PRUNE_UNWRAP | PRUNE_NAMED},
    {"embed", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"font", PRUNE_UNWRAP | PRUNE_NAMED},
    {"frame", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"frameset", PRUNE_UNWRAP},
    {"hr", PRUNE_SINGLE},
    {"i", PRUNE_UNWRAP | PRUNE_NAMED},
    {"iframe", PRUNE_SKIP},
    {"img", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"input", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"ins", PRUNE_UNWRAP},
    {"kbd", PRUNE_UNWRAP},
    {"li", PRUNE_IMPLIED},
    {"link", PRUNE_SINGLE},
    {"mark", PRUNE_UNWRAP | PRUNE_NAMED},
    {"meta", PRUNE_SINGLE},
    {"nobr", PRUNE_UNWRAP},
    {"noscript", PRUNE_SKIP},
    {"object", PRUNE_SKIP},
    {"option", PRUNE_IMPLIED},
    {"p", PRUNE_IMPLIED},
    {"param", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"path", PRUNE_UNWRAP},
    {"picture", PRUNE_UNWRAP},
    {"plaintext", PRUNE_UNWRAP},
    {"rp", PRUNE_READING},
    {"rt", PRUNE_READING},
    {"rtc", PRUNE_UNWRAP},
    {"ruby", PRUNE_UNWRAP},
    {"s", PRUNE_UNWRAP},
    {"samp", PRUNE_UNWRAP},
    {"script", PRUNE_SKIP | PRUNE_RAW},
    {"select", PRUNE_SKIP},
    {"small", PRUNE_UNWRAP | PRUNE_NAMED},
    {"source", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"strike", PRUNE_UNWRAP},
    {"strong", PRUNE_UNWRAP | PRUNE_NAMED},
    {"style", PRUNE_SKIP | PRUNE_RAW},
    {"svg", PRUNE_SKIP},
    {"tbody", PRUNE_IMPLIED},
    {"td", PRUNE_IMPLIED},
    {"template", PRUNE_SKIP},
    {"textarea", PRUNE_SKIP},
    {"tfoot", PRUNE_IMPLIED},
    {"th", PRUNE_IMPLIED},
    {"thead", PRUNE_IMPLIED},
    {"tr", PRUNE_IMPLIED},
    {"track", PRUNE_SINGLE | PRUNE_UNWRAP},
    {"tt", PRUNE_UNWRAP},
    {"u", PRUNE_UNWRAP | PRUNE_NAMED},
    {"var", PRUNE_UNWRAP},
    {"video", PRUNE_SKIP},
    {"wbr", PRUNE_SINGLE | PRUNE_UNWRAP},
};
enum { RULES = sizeof rules / sizeof *rules };
/* The pruner keeps one flag for each rule. */
static_assert((size_t)RULES <= PRUNE_MAX_RULES, "one flag per rule");

int prune_compare_name(struct span name, const char *tag) {
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
        /* a NUL in a page's name must not match the NUL that ends `tag` */
        if (c != tag[i] || c == '\0') return (unsigned char)c < (unsigned char)tag[i] ? -1 : 1;
    }
    return tag[name.length] ? -1 : 0;
}

const struct prune_rule *prune_find_rule(struct span name) {
    size_t low = 0, high = RULES;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = prune_compare_name(name, rules[middle].name);
        if (order == 0) return &rules[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

size_t prune_rule_number(const struct prune_rule *rule) {
    return (size_t)(rule - rules);
}
