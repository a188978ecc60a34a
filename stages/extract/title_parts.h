/* The parts of titles: headlines, kickers, and names of sites, with the separators between them. Parts are spans of the
 * title. */
#ifndef STAGES_EXTRACT_TITLE_PARTS_H
#define STAGES_EXTRACT_TITLE_PARTS_H

#include "pipeline/base/text.h"

enum { TITLE_SHORTEST = 10 }; /* min. columns of a headline */

/* Returns true if both have the same letters and digits. The titles of a page may differ in case, quotes, dashes and
 * spaces. */
bool title_same(struct span a, struct span b);
/* Returns true if the letters of `part` occur in `whole`. */
bool title_within(struct span part, struct span whole);

/* Splits a title at separators: "Page not found - The Daily" yields "Page not found", then "The Daily". Returns false
 * after the last part. */
bool title_next_part(struct span *rest, struct span *ret_part);
/* Returns true if `title` is `headline`, a separator and more text, which is usually the site's name. */
bool title_extends(struct span title, struct span headline);

/* Removes the names of the site and their separators from both ends. A part is a name of the site if it occurs in
 * `site` or `host`, or if it contains `site` and little else. */
struct span title_without_site(struct span title, struct span site, struct span host);
/* Removes a short last part behind a separator that does not occur within headlines. Used for a document's title that
 * no other title confirms. */
struct span title_without_tail(struct span title);
/* The same for a short first part in front of a mark that is used for paths ("The Quay :: Ferries run again"). A bar
 * is not one, because the headline may be the short part in front of it. */
struct span title_without_front(struct span title);
/* If the title consists of `other`, a separator and more text, returns the part that both have in common. A comma or an
 * opening bracket may also continue the headline, so it counts as a separator only if `surely` is false. */
struct span title_common(struct span title, struct span other, bool surely);
/* If `other` is the text of the heading's first element, and more text than that follows in the same heading, returns
 * `other`. */
struct span title_without_subline(struct span heading, struct span first, struct span other);
/* If the title consists of a text, a separator and `other`, and `other` is the longer part, returns that; otherwise
 * returns the title. */
struct span title_last_part(struct span title, struct span other);
/* Returns true if the title is the headline with a kicker before it: "Sea travel: Ferries run again" and "Ferries run
 * again". */
bool title_has_kicker(struct span title, struct span headline);
/* Removes the kicker, as in "Sea travel Ferries run again", from a heading if the other title lacks it. A kicker before
 * a colon is kept. */
struct span title_without_kicker(struct span heading, struct span kicker, struct span other);
/* Returns the title without `name`: "Rain again" for "Rain again | The Quay", "The Quay | Rain again" or "The Quay:
 * Rain again". Returns an empty span if the title does not have this form. */
struct span title_beside(struct span title, struct span name);

#endif
