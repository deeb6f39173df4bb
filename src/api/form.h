/* A form as it came in a body, whichever way the browser sent it: its fields as text, and the files it brought. */
#ifndef TRUCE_API_FORM_H
#define TRUCE_API_FORM_H

#include "api/visit.h"
#include "base/arena.h"

struct form_field {
    const char *name, *value; /* value: text with LF alone; NULL of a file */
    struct slice bytes;       /* as they came; they borrow from the request */
};
struct form_body {
    struct arena arena;
    struct form_field *fields;
    size_t count;
};

/* False: the body is no such form, which has been answered. Close it either way. */
bool form_read(struct form_body *form, struct visit *visit);
void form_close(struct form_body *form);

/* The first that is not empty, or NULL. `number` 0: of that very name; else "NAME-NUMBER". */
const char *form_value(const struct form_body *form, const char *name, size_t number);
/* All of them, in order; NULL behind the last. */
const char *form_next(const struct form_body *form, const char *name, size_t number, size_t *at);
/* The bytes of a file that is not empty; {NULL,0} if none came. */
struct slice form_file(const struct form_body *form, const char *name);

#endif
