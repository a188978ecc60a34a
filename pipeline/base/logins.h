/* Passwords in addresses, as in "https://user:password@host/" and "host=example password=secret", which messages
 * quote. */
#ifndef PIPELINE_BASE_LOGINS_H
#define PIPELINE_BASE_LOGINS_H

#include <stddef.h>

/* Overwrites the password of every address of the form scheme://user:password@host in the text with asterisks, even if
 * the address is invalid or has no scheme. An '@' after a port ("https://host:443/@name") or in a mailto: address does
 * not mark a login. The same holds for what follows "password=" or "passwd=", in quotes or up to the next space, '&' or
 * quote. */
void logins_hide(char *text, size_t length);

/* Does the same to a text that is one value as a whole, such as that of a setting: the password in it may contain
 * spaces and quotes. To be called before the text is cut, because without its '@' a login is not recognized. */
void logins_hide_in_value(char *text, size_t length);

#endif
