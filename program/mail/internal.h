/* Shared by the files that implement send.h: whom to tell what (send.c), how it gets there (way.c),
 * and what commands say about it (tell.c). */
#ifndef PROGRAM_MAIL_INTERNAL_H
#define PROGRAM_MAIL_INTERNAL_H

#include "pipeline/net/smtp.h"
#include "program/mail/send.h"
#include "program/mail/settings.h"
#include "program/program.h"

/* Sends for each section what is new of this day, or what is due after a run if `day` is NULL. */
bool mail_send_sections(struct program *program, const char *day, mail_done *done, void *context,
                        struct failure *ret_failure);

/* Sends a message over the section's server or command. Returns whether it was accepted for at least one recipient;
 * `accepted` says for which. If others were refused, *ret_failure names them all the same. */
bool mail_way_send(const struct program *program, const struct section *section, struct smtp_recipient *recipients,
                   size_t count, struct span message, struct failure *ret_failure);
/* Connects and logs in; of a command, finds the program. */
bool mail_way_try(const struct program *program, const struct section *section, struct failure *ret_failure);
/* Whether the section can be used at all; otherwise the first mistake in it. */
bool mail_way_sound(const struct program *program, const struct section *section, struct failure *ret_failure);

#endif
