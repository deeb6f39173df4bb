/* The index is derived: here it is made again from the log, beside the old one, and takes its place when it is whole.
 */
#include "register/register.h"

static enum status rebuild(struct truce_register *reg, truce_progress *progress, void *context, struct error *error)
{
    char path[REGISTER_PATH_SIZE], fresh[REGISTER_PATH_SIZE], facts[REGISTER_PATH_SIZE];
    struct index *index;
    TRY(register_path(path, reg->directory, "index.sqlite", error));
    TRY(register_path(fresh, reg->directory, "index.sqlite.new", error));
    TRY(index_remove(fresh, error)); /* a rebuild that was cut short */
    TRY(register_index_anew(reg, fresh, progress, context, &index, error));
    index_close(&index);
    index_close(&reg->index);
    members_close(&reg->members);
    TRY(index_remove(path, error));
    if (register_path(facts, reg->directory, "index.facts", NULL) == STATUS_DONE)
        (void)reg->system->remove(reg->system->context, facts);
    if (reg->system->rename(reg->system->context, fresh, path) != 0)
        return error_set(error, STATUS_FAILED, "rebuild-rename",
                         "The new index could not take the old one's place; it will be made when it is next needed.",
                         NULL);
    return register_catch_up(reg, NULL, NULL, error);
}

enum truce_status truce_rebuild(struct truce_register *reg, truce_progress *progress, void *context,
                                struct truce_error *error)
{
    struct error why;
    return public_status(rebuild(reg, progress, context, &why), &why, error);
}
