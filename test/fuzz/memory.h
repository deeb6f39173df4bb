/* A few files in memory, for targets that need files and not their bad luck: a `struct system` whose contents stay
 * allocated from one input to the next. Directories are always there. */
#ifndef TRUCE_TEST_FUZZ_MEMORY_H
#define TRUCE_TEST_FUZZ_MEMORY_H

#include "fuzz.h"
#include "system/system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { MEMORY_FILES = 8, MEMORY_NAME = 64, MEMORY_DIRECTORY = MEMORY_FILES };

static struct memory_file {
    char path[MEMORY_NAME]; /* empty: free */
    struct buffer bytes;
} memory_file[MEMORY_FILES];

static inline void memory_empty(void)
{
    for (size_t i = 0; i < MEMORY_FILES; i++) {
        memory_file[i].path[0] = '\0';
        buffer_reset(&memory_file[i].bytes);
    }
}

static inline int memory_find(const char *path)
{
    for (int i = 0; i < MEMORY_FILES; i++)
        if (strcmp(memory_file[i].path, path) == 0) return i;
    errno = ENOENT;
    return -1;
}

static inline int memory_open(void *context, const char *path, int flags, mode_t mode)
{
    (void)context, (void)mode;
    if ((flags & O_DIRECTORY) != 0) return MEMORY_DIRECTORY;
    int file = memory_find(path);
    if (file >= 0 && (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) {
        errno = EEXIST;
        return -1;
    }
    if (file < 0 && (flags & O_CREAT) == 0) return -1;
    if (file < 0) {
        file = memory_find("");
        EXPECT(file >= 0 && strlen(path) < MEMORY_NAME);
        memcpy(memory_file[file].path, path, strlen(path) + 1);
        buffer_reset(&memory_file[file].bytes);
    }
    if ((flags & O_TRUNC) != 0) buffer_reset(&memory_file[file].bytes);
    return file;
}

static inline int memory_done(void *context, int file)
{
    (void)context, (void)file;
    return 0;
}

static inline ssize_t memory_read(void *context, int file, void *out, size_t size, off_t at)
{
    (void)context;
    struct slice part = slice_part(buffer_slice(&memory_file[file].bytes), (size_t)at, size);
    if (part.size > 0) memcpy(out, part.data, part.size);
    return (ssize_t)part.size;
}

static inline int memory_truncate(void *context, int file, off_t size)
{
    (void)context;
    struct buffer *bytes = &memory_file[file].bytes;
    while (bytes->size < (size_t)size) buffer_put_byte(bytes, 0);
    bytes->size = (size_t)size;
    return 0;
}

static inline ssize_t memory_write(void *context, int file, const void *data, size_t size, off_t at)
{
    struct buffer *bytes = &memory_file[file].bytes;
    size_t end = bytes->size;
    if (end < (size_t)at) memory_truncate(context, file, at);
    bytes->size = (size_t)at;
    buffer_put(bytes, slice_of(data, size));
    if (bytes->size < end) bytes->size = end;
    return (ssize_t)size;
}

static inline off_t memory_size(void *context, int file)
{
    (void)context;
    return (off_t)memory_file[file].bytes.size;
}

static inline int memory_remove(void *context, const char *path)
{
    (void)context;
    int file = memory_find(path);
    if (file >= 0) memory_file[file].path[0] = '\0';
    return file < 0 ? -1 : 0;
}

/* Who has the file open goes on with it under its new name, so the contents stay where they are. */
static inline int memory_rename(void *context, const char *from, const char *to)
{
    int file = memory_find(from);
    if (file < 0) return -1;
    (void)memory_remove(context, to);
    memcpy(memory_file[file].path, to, strlen(to) + 1);
    return 0;
}

static inline int memory_exchange(void *context, const char *from, const char *to)
{
    int file = memory_find(from), other = memory_find(to);
    (void)context;
    if (file < 0 || other < 0) {
        errno = ENOENT;
        return -1;
    }
    memcpy(memory_file[file].path, to, strlen(to) + 1);
    memcpy(memory_file[other].path, from, strlen(from) + 1);
    return 0;
}

static inline int memory_rename_new(void *context, const char *from, const char *to)
{
    if (memory_find(to) < 0) return memory_rename(context, from, to);
    errno = EEXIST;
    return -1;
}

static inline int memory_make_directory(void *context, const char *path, mode_t mode)
{
    (void)context, (void)path, (void)mode;
    errno = EEXIST;
    return -1;
}

static inline int64_t memory_now_ms(void *context)
{
    (void)context;
    return INT64_C(1473696000000);
}

static inline int memory_list(void *context, const char *directory, struct buffer *names)
{
    (void)context;
    size_t size = strlen(directory);
    for (int i = 0; i < MEMORY_FILES; i++) {
        const char *path = memory_file[i].path;
        if (strncmp(path, directory, size) != 0 || path[size] != '/' || strchr(path + size + 1, '/') != NULL) continue;
        buffer_put(names, slice_of(path + size + 1, strlen(path + size + 1) + 1));
    }
    return 0;
}

static const struct system memory_system = {
    .open = memory_open,
    .close = memory_done,
    .read = memory_read,
    .write = memory_write,
    .sync = memory_done,
    .truncate = memory_truncate,
    .size = memory_size,
    .rename = memory_rename,
    .exchange = memory_exchange,
    .rename_new = memory_rename_new,
    .remove = memory_remove,
    .make_directory = memory_make_directory,
    .lock = memory_done,
    .now_ms = memory_now_ms,
    .list = memory_list,
};

#endif
