/* The worked cases, for tests that ask all of them. */
#ifndef TRUCE_TEST_WORKED_H
#define TRUCE_TEST_WORKED_H

#include "register/register.h"

static inline enum status worked_status(enum truce_status status, const struct truce_error *why, struct error *error)
{
    if (status == TRUCE_DONE) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "worked", "{0}", why->message, NULL);
}

static inline enum status worked_load(const char *name, const char *directory, struct error *error)
{
    struct truce_error why;
    struct truce_buffer about = {0};
    enum truce_status status = truce_case_load(name, directory, &about, &why);
    truce_free(&about);
    return worked_status(status, &why, error);
}

/* Calls `visit` with the name of every case, until one call fails. */
typedef enum status worked_visit(void *context, const char *name, struct error *error);
static inline enum status worked_each(worked_visit *visit, void *context, struct error *error)
{
    struct truce_error why;
    struct truce_buffer list = {0};
    const struct json *names = NULL;
    struct arena arena;
    TRY(worked_status(truce_case_list(&list, &why), &why, error));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = json_read(&names, slice_of(list.data, list.size), JSON_CANONICAL, &arena, error);
    for (const struct json *n = status == STATUS_DONE ? names->first : NULL; n != NULL && status == STATUS_DONE;
         n = n->next) {
        char name[256];
        snprintf(name, sizeof name, "%.*s", SLICE(n->string));
        status = visit(context, name, error);
    }
    arena_clear(&arena);
    truce_free(&list);
    return status;
}

/* What is wrong, in a line on stderr. */
static inline void worked_say(const struct error *error)
{
    char sentence[1024];
    error_format(error, NULL, sentence, sizeof sentence);
    fprintf(stderr, "%s: %s %s\n", error->code, sentence, error->pointer);
}

/* The canonical standing of the log's first `known` records, from the log alone; appended to `out`. */
static inline enum status worked_standing(struct truce_register *reg, uint64_t known, int64_t as_of, struct buffer *out,
                                          struct error *error)
{
    const struct truce_moment moment = {
        .has_as_of = true, .as_of = as_of, .known_by = TRUCE_KNOWN_SIZE, .known_size = known};
    struct truce_buffer answer = {0};
    struct truce_error why;
    TRY(worked_status(truce_standing(reg, &moment, &answer, &why), &why, error));
    buffer_put(out, slice_of(answer.data, answer.size));
    truce_free(&answer);
    return buffer_finish(out, error);
}

#endif
