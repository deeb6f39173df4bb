/* A register at an address verified as a directory is: copied first, with nothing of its host believed. */
#include "peer/mirror.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void remove_below(const char *path)
{
    OWN(buffer_clear) struct buffer names = {0};
    char below[COPY_PATH_SIZE];
    if (system_real.remove(system_real.context, path) == 0) return;
    if (system_real.list(system_real.context, path, &names) != 0) return;
    for (size_t at = 0; at < names.size; at += strlen((char *)names.data + at) + 1)
        if (register_path(below, path, (char *)names.data + at, NULL) == STATUS_DONE) remove_below(below);
    (void)system_real.remove(system_real.context, path);
}

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
    char directory[COPY_PATH_SIZE], path[COPY_PATH_SIZE];
    struct error why;
    const char *base = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%.3000s/truce-verify-XXXXXX",
             base == NULL || base[0] == '\0' ? "/tmp" : base);
    if (mkdtemp(directory) == NULL) return public_status(error_system(&why, "create", directory, errno), &why, error);
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
    remove_below(directory);
    return status;
}
