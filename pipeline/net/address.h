/* Which addresses are not of the public net. */
#ifndef PIPELINE_NET_ADDRESS_H
#define PIPELINE_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether an address in text form is loopback, private, link-local, multicast or otherwise not public. What cannot be
 * read is not public. */
bool address_private(const char *address);
bool address_socket_private(const struct sockaddr *address);
/* Whether the URL's host says of itself that it is this machine: localhost, 127.0.0.0/8, ::1. */
bool address_url_loopback(const char *url);
/* Whether it says that it is not public: the same, and addresses in figures. Names are not looked up; false when there
 * is no host, as in a relative redirect. */
bool address_url_private(const char *url);

#endif
