/* Keeps the process's memory, in which there are keys, from being written to disk or read by other programs. */
#ifndef PROGRAM_PRIVACY_H
#define PROGRAM_PRIVACY_H

/* To be called first. No core is written when the process crashes, and only root may read its memory and environment
 * or attach a debugger to it; one that started the process keeps it. Programs started from it are not affected. */
void privacy_begin(void);

#endif
