/* Passwords in addresses, as in "https://user:password@host/", which messages quote. */
#ifndef PIPELINE_BASE_LOGINS_H
#define PIPELINE_BASE_LOGINS_H

#include <stddef.h>

/* Overwrites the password of every address of the form scheme://user:password@host in the text with asterisks, even if
 * the address is invalid or has no scheme. An '@' after a port ("https://host:443/@name") or in a mailto: address does
 * not mark a login. */
void logins_hide(char *text, size_t length);

#endif
