/* SHA-256 (FIPS 180-4), by OpenSSL. */
#ifndef PIPELINE_BASE_SHA256_H
#define PIPELINE_BASE_SHA256_H

#include "pipeline/base/text.h"

/* The hash as 64 hex digits, terminated. */
void sha256_hex(struct span bytes, char ret_hex[65]);

#endif
