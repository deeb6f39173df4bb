#include "api/first_look.h"

enum {
    STRETCH = 4096,  /* who asks meanwhile, and who ends the server, waits for one of these at most */
    WORTH_IT = 16384 /* of a smaller log the first question is soon answered, and idle it takes less memory */
};

/* All facts, and the first evaluation, which later ones go on from. */
static enum truce_status look_ahead(struct first_look *look, struct truce_register *reader, struct truce_error *error)
{
    const struct truce_moment now = {.has_as_of = false};
    struct truce_buffer answer = {0};
    enum truce_status status = TRUCE_DONE;
    for (bool more = true; more && status == TRUCE_DONE;) {
        if (atomic_load(&look->stopping)) return TRUCE_DONE;
        status = truce_read_ahead(reader, STRETCH, &more, error);
    }
    if (status == TRUCE_DONE) status = truce_standing_agreements(reader, &now, &answer, error);
    truce_free(&answer);
    return status;
}

static void *first_look_run(void *context)
{
    struct first_look *look = context;
    struct truce_error error;
    struct truce_register *reader;
    if (readers_take(look->readers, &reader, &error) != TRUCE_DONE) return NULL;
    (void)!look_ahead(look, reader, &error); /* if it fails, so will the first question, and say why */
    readers_give(look->readers, reader);
    return NULL;
}

enum status first_look_open(struct first_look *look, struct readers *readers, uint64_t size, struct error *error)
{
    *look = (struct first_look){.readers = readers, .running = size >= WORTH_IT};
    if (!look->running || pthread_create(&look->thread, NULL, first_look_run, look) == 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "serve-thread", "A thread of the server could not be started.", NULL);
}

void first_look_close(struct first_look *look)
{
    atomic_store(&look->stopping, true);
    if (look->running) pthread_join(look->thread, NULL);
}
