#include "register/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum status scratch_make(char directory[REGISTER_PATH_SIZE], struct error *error)
{
    const char *base = getenv("TMPDIR");
    snprintf(directory, REGISTER_PATH_SIZE, "%.3000s/truce-verify-XXXXXX",
             base == NULL || base[0] == '\0' ? "/tmp" : base);
    return mkdtemp(directory) == NULL ? error_system(error, "create", directory, errno) : STATUS_DONE;
}

void scratch_remove(const char *directory)
{
    OWN(buffer_clear) struct buffer names = {0};
    char below[REGISTER_PATH_SIZE];
    if (system_real.remove(system_real.context, directory) == 0) return;
    if (system_real.list(system_real.context, directory, &names) != 0) return;
    for (size_t at = 0; at < names.size; at += strlen((char *)names.data + at) + 1)
        if (register_path(below, directory, (char *)names.data + at, NULL) == STATUS_DONE) scratch_remove(below);
    (void)system_real.remove(system_real.context, directory);
}
