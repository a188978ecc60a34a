#include "stages/decode/hints.h"

#include <string.h>

#include "stages/formats/sniff.h"

#define LINKS_LOOK ((size_t)1 << 14) /* number of bytes at the beginning that are searched for links */
#define LINKS_LIMIT 64               /* maximum number of links that are counted */

/* Returns the host of an address. `text` is the part of the address after "://". */
static struct span host_at(struct span text) {
    size_t end = 0;
    while (end < text.length && !text_is_space(text.at[end]) && !strchr("/:?#<>\"'),;", text.at[end])) end++;
    return span_cut(text, 0, end);
}

static struct span country_of_host(struct span host) {
    struct span label = {0}, piece;
    while (span_next(&host, '.', &piece)) label = piece;
    return label.length == 2 ? label : (struct span){0};
}

struct span hints_country(struct span address) {
    size_t at = span_find(address, SPAN("://"));
    return at == SIZE_MAX ? (struct span){0} : country_of_host(host_at(span_cut(address, at + 3, address.length)));
}

struct span hints_first_subtag(struct span code) {
    size_t end = 0;
    while (end < code.length && code.at[end] != '-' && code.at[end] != '_') end++;
    return span_cut(code, 0, end);
}

/* Returns the country of more than half of the links, or an empty span. The first pass finds the only country that can
 * have a majority (Boyer and Moore), the second counts its links. */
static struct span country_of_links(struct span raw) {
    struct span countries[LINKS_LIMIT], leader = {0};
    size_t count = 0, lead = 0, votes = 0;
    for (size_t at; count < LINKS_LIMIT && (at = span_find(raw, SPAN("://"))) != SIZE_MAX; count++) {
        raw = span_cut(raw, at + 3, raw.length);
        countries[count] = country_of_host(host_at(raw));
        if (lead == 0) leader = countries[count];
        lead = span_equal(leader, countries[count]) ? lead + 1 : lead - 1;
    }
    for (size_t i = 0; i < count; i++) votes += span_equal(leader, countries[i]);
    return 2 * votes > count ? leader : (struct span){0};
}

void hints_read(const struct encodings *encodings, struct span raw, struct detect_hints *hints) {
    struct span stated = sniff_language(raw);
    /* some pages put their encoding where the language should be */
    if (!hints->xml.length && stated.length && encodings_find(encodings, stated)) {
        hints->xml = stated;
    } else {
        stated = hints_first_subtag(stated);
        /* many programs state English whatever the language of the text */
        if (!span_is_ascii_fold(stated, "en")) hints->stated = stated;
    }
    hints->links = country_of_links(span_cut(raw, 0, LINKS_LOOK));
}
