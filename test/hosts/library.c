/* libtruce and the peers in one shared object, for histories that are played within one process (library.py). What
 * takes a structure of truce.h is called from here, where the compiler knows it. */
#include "truce.h"

TRUCE_API size_t hosts_error_size(void);
size_t hosts_error_size(void)
{
    return sizeof(struct truce_error);
}

TRUCE_API enum truce_status hosts_verify(const char *path, const char *genesis, const char *policy, truce_line *line,
                                         struct truce_buffer *answer, struct truce_error *error);
enum truce_status hosts_verify(const char *path, const char *genesis, const char *policy, truce_line *line,
                               struct truce_buffer *answer, struct truce_error *error)
{
    const struct truce_verify_options options = {.path = path, .genesis = genesis, .policy = policy, .threads = 1};
    return truce_verify(&options, line, NULL, NULL, answer, error);
}

TRUCE_API enum truce_status hosts_records(struct truce_register *reg, truce_line *line, struct truce_error *error);
enum truce_status hosts_records(struct truce_register *reg, truce_line *line, struct truce_error *error)
{
    const struct truce_query all = {.kind = NULL};
    return truce_find(reg, &all, line, NULL, error);
}

TRUCE_API enum truce_status hosts_pack(struct truce_register *reg, const char *path, struct truce_buffer *answer,
                                       struct truce_error *error);
enum truce_status hosts_pack(struct truce_register *reg, const char *path, struct truce_buffer *answer,
                             struct truce_error *error)
{
    const struct truce_pouch_options options = {.path = path};
    return truce_pouch_pack(reg, &options, answer, error);
}

/* With `take` NULL the outbox keeps what the pouch brings. */
TRUCE_API enum truce_status hosts_open_pouch(struct truce_register *reg, const char *path, truce_take *take,
                                             truce_line *line, struct truce_buffer *answer, struct truce_error *error);
enum truce_status hosts_open_pouch(struct truce_register *reg, const char *path, truce_take *take, truce_line *line,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    const struct truce_pouch_door door = {.notes = take, .line = line};
    return truce_pouch_open(reg, path, &door, answer, error);
}

/* One round of a mirror. */
TRUCE_API enum truce_status hosts_copy(const char *source, const char *directory, const char *genesis,
                                       const struct truce_key *key, truce_line *line, struct truce_error *error);
enum truce_status hosts_copy(const char *source, const char *directory, const char *genesis,
                             const struct truce_key *key, truce_line *line, struct truce_error *error)
{
    const struct truce_mirror_options options = {
        .source = source, .directory = directory, .genesis = genesis, .key = key, .line = line};
    struct truce_mirror *mirror;
    enum truce_status status = truce_mirror_open(&mirror, &options, error);
    if (status != TRUCE_DONE) return status;
    status = truce_mirror_catch_up(mirror, error);
    truce_mirror_close(&mirror);
    return status;
}

TRUCE_API enum truce_status hosts_witness(struct truce_witness **out, const char *directory,
                                          const struct truce_key *key, const char *logs, struct truce_error *error);
enum truce_status hosts_witness(struct truce_witness **out, const char *directory, const struct truce_key *key,
                                const char *logs, struct truce_error *error)
{
    const struct truce_witness_options options = {.directory = directory, .key = key, .logs = logs, .override = true};
    return truce_witness_open(out, &options, error);
}

/* The HTTP status. */
TRUCE_API unsigned hosts_witness_add(struct truce_witness *witness, const char *body, size_t size,
                                     struct truce_buffer *answer);
unsigned hosts_witness_add(struct truce_witness *witness, const char *body, size_t size, struct truce_buffer *answer)
{
    struct truce_witness_answer said;
    truce_witness_add(witness, body, size, &said);
    *answer = said.body;
    return said.status;
}
