/* A register at an address verified as a directory is: copied first, with nothing of its host believed. */
#include "peer/mirror.h"
#include "register/scratch.h"

#include <stdio.h>

static enum status copy_far(const struct truce_mirror_options *options, struct error *error)
{
    struct truce_mirror *mirror;
    TRY(mirror_open(&mirror, &system_real, options, error));
    enum status status = mirror_catch_up(mirror, error);
    mirror_close(&mirror);
    return status;
}

enum truce_status truce_verify_far(const struct truce_verify_options *options, const struct truce_access *access,
                                   truce_line *fault, truce_progress *progress, void *context,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    char directory[REGISTER_PATH_SIZE], path[COPY_PATH_SIZE];
    struct error why;
    enum status made = scratch_make(directory, &why);
    if (made != STATUS_DONE) return public_status(made, &why, error);
    snprintf(path, sizeof path, "%.4000s/register", directory);
    const struct truce_mirror_options copying = {.source = options->path,
                                                 .directory = path,
                                                 .genesis = options->genesis,
                                                 .log_key = options->key,
                                                 .copies_only = true,
                                                 .access = *access,
                                                 .progress = progress,
                                                 .context = context};
    struct truce_verify_options here = *options;
    here.path = path;
    enum truce_status status = public_status(copy_far(&copying, &why), &why, error);
    if (status == TRUCE_DONE) status = truce_verify(&here, fault, progress, context, answer, error);
    scratch_remove(directory);
    return status;
}
