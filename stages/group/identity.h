/* Gives stories ids that stay the same from run to run, so that the address of a story's page and the feed's ids do.
 *
 * A story keeps the id that most of its articles had. If several ids could be kept, the one with more articles wins,
 * then the older one; the others lead to it (forwards). If a story falls apart, its largest part keeps the id. A new
 * story takes the id of one of its articles. An id that has been given is never given to another story of that day. */
#ifndef STAGES_GROUP_IDENTITY_H
#define STAGES_GROUP_IDENTITY_H

#include "pipeline/engine/edition.h"

/* `labels` has a number below edition->count for each article; articles of the same story have the same number. Sets
 * the member `story` of all articles, the stories and the forwards of the edition. */
void identity_assign(struct edition *edition, const uint32_t *labels);

#endif
