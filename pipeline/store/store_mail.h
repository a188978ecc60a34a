/* Articles that have been mailed, by recipient, so that no recipient gets an article twice. A recipient is an address
 * in a section [mail "list"]. Articles are recorded after the server has accepted the mail: if a run is killed in
 * between, that mail is sent again, but none is lost. */
#ifndef PIPELINE_STORE_STORE_MAIL_H
#define PIPELINE_STORE_STORE_MAIL_H

#include "pipeline/store/store.h"

struct mail_reader {
    long long id;
    char since[11]; /* the day on which the reader was first on the list; earlier days are no news to him */
};

struct mail_thread {
    struct span root; /* Message-ID of the day's first mail; empty if there was none */
    long long mails;  /* number of the day's mails that were accepted */
};

/* Finds a reader, adding it with the day `today` if it is not known. */
bool store_mail_reader(struct store *store, struct span list, struct span address, const char *today,
                       struct mail_reader *ret_reader, struct failure *ret_failure);
/* Returns the days from `since` on that have records in place, in order, in the arena. */
struct span *store_mail_days(struct store *store, const char *since, struct arena *arena, size_t *ret_count);
/* Returns the ids of the day's records of which the reader has not been told, in order, in the arena. */
const char (*store_mail_unseen(struct store *store, const struct mail_reader *reader, const char *day,
                               struct arena *arena, size_t *ret_count))[33];
bool store_mail_see(struct store *store, const struct mail_reader *reader, const char *day, const char *id,
                    struct failure *ret_failure);
/* Forgets what was mailed of the days before this one. */
bool store_mail_forget(struct store *store, const char *before, struct failure *ret_failure);
struct mail_thread store_mail_thread(struct store *store, struct span list, const char *day, struct arena *arena);
bool store_mail_put_thread(struct store *store, struct span list, const char *day, const struct mail_thread *thread,
                           struct failure *ret_failure);

#endif
