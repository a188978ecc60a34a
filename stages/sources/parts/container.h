/* A feed or a list as it came, made ready for its parser: unpacked and decoded as a whole. */
#ifndef STAGES_SOURCES_PARTS_CONTAINER_H
#define STAGES_SOURCES_PARTS_CONTAINER_H

#include "pipeline/net/exchange.h"
#include "stages/decode/decoder.h"

struct container {
    struct buffer raw;        /* as it came; its limit is the largest size that is read, packed or not */
    struct span content_type; /* of the reply, or empty */
    struct span address;      /* where it was found, for hints and sentences */
    struct span language;     /* that the source's settings name, or empty */
    struct encoding encoding; /* found by container_decode() */
    struct buffer text;       /* UTF-8, likewise */
};

/* Empty, with room for so many bytes. */
struct container container_new(size_t limit);
/* Takes the body of a reply over instead of copying it. */
void container_take_reply(struct container *container, struct exchange *reply, struct arena *arena);
/* A file of this machine; false with a failure (reach SERVICE) that calls it by `what`, "feed" for one. */
bool container_read_file(struct container *container, const char *path, const char *what, struct failure *ret_failure);
/* Raw bytes to text, and the raw bytes are freed. For a worker thread. Failures reach SERVICE and name the address. */
bool container_decode(struct container *container, const struct decoder *decoder, struct arena *arena,
                      struct failure *ret_failure);
void container_free(struct container *container);

#endif
