/* The machine as one table of functions: the real one, and in tests one that fails on purpose (a disk that loses, tears
 * or keeps what was not synced). Everything that must survive a crash goes through it. Functions return -1 and set
 * errno as the calls of POSIX do. */
#ifndef TRUCE_SYSTEM_SYSTEM_H
#define TRUCE_SYSTEM_SYSTEM_H

#include "base/buffer.h"
#include "base/error.h"
#include <sys/types.h>

struct system {
    void *context;
    int (*open)(void *context, const char *path, int flags, mode_t mode); /* O_RDONLY, O_RDWR, O_CREAT, … */
    int (*close)(void *context, int file);
    ssize_t (*read)(void *context, int file, void *out, size_t size, off_t at);
    ssize_t (*write)(void *context, int file, const void *data, size_t size, off_t at); /* may be short */
    int (*sync)(void *context, int file); /* fdatasync; fsync for a directory */
    int (*truncate)(void *context, int file, off_t size);
    off_t (*size)(void *context, int file);
    int (*rename)(void *context, const char *from, const char *to);
    int (*exchange)(void *context, const char *from, const char *to);   /* two files; no file system has to know it */
    int (*rename_new)(void *context, const char *from, const char *to); /* EEXIST where `to` is there */
    int (*remove)(void *context, const char *path);                     /* a file, or an empty directory */
    int (*make_directory)(void *context, const char *path, mode_t mode);
    int (*lock)(void *context, int file); /* exclusive, at once or EWOULDBLOCK; held until the file is closed */
    int64_t (*now_ms)(void *context);     /* the clock on the wall, since 1970 */
    int (*list)(void *context, const char *directory, struct buffer *names); /* NUL-terminated names, no . and .. */
};

extern const struct system system_real;

/* Built from the table; path in every error. */
MUST_USE enum status file_read_all(const struct system *system, const char *path, size_t most_bytes, struct buffer *out,
                                   struct error *error);
/* The same, but a file that is not there is no failure: *there tells. */
MUST_USE enum status file_read_if_there(const struct system *system, const char *path, size_t most_bytes,
                                        struct buffer *out, bool *there, struct error *error);
/* As many of `size` bytes as the file has at `at`, over short reads; -1 and errno. */
ssize_t file_read_at(const struct system *system, int file, void *out, size_t size, off_t at);
/* All of `data` at `at`, over short writes. */
MUST_USE enum status file_write_all(const struct system *system, int file, const char *path, struct slice data,
                                    off_t at, struct error *error);
/* An empty file to write in, at the path of what a crash may have left of it; -1 and errno. */
int file_open_beside(const struct system *system, const char *beside, mode_t mode);
/* What was written beside, and synced, takes the place of the file at `path`, if there is one. A crash leaves the one
 * or the other: the old file keeps a name until its loss is durable, for a file system may give its room away before
 * (ext4, data=writeback). After a failure *moved tells which stands there now; where it moved, a crash may undo it.
 * NULL: no matter. */
MUST_USE enum status file_take_place(const struct system *system, const char *beside, const char *path, bool *moved,
                                     struct error *error);
/* The file goes; a crash leaves it whole, or gone. */
MUST_USE enum status file_let_go(const struct system *system, const char *path, struct error *error);
/* Whole file, so that a crash leaves the old or the new: written beside (PATH.new), synced, put in place. */
MUST_USE enum status file_replace(const struct system *system, const char *path, struct slice data, mode_t mode,
                                  struct error *error);
/* New file, refused if it exists; synced with its directory. At no moment, and after no crash, is half a file under its
 * name: it is written beside, under a name that file_is_unfinished knows, and renamed. */
MUST_USE enum status file_create(const struct system *system, const char *path, struct slice data, mode_t mode,
                                 struct error *error);
/* Whole file, whatever was there, synced without its directory: for one that is renamed when it is needed. */
MUST_USE enum status file_put(const struct system *system, const char *path, struct slice data, mode_t mode,
                              struct error *error);
/* Is this the name of what a crash left half written? It ends in .new, and is worth nothing. */
bool file_is_unfinished(const char *name);
MUST_USE enum status directory_make(const struct system *system, const char *path,
                                    struct error *error); /* existing: done */
MUST_USE enum status directory_sync(const struct system *system, const char *path, struct error *error);

#endif
