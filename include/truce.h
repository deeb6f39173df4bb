/* libtruce: the shared, verifiable memory of a ceasefire. The one public header; the command line is an ordinary client
 * of it. Answers are canonical JSON (sorted keys, no spaces) in buffers that the caller frees with truce_free.
 *
 * Every function that can fail returns a truce_status, which is also the exit code of the command line, and fills a
 * truce_error that belongs to the caller. Handles are not for two threads at once unless said. */
#ifndef TRUCE_H
#define TRUCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum truce_status {
    TRUCE_DONE = 0,
    TRUCE_FAILED = 1,
    TRUCE_USAGE = 2,
    TRUCE_UNVERIFIED = 3,
    TRUCE_REFUSED = 4
};

struct truce_error {
    enum truce_status status;
    char code[64];      /* stable; spec/codes.md */
    char message[1024]; /* a sentence in the language asked for with truce_language */
    char pointer[256];  /* JSON pointer into the input, or a path */
    int64_t offset;     /* byte offset, or -1 */
};

struct truce_buffer {
    char *data; /* NUL-terminated for convenience; may hold other NULs */
    size_t size;
};
void truce_free(struct truce_buffer *buffer);

/* "en" or "ar": the language of messages from here on, for the whole process. */
void truce_language(const char *language);
const char *truce_version(void);

struct truce_register; /* an opened register */

#ifdef __cplusplus
}
#endif
#endif
