/* standing-of-entries DIRECTORY: what each entry of a register's log counts for, one a line, and what is in force
 * behind the last: for programs that are not ours to compare with (replay.py). */
#include "in_force.h"
#include "register/verify_walk.h"
#include "terms/terms.h"

#include <stdio.h>
#include <stdlib.h>

static void ignore_void(void *context, uint64_t entry, const struct error *why)
{
    (void)context, (void)entry, (void)why;
}

static void ignore_progress(void *context, uint64_t done, uint64_t total)
{
    (void)context, (void)done, (void)total;
}

static void print_all(const struct effects *effects, const struct members *members)
{
    OWN(buffer_clear) struct buffer out = {0};
    for (uint64_t i = 0; i < effects_size(effects); i++) {
        put_effect(&out, effects, i);
        buffer_put_byte(&out, '\n');
    }
    put_in_force(&out, members);
    printf("%.*s\n", SLICE(buffer_slice(&out)));
}

static enum status run(const char *directory, struct error *error)
{
    struct truce_register *reg;
    struct view *view;
    struct walk_memory *memory;
    TRY(register_open(&reg, &system_real, directory, TRUCE_READ, error));
    TRY(view_open(&view, error));
    TRY(members_open(&reg->members, error));
    TRY(walk_memory_open(&memory, 0, NULL, error));
    const struct verify_walk walk = {.reg = reg,
                                     .to = log_size(reg->log),
                                     .members = reg->members,
                                     .memory = memory,
                                     .threads = 1,
                                     .view = view,
                                     .found_void = ignore_void,
                                     .progress = ignore_progress};
    TRY(verify_walk(&walk, error));
    walk_memory_close(&memory);
    print_all(view_effects(view), reg->members);
    view_close(&view);
    return register_close(&reg, error);
}

int main(int count, char **arguments)
{
    struct error error;
    if (count == 2 && run(arguments[1], &error) == STATUS_DONE) return 0;
    fprintf(stderr, "%s\n", count == 2 ? error.code : "standing-of-entries DIRECTORY");
    return 1;
}
