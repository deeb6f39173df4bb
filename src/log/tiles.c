/* Where C2SP tlog-tiles puts things, and reading hash tiles. */
#include "log/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

/* "x001/x234/067" of 1234067 into out; the part before its last slash is tile_directory's. */
static int index_path(char out[32], uint64_t n)
{
    char reversed[8][5];
    size_t parts = 0;
    do {
        snprintf(reversed[parts], sizeof reversed[parts], "%s%03u", parts == 0 ? "" : "x", (unsigned)(n % 1000));
        parts++;
        n /= 1000;
    } while (n > 0 && parts < COUNT_OF(reversed));
    int used = 0;
    while (parts > 0) {
        parts--;
        used += snprintf(out + used, 32 - (size_t)used, "%s%s", used == 0 ? "" : "/", reversed[parts]);
    }
    return used;
}

static void level_path(char out[LOG_PATH_SIZE], const char *directory, int level)
{
    if (level == TILE_ENTRIES)
        snprintf(out, LOG_PATH_SIZE, "%s/tile/entries", directory);
    else
        snprintf(out, LOG_PATH_SIZE, "%s/tile/%d", directory, level);
}

static void append(char out[LOG_PATH_SIZE], const char *string)
{
    size_t used = strlen(out);
    snprintf(out + used, LOG_PATH_SIZE - used, "%s", string);
}

void tile_path(char out[LOG_PATH_SIZE], const char *directory, int level, uint64_t n, unsigned width)
{
    char index[32], part[16];
    index_path(index, n);
    level_path(out, directory, level);
    append(out, "/");
    append(out, index);
    if (width == TILE_WIDTH) return;
    snprintf(part, sizeof part, ".p/%u", width);
    append(out, part);
}

void log_tile_path(char out[LOG_TILE_PATH_SIZE], int level, uint64_t n, unsigned width)
{
    char path[LOG_PATH_SIZE];
    tile_path(path, "", level, n, width);
    snprintf(out, LOG_TILE_PATH_SIZE, "%.63s", path + 1);
}

void tile_directory(char out[LOG_PATH_SIZE], const char *directory, int level, uint64_t n, bool partial)
{
    tile_path(out, directory, level, n, partial ? 1 : TILE_WIDTH);
    *strrchr(out, '/') = '\0';
}

enum status tile_read(const struct system *system, const char *directory, unsigned level, uint64_t n, unsigned width,
                      struct hash *out, struct error *error)
{
    char path[LOG_PATH_SIZE];
    tile_path(path, directory, (int)level, n, width);
    int file = system->open(system->context, path, O_RDONLY, 0);
    if (file < 0 && errno == ENOENT)
        return log_damaged(
            error, "The log's file {0} is missing. Run `truce verify` to see all that is damaged; nothing was changed.",
            path, -1);
    if (file < 0) return error_system(error, "open", path, errno);
    off_t size = system->size(system->context, file);
    ssize_t got = file_read_at(system, file, out, (size_t)width * HASH_BYTES, 0);
    int trouble = errno;
    system->close(system->context, file);
    if (size < 0 || got < 0) return error_system(error, "read", path, trouble);
    if ((size_t)got != (size_t)width * HASH_BYTES || size != got)
        return log_damaged(error,
                           "The log's file {0} has another size than its name says. Run `truce verify` to see all that "
                           "is damaged; nothing was changed.",
                           path, got);
    return STATUS_DONE;
}

/* ---- names that others ask for */

static bool take_number(struct slice *rest, size_t digits_most, uint64_t *out)
{
    size_t digits = 0;
    for (*out = 0;
         digits < rest->size && digits < digits_most && rest->data[digits] >= '0' && rest->data[digits] <= '9';
         digits++)
        *out = *out * 10 + (uint64_t)(rest->data[digits] - '0');
    *rest = slice_part(*rest, digits, SIZE_MAX);
    return digits > 0;
}

static bool take_text(struct slice *rest, const char *text)
{
    if (!slice_starts(*rest, text)) return false;
    *rest = slice_part(*rest, strlen(text), SIZE_MAX);
    return true;
}

struct tile_name {
    int level;
    uint64_t n;
    unsigned width;
};

/* Read loosely and spelled again: only what comes out the same is a name. */
static bool tile_name_parse(struct tile_name *out, struct slice path)
{
    char spelled[LOG_PATH_SIZE];
    struct slice rest = path;
    uint64_t level = 0, n = 0, group, width = TILE_WIDTH;
    if (!take_text(&rest, "tile/")) return false;
    bool entries = take_text(&rest, "entries/");
    if (!entries && (!take_number(&rest, 2, &level) || level > 63 || !take_text(&rest, "/"))) return false;
    for (size_t groups = 0; take_text(&rest, "x"); groups++) {
        if (groups == 5 || !take_number(&rest, 3, &group) || !take_text(&rest, "/")) return false;
        n = n * 1000 + group;
    }
    if (!take_number(&rest, 3, &group)) return false;
    n = n * 1000 + group;
    if (take_text(&rest, ".p/") && (!take_number(&rest, 3, &width) || width == 0 || width >= TILE_WIDTH)) return false;
    *out = (struct tile_name){entries ? TILE_ENTRIES : (int)level, n, (unsigned)width};
    tile_path(spelled, "", out->level, n, out->width);
    return slice_is(path, spelled + 1);
}

/* How wide the published tile is; 0: there is none. */
static unsigned width_published(const struct log *log, const struct tile_name *name)
{
    unsigned level = name->level == TILE_ENTRIES ? 0 : (unsigned)name->level;
    if (level >= TILE_LEVELS) return 0;
    uint64_t hashes = log->published >> (8 * level), full = hashes / TILE_WIDTH;
    return name->n < full ? TILE_WIDTH : name->n == full ? (unsigned)(hashes % TILE_WIDTH) : 0;
}

/* The bytes of its first `width` hashes or entries. */
static size_t bytes_of(const struct tile_name *name, struct slice tile)
{
    if (name->level != TILE_ENTRIES) return name->width * HASH_BYTES;
    size_t at = 0;
    for (unsigned i = 0; i < name->width && at + 2 <= tile.size; i++)
        at += 2 + (size_t)(tile.data[at] << 8 | tile.data[at + 1]);
    return at;
}

enum { TILE_TRIES = 4 };

enum status log_tile(struct log *log, struct slice path, struct buffer *out, struct error *error)
{
    char file[LOG_PATH_SIZE];
    struct tile_name name;
    if (!tile_name_parse(&name, path))
        return error_set(error, STATUS_USAGE, "tile-path",
                         "\"{0}\" is no path of a tile: it is tile/LEVEL/N or tile/entries/N, as C2SP tlog-tiles has "
                         "them.",
                         error_slice(path).text, NULL);
    size_t start = out->size;
    for (unsigned tries = 0; tries < TILE_TRIES; tries++) { /* publishing may put a wider one in its place meanwhile */
        unsigned width = width_published(log, &name);
        bool there;
        if (width < name.width) break;
        tile_path(file, log->directory, name.level, name.n, width);
        TRY(file_read_if_there(log->system, file, LOG_BUNDLE_BYTES_MOST, out, &there, error));
        if (!there) continue;
        struct slice tile = slice_part(buffer_slice(out), start, SIZE_MAX);
        size_t size = bytes_of(&name, tile);
        if (size > tile.size)
            return log_damaged(error,
                               "The log's file {0} has another size than its name says. Run `truce verify` to see all "
                               "that is damaged; nothing was changed.",
                               file, (int64_t)tile.size);
        out->size = start + size;
        return STATUS_DONE;
    }
    return error_set(error, STATUS_FAILED, "tile-absent", "The published log has no {0} yet.", error_slice(path).text,
                     NULL);
}
