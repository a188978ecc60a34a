/* Look-ups in the translation memory for which nobody waits. In a file a look-up costs microseconds; on a server it
 * costs a round trip, in which a run has other things to do. So an article asks for all it may need at once, and goes
 * on when the answer is there. Questions that are asked while another is on its way are sent together.
 *
 * All functions belong to the main thread. */
#ifndef PIPELINE_STORE_STORE_QUESTIONS_H
#define PIPELINE_STORE_STORE_QUESTIONS_H

#include "pipeline/store/store.h"

struct store_question;

/* Asks for the translations under these keys, and returns at once. The question belongs to the store, until
 * store_end_question() or store_close(). */
struct store_question *store_ask(struct store *store, const struct memory_key *keys, size_t count);
void store_end_question(struct store *store, struct store_question *question); /* accepts NULL */
/* Takes the answers that have arrived, without waiting. Returns whether there were any, so that those who asked can go
 * on. To be called regularly while anything is asked, as nothing else answers a question, not even for a file. */
bool store_take_answers(struct store *store);
/* Whether store_take_answers() would find some. */
bool store_has_answers(struct store *store);
/* A descriptor that becomes readable when a server answers; -1 if nothing is asked. Answers may also have been read
 * already (store_has_answers()), or are read by the thread that flushes, before it comes to its end. */
int store_questions_fd(struct store *store);

bool store_is_answered(const struct store_question *question);
/* Whether the answer says what the memory has under this key, or that it cannot be read. It no longer does if this run
 * has changed it since. */
bool store_question_covers(const struct store_question *question, const struct memory_key *key);
/* Lets store_recall() answer from this question what it covers; NULL = from none. */
void store_use_question(struct store *store, struct store_question *question);

#endif
