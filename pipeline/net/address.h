/* Recognises IP addresses and hosts that are not on the public internet, so that a page or feed cannot make us send
 * requests into the user's own network. */
#ifndef PIPELINE_NET_ADDRESS_H
#define PIPELINE_NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* Whether an IP address, as text or as a socket address, is loopback, private, link-local, multicast or otherwise not
 * public. An address that cannot be parsed counts as not public. */
bool address_private(const char *address);
bool address_socket_private(const struct sockaddr *address);
/* Copies the URL's host as it will be looked up: without the brackets of an IPv6 address and the dot at the end of a
 * complete name, and in dotted form if it is an IPv4 address in any notation (octal, hexadecimal, with fewer
 * parts). A name is in ASCII (idn.h). Empty if there is none. */
void address_host(const char *url, char *ret_host, size_t size);
/* Whether the URL's host is this machine by its name or address: localhost, 127.0.0.0/8 or ::1. */
bool address_url_loopback(const char *url);
/* Whether the URL's host is local by its name, or a literal IP address that is not public. Other names are not looked
 * up. False if the URL has no host, as in a relative redirect. */
bool address_url_private(const char *url);

#endif
