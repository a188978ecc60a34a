/* Passwords in addresses, as in "https://user:password@host/", which messages quote. */
#ifndef PIPELINE_BASE_LOGINS_H
#define PIPELINE_BASE_LOGINS_H

#include <stddef.h>

/* Overwrites the password of every such address in the text with asterisks, also if the address is invalid or has no
 * scheme. An '@' behind a port ("https://host:443/@name") or in a mailto: address is no login. */
void logins_hide(char *text, size_t length);

#endif
