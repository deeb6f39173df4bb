/* What went wrong, for whom, where: one shape from the byte reader to the exit code.
 *
 * A status is the exit code of the command line. An error carries a stable code (listed in spec/codes.md), an English
 * sentence that doubles as the key of its translations, up to four arguments, and a JSON pointer or byte offset.
 * Sentences are templates with {0} … {3}; arguments are text that was already cut to size, so a template never formats
 * outside input itself. */
#ifndef TRUCE_BASE_ERROR_H
#define TRUCE_BASE_ERROR_H

#include "base/macro.h"
#include "base/slice.h"

enum status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,     /* the machine or the surroundings: disk, permission, lock */
    STATUS_USAGE = 2,      /* the caller asked for something that makes no sense */
    STATUS_UNVERIFIED = 3, /* a signature, hash, proof or verdict does not hold */
    STATUS_REFUSED = 4     /* not admissible; nothing was written */
};

enum { ERROR_ARGUMENTS = 4, ERROR_ARGUMENT_SIZE = 160, ERROR_POINTER_SIZE = 256 };

struct error {
    enum status status;
    const char *code;     /* static, e.g. "json-duplicate-key" */
    const char *sentence; /* static template, e.g. "The key \"{0}\" stands twice in one object." */
    char argument[ERROR_ARGUMENTS][ERROR_ARGUMENT_SIZE];
    char pointer[ERROR_POINTER_SIZE]; /* JSON pointer into the input, or a file's path; "" for the whole */
    int64_t offset;                   /* byte offset in the input, or -1 */
};

/* Fills *error (which may be NULL) and returns `status`. Arguments are NUL-terminated strings, ended by NULL. */
MUST_USE enum status error_set(struct error *error, enum status status, const char *code, const char *sentence, ...)
    __attribute__((sentinel));

/* The same for the operating system's refusal: the sentence gets {0} = what was done, {1} = path, {2} = strerror. */
MUST_USE enum status error_system(struct error *error, const char *doing, const char *path, int system_errno);

/* Sets where; each keeps the status so that a return statement can end with it. */
enum status error_at(struct error *error, enum status status, const char *pointer);
enum status error_at_offset(struct error *error, enum status status, int64_t offset);

/* Writes the template with its arguments into out (cut to fit, always terminated). template_ may be a translation of
 * error->sentence; NULL means the English one. */
void error_format(const struct error *error, const char *template_, char *out, size_t size);

/* Renders a number or a slice of outside input for use as an argument: cut, and shown with controls as \u escapes. */
struct error_text {
    char text[ERROR_ARGUMENT_SIZE];
};
struct error_text error_number(int64_t number);
struct error_text error_slice(struct slice input);

#endif
