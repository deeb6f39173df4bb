/* The worked cases, embedded at build from cases/ by tools/embed-cases. */
#ifndef TRUCE_REGISTER_CASE_H
#define TRUCE_REGISTER_CASE_H

#include <stddef.h>

struct case_file {
    const char *case_name, *file_name;
    const unsigned char *data;
    size_t size;
};
extern const struct case_file case_files[]; /* by case, then by file name; ended by a NULL name */

#endif
