/* Manual pages and shell completions, generated from the tables of commands and settings. */
#ifndef PROGRAM_COMMANDS_REFERENCE_H
#define PROGRAM_COMMANDS_REFERENCE_H

#include "pipeline/base/text.h"

void manual_write_program(struct buffer *out);  /* dragoman(1), roff */
void manual_write_settings(struct buffer *out); /* dragoman.conf(5), roff */
void completion_write_bash(struct buffer *out);
void completion_write_zsh(struct buffer *out);
void completion_write_fish(struct buffer *out);

#endif
