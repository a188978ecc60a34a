/* SHA-256 (FIPS 180-4), computed by OpenSSL. */
#ifndef PIPELINE_BASE_SHA256_H
#define PIPELINE_BASE_SHA256_H

#include "pipeline/base/text.h"

/* Writes the hash as 64 hex digits and a NUL. */
void sha256_hex(struct span bytes, char ret_hex[65]);

#endif
