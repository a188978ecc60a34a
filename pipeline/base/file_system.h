/* Recognises file systems of other machines. */
#ifndef PIPELINE_BASE_FILE_SYSTEM_H
#define PIPELINE_BASE_FILE_SYSTEM_H

/* Returns the name of the network file system ("NFS") that contains the path or, if it does not exist, in which it
 * would be created. Returns NULL for a local or unknown file system. On network file systems, locks may not work
 * between machines, or at all, and flushed data may not be on disk. */
const char *file_system_of_network(const char *path);
/* The same by the number of the kernel (f_type of statfs()). */
const char *file_system_name(unsigned long type);

#endif
