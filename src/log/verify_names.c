/* The names' part of verifying: what lies in the log's directory and below tile/. Partial tiles of other sizes than the
 * published one are no fault, whatever they hold: nothing reads them. An unfinished publishing left those beyond the
 * checkpoint; what a crash brings back of those before it may hold another file's bytes. */
#include "log/verify.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static enum status unexpected(struct verify *v, const char *directory, const char *name)
{
    char path[LOG_PATH_SIZE];
    snprintf(path, sizeof path, "%.3000s/%.1000s", directory, name);
    return verify_fault(v, "log-unexpected-file", "The file {0} does not belong to the log.", path, "", -1);
}

/* Runs over a list's names. */
static const char *name_next(const struct buffer *names, size_t *at)
{
    if (*at >= names->size) return NULL;
    const char *name = (const char *)names->data + *at;
    *at += strlen(name) + 1;
    return name;
}

/* *there is false if it is not a directory. */
static enum status list(struct verify *v, const char *directory, struct buffer *names, bool *there, struct error *error)
{
    *there = v->system->list(v->system->context, directory, names) == 0;
    if (!*there && errno != ENOENT && errno != ENOTDIR) return error_system(error, "list", directory, errno);
    return buffer_finish(names, error);
}

/* A width's one form. */
static unsigned width_parse(const char *name)
{
    unsigned width = 0;
    if (name[0] == '0' || strlen(name) > 3) return 0;
    for (const char *c = name; *c != '\0'; c++) {
        if (*c < '0' || *c > '9') return 0;
        width = width * 10 + (unsigned)(*c - '0');
    }
    return width < TILE_WIDTH ? width : 0;
}

static bool digits3(const char *name, uint64_t *number)
{
    *number = 0;
    for (int i = 0; i < 3; i++) {
        if (name[i] < '0' || name[i] > '9') return false;
        *number = *number * 10 + (uint64_t)(name[i] - '0');
    }
    return true;
}

/* Where in the tree of tiles a directory stands. */
struct place {
    int level;
    uint64_t above; /* the number that its x-parts give so far */
    unsigned depth; /* how many there are */
};

static enum status check_partials(struct verify *v, const char *directory, struct error *error)
{
    OWN(buffer_clear) struct buffer names = {0};
    bool there;
    TRY(list(v, directory, &names, &there, error));
    const char *name;
    for (size_t at = 0; (name = name_next(&names, &at)) != NULL;)
        if (width_parse(name) == 0) unexpected(v, directory, name);
    return STATUS_DONE;
}

static enum status check_place(struct verify *v, const char *directory, struct place place, struct error *error);

/* One name below tile/<L>: "x001" (more below), "067" (a tile) or "067.p" (its partials). */
static enum status check_name(struct verify *v, const char *directory, const char *name, struct place place,
                              struct error *error)
{
    char path[LOG_PATH_SIZE], wanted[LOG_PATH_SIZE];
    uint64_t part;
    size_t size = strlen(name);
    bool more = size == 4 && name[0] == 'x' && digits3(name + 1, &part);
    bool tile = size == 3 && digits3(name, &part);
    bool partials = size == 5 && strcmp(name + 3, ".p") == 0 && digits3(name, &part);
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof path || !(more || tile || partials) || place.depth > 6)
        return unexpected(v, directory, name);
    uint64_t n = place.above * 1000 + part;
    if (more) return check_place(v, path, (struct place){place.level, n, place.depth + 1}, error);
    tile_path(wanted, v->directory, place.level, n, TILE_WIDTH);
    if (strncmp(wanted, path, strlen(wanted)) != 0) return unexpected(v, directory, name);
    return partials ? check_partials(v, path, error) : STATUS_DONE;
}

static enum status check_place(struct verify *v, const char *directory, struct place place, struct error *error)
{
    OWN(buffer_clear) struct buffer names = {0};
    bool there;
    TRY(list(v, directory, &names, &there, error));
    const char *name;
    for (size_t at = 0; (name = name_next(&names, &at)) != NULL;) TRY(check_name(v, directory, name, place, error));
    return STATUS_DONE;
}

static enum status check_levels(struct verify *v, struct error *error)
{
    char tile[LOG_PATH_SIZE], path[LOG_PATH_SIZE + 16];
    OWN(buffer_clear) struct buffer names = {0};
    bool there;
    TRY(log_path(tile, v->directory, "tile", error));
    TRY(list(v, tile, &names, &there, error));
    const char *name;
    for (size_t at = 0; (name = name_next(&names, &at)) != NULL;) {
        bool entries = strcmp(name, "entries") == 0;
        bool level = name[0] >= '0' && name[0] < '0' + TILE_LEVELS && name[1] == '\0';
        if (!entries && !level) {
            unexpected(v, tile, name);
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", tile, name);
        TRY(check_place(v, path, (struct place){entries ? TILE_ENTRIES : name[0] - '0', 0, 0}, error));
    }
    return STATUS_DONE;
}

enum status verify_names(struct verify *v, struct error *error)
{
    static const char *const known[] = {"journal", "checkpoint", "tile", "following"};
    static const char *const parts[] = {"lock", "index", "key"};
    OWN(buffer_clear) struct buffer names = {0};
    bool there;
    TRY(list(v, v->directory, &names, &there, error));
    const char *name;
    for (size_t at = 0; (name = name_next(&names, &at)) != NULL;) {
        bool good = file_is_unfinished(name); /* what a crash leaves of a file that was being made */
        for (size_t i = 0; i < COUNT_OF(known); i++) good = good || strcmp(name, known[i]) == 0;
        for (size_t i = 0; i < COUNT_OF(parts); i++) good = good || strstr(name, parts[i]) != NULL;
        if (!good) unexpected(v, v->directory, name);
    }
    return check_levels(v, error);
}
