/* Whole files, built from the table of functions alone. */
#include "system/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static enum status path_too_long(const char *path, struct error *error)
{
    return error_set(error, STATUS_FAILED, "file-path-too-long", "The path {0} is longer than {1} bytes.", path,
                     error_number(PATH_SIZE - 1).text, NULL);
}

ssize_t file_read_at(const struct system *system, int file, void *out, size_t size, off_t at)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = system->read(system->context, file, (uint8_t *)out + done, size - done, at + (off_t)done);
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static enum status read_open(const struct system *system, int file, const char *path, size_t most_bytes,
                             struct buffer *out, struct error *error)
{
    off_t size = system->size(system->context, file);
    if (size < 0) return error_system(error, "read", path, errno);
    if ((uint64_t)size > most_bytes)
        return error_set(error, STATUS_REFUSED, "file-too-large", "The file {0} is larger than {1} bytes.", path,
                         error_number((int64_t)most_bytes).text, NULL);
    uint8_t *room = buffer_reserve(out, (size_t)size);
    if (room == NULL) return buffer_finish(out, error);
    ssize_t got = file_read_at(system, file, room, (size_t)size, 0);
    if (got < 0) return error_system(error, "read", path, errno);
    buffer_advance(out, (size_t)got);
    return STATUS_DONE;
}

enum status file_read_if_there(const struct system *system, const char *path, size_t most_bytes, struct buffer *out,
                               bool *there, struct error *error)
{
    int file = system->open(system->context, path, O_RDONLY, 0);
    if (file < 0 && errno == ENOENT) {
        *there = false;
        return STATUS_DONE;
    }
    if (file < 0) return error_system(error, "open", path, errno);
    enum status status = read_open(system, file, path, most_bytes, out, error);
    system->close(system->context, file);
    *there = true;
    return status;
}

enum status file_read_all(const struct system *system, const char *path, size_t most_bytes, struct buffer *out,
                          struct error *error)
{
    bool there;
    TRY(file_read_if_there(system, path, most_bytes, out, &there, error));
    return there ? STATUS_DONE : error_system(error, "open", path, ENOENT);
}

enum status file_write_all(const struct system *system, int file, const char *path, struct slice data, off_t at,
                           struct error *error)
{
    size_t done = 0;
    while (done < data.size) {
        ssize_t put = system->write(system->context, file, data.data + done, data.size - done, at + (off_t)done);
        if (put < 0) return error_system(error, "write", path, errno);
        if (put == 0) return error_system(error, "write", path, ENOSPC);
        done += (size_t)put;
    }
    return STATUS_DONE;
}

static enum status sync_file(const struct system *system, int file, const char *path, struct error *error)
{
    if (system->sync(system->context, file) == 0) return STATUS_DONE;
    return error_system(error, "sync", path, errno);
}

static enum status write_synced(const struct system *system, int file, const char *path, struct slice data,
                                struct error *error)
{
    if (file < 0) return error_system(error, "create", path, errno);
    enum status status = file_write_all(system, file, path, data, 0, error);
    if (status == STATUS_DONE) status = sync_file(system, file, path, error);
    if (system->close(system->context, file) != 0 && status == STATUS_DONE)
        status = error_system(error, "close", path, errno);
    return status;
}

static const char unfinished[] = ".new";

bool file_is_unfinished(const char *name)
{
    size_t size = strlen(name), end = sizeof unfinished - 1;
    return size > end && strcmp(name + size - end, unfinished) == 0;
}

/* The directory that holds `path`. */
static void parent_of(const char *path, char out[PATH_SIZE])
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);
    memcpy(out, path, size);
    if (slash == NULL)
        out[size++] = '.';
    else if (size == 0)
        out[size++] = '/';
    out[size] = '\0';
}

enum status directory_sync(const struct system *system, const char *path, struct error *error)
{
    int file = system->open(system->context, path, O_RDONLY | O_DIRECTORY, 0);
    if (file < 0) return error_system(error, "open", path, errno);
    enum status status = sync_file(system, file, path, error);
    system->close(system->context, file);
    return status;
}

static enum status parent_sync(const struct system *system, const char *path, struct error *error)
{
    char parent[PATH_SIZE];
    parent_of(path, parent);
    return directory_sync(system, parent, error);
}

/* What is there may have another name after a crash: the one that it had before an exchange. Until that is durable it
 * is not written over. */
int file_open_beside(const struct system *system, const char *beside, mode_t mode)
{
    int file = system->open(system->context, beside, O_RDWR | O_CREAT | O_EXCL, mode);
    if (file >= 0 || errno != EEXIST) return file;
    if (parent_sync(system, beside, NULL) != STATUS_DONE || system->remove(system->context, beside) != 0) return -1;
    return system->open(system->context, beside, O_RDWR | O_CREAT | O_EXCL, mode);
}

enum status file_put(const struct system *system, const char *path, struct slice data, mode_t mode, struct error *error)
{
    if (strlen(path) >= PATH_SIZE) return path_too_long(path, error);
    return write_synced(system, file_open_beside(system, path, mode), path, data, error);
}

enum status file_take_place(const struct system *system, const char *beside, const char *path, bool *moved,
                            struct error *error)
{
    bool exchanged = system->exchange(system->context, beside, path) == 0;
    bool renamed = !exchanged && system->rename(system->context, beside, path) == 0;
    if (moved != NULL) *moved = exchanged || renamed;
    if (!exchanged && !renamed) {
        enum status status = error_system(error, "replace", path, errno);
        system->remove(system->context, beside);
        return status;
    }
    TRY(parent_sync(system, path, error));
    if (exchanged) system->remove(system->context, beside);
    return STATUS_DONE;
}

static enum status path_beside(char out[PATH_SIZE], const char *path, struct error *error)
{
    int size = snprintf(out, PATH_SIZE, "%s%s", path, unfinished);
    return size < 0 || size >= PATH_SIZE ? path_too_long(path, error) : STATUS_DONE;
}

/* It keeps a name until the loss of its own is durable, as in file_take_place. */
enum status file_let_go(const struct system *system, const char *path, struct error *error)
{
    char beside[PATH_SIZE];
    TRY(path_beside(beside, path, error));
    if (system->rename(system->context, path, beside) != 0) return error_system(error, "remove", path, errno);
    TRY(parent_sync(system, path, error));
    system->remove(system->context, beside);
    return STATUS_DONE;
}

enum status file_replace(const struct system *system, const char *path, struct slice data, mode_t mode,
                         struct error *error)
{
    char beside[PATH_SIZE];
    TRY(path_beside(beside, path, error));
    enum status status = file_put(system, beside, data, mode, error);
    if (status == STATUS_DONE) return file_take_place(system, beside, path, NULL, error);
    system->remove(system->context, beside);
    return status;
}

/* A file of our own to write in: several may be creating one name, threads of this process too. */
static int open_beside(const struct system *system, const char *path, mode_t mode, char beside[PATH_SIZE])
{
    static atomic_uint count;
    int file;
    do { /* one that is there is what a crash left of a process with our number */
        int size = snprintf(beside, PATH_SIZE, "%s.%ld-%u%s", path, (long)getpid(), count++, unfinished);
        if (size < 0 || size >= PATH_SIZE) {
            errno = ENAMETOOLONG;
            return -1;
        }
        file = system->open(system->context, beside, O_WRONLY | O_CREAT | O_EXCL, mode);
    } while (file < 0 && errno == EEXIST);
    return file;
}

static enum status file_exists(const char *path, struct error *error)
{
    return error_set(error, STATUS_REFUSED, "file-exists", "The file {0} exists; it is not overwritten.", path, NULL);
}

enum status file_create(const struct system *system, const char *path, struct slice data, mode_t mode,
                        struct error *error)
{
    char beside[PATH_SIZE];
    if (strlen(path) >= PATH_SIZE) return path_too_long(path, error);
    int there = system->open(system->context, path, O_RDONLY, 0);
    if (there >= 0) {
        system->close(system->context, there);
        return file_exists(path, error);
    }
    int file = open_beside(system, path, mode, beside);
    if (file < 0) return error_system(error, "create", path, errno);
    enum status status = write_synced(system, file, path, data, error);
    if (status == STATUS_DONE && system->rename_new(system->context, beside, path) != 0)
        status = errno == EEXIST ? file_exists(path, error) : error_system(error, "create", path, errno);
    if (status != STATUS_DONE) {
        system->remove(system->context, beside);
        return status;
    }
    return parent_sync(system, path, error);
}

enum status directory_make(const struct system *system, const char *path, struct error *error)
{
    if (strlen(path) >= PATH_SIZE) return path_too_long(path, error);
    bool existed = system->make_directory(system->context, path, 0777) != 0;
    if (existed && errno != EEXIST) return error_system(error, "create", path, errno);
    enum status status = parent_sync(system, path, error);
    /* Somebody else's parent directory that may not be read was synced by whoever made this one. */
    return existed && errno == EACCES ? STATUS_DONE : status;
}
