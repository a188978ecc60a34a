/* Makes the libraries that would go on without memory end the program instead. */
#ifndef PROGRAM_LIBRARIES_H
#define PROGRAM_LIBRARIES_H

/* Must be called once, after memory_begin() and before any library is used. From then on cJSON, libcurl, OpenSSL and
 * SQLite never get NULL for memory. Without it, cJSON leaves members out of records, libcurl takes an address for a
 * wrong one, OpenSSL crashes, and a query of SQLite that fails looks like one that finds nothing. */
void libraries_begin(void);

#endif
