/* Recognises file systems of other machines. */
#ifndef PIPELINE_BASE_FILE_SYSTEM_H
#define PIPELINE_BASE_FILE_SYSTEM_H

/* Returns the name of the network file system on which the path lies or, if it does not exist, would be created: "NFS".
 * NULL if it is on this machine, or unknown. On these file systems locks may not hold between machines, or at all, and
 * what was flushed may not be on disk. */
const char *file_system_of_network(const char *path);
/* The same by the number of the kernel (f_type of statfs()). */
const char *file_system_name(unsigned long type);

#endif
