/* Writes the names of hosts in other alphabets as name servers and certificates know them (IDNA 2008, UTS 46). */
#ifndef PIPELINE_NET_IDN_H
#define PIPELINE_NET_IDN_H

#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"

/* Returns the host in ASCII: "xn--bcher-kva.example" for "Bücher.example". A host that is ASCII already is returned
 * unchanged; otherwise the result is in the arena, in lower case. Returns an empty span if it is not a valid name. */
struct span idn_ascii(struct span host, struct arena *arena);

#endif
