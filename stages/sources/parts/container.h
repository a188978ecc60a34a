/* A feed or list as it was received, to be decompressed and decoded as a whole before it is parsed. */
#ifndef STAGES_SOURCES_PARTS_CONTAINER_H
#define STAGES_SOURCES_PARTS_CONTAINER_H

#include "pipeline/net/exchange.h"
#include "stages/decode/decoder.h"

struct container {
    struct buffer raw;        /* the bytes as received; the buffer's limit applies before and after decompression */
    struct span content_type; /* content type from the reply's header, or empty */
    struct span address;      /* address of the feed or list, used to detect the encoding and in messages */
    struct span language;     /* language from the source's settings, or empty */
    struct encoding encoding; /* set by container_decode() */
    struct buffer text;       /* the decoded text; set by container_decode() */
};

/* Returns an empty container with this limit in bytes. */
struct container container_new(size_t limit);
/* Moves the body of a reply into the container; reply->reply is empty afterwards. */
void container_take_reply(struct container *container, struct exchange *reply, struct arena *arena);
/* Reads a local file. `what` names it in messages ("feed"). If content has named the file, it must lie in `folder`
 * (input_file_open_inside()); NULL = the user has named it. Failures have REACH_SERVICE. */
bool container_read_file(struct container *container, const char *path, const char *folder, const char *what,
                         struct failure *ret_failure);
/* Decompresses and decodes the raw bytes, and frees them. Meant for a worker thread. Failures have REACH_SERVICE and
 * name the address. */
bool container_decode(struct container *container, const struct decoder *decoder, struct arena *arena,
                      struct failure *ret_failure);
void container_free(struct container *container);

#endif
