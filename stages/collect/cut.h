/* Pages of which the server sent only a part although the transfer succeeded. They are requested again; if that does
 * not help, the part is used and marked. */
#ifndef STAGES_COLLECT_CUT_H
#define STAGES_COLLECT_CUT_H

#include "pipeline/article/article.h"
#include "pipeline/net/exchange.h"

/* Judges the reply to a request for a page like exchange_judge_common(), but a page that is cut off is TRANSIENT: its
 * failure, for which the host is blamed, says so, and status and body are kept. */
enum exchange_verdict cut_judge(struct exchange *exchange);
/* Whether the page, after the last attempt, is cut off and has some text in it. If so, marks the article, with a note
 * for the reader, and clears the failure, so that the page is used. */
bool cut_take(struct article *article, const struct exchange *exchange, struct failure *ret_failure);

#endif
