/* The real machine: thin over POSIX, with what POSIX leaves open decided here (interrupted calls, directories' sync).
 */
#include "system/system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int real_open(void *context, const char *path, int flags, mode_t mode)
{
    (void)context;
    int file;
    do file = open(path, flags | O_CLOEXEC, mode);
    while (file < 0 && errno == EINTR);
    return file;
}

static int real_close(void *context, int file)
{
    (void)context;
    return close(file); /* never retried: on Linux the descriptor is gone whatever close says */
}

static ssize_t real_read(void *context, int file, void *out, size_t size, off_t at)
{
    (void)context;
    ssize_t got;
    do got = pread(file, out, size, at);
    while (got < 0 && errno == EINTR);
    return got;
}

static ssize_t real_write(void *context, int file, const void *data, size_t size, off_t at)
{
    (void)context;
    ssize_t put;
    do put = pwrite(file, data, size, at);
    while (put < 0 && errno == EINTR);
    return put;
}

/* fdatasync for files. A new name in a directory need not change its size, and then ext4's fdatasync may leave it out:
 * directories get fsync. An interrupted sync is not retried as if nothing was: EINTR counts as a failure. */
static int real_sync(void *context, int file)
{
    (void)context;
    struct stat about;
    if (fstat(file, &about) != 0) return -1;
    return S_ISDIR(about.st_mode) ? fsync(file) : fdatasync(file);
}

static int real_truncate(void *context, int file, off_t size)
{
    (void)context;
    int done;
    do done = ftruncate(file, size);
    while (done < 0 && errno == EINTR);
    return done;
}

static off_t real_size(void *context, int file)
{
    (void)context;
    struct stat about;
    return fstat(file, &about) == 0 ? about.st_size : -1;
}

static int real_rename(void *context, const char *from, const char *to)
{
    (void)context;
    return rename(from, to);
}

static int real_exchange(void *context, const char *from, const char *to)
{
    (void)context;
    struct stat there;
    if (lstat(to, &there) != 0) return -1;
    if (!S_ISDIR(there.st_mode)) return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
    errno = EISDIR;
    return -1;
}

/* Where a file system has no rename that refuses (NFS), a second name does it. */
static int real_rename_new(void *context, const char *from, const char *to)
{
    (void)context;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    return link(from, to) == 0 ? unlink(from) : -1;
}

static int real_remove(void *context, const char *path)
{
    (void)context;
    return remove(path); /* an empty directory goes too */
}

static int real_make_directory(void *context, const char *path, mode_t mode)
{
    (void)context;
    return mkdir(path, mode);
}

/* An open-file-description lock: it goes with the descriptor (also at a crash), and a second one in the same process
 * conflicts too. */
static int real_lock(void *context, int file)
{
    (void)context;
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(file, F_OFD_SETLK, &whole) == 0) return 0;
    if (errno == EAGAIN || errno == EACCES) errno = EWOULDBLOCK;
    return -1;
}

static int64_t real_now_ms(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int real_list(void *context, const char *directory, struct buffer *names)
{
    (void)context;
    DIR *open_directory = opendir(directory);
    if (open_directory == NULL) return -1;
    const struct dirent *entry;
    errno = 0;
    while ((entry = readdir(open_directory)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            buffer_put(names, slice_of(entry->d_name, strlen(entry->d_name) + 1));
        errno = 0;
    }
    int trouble = errno != 0 ? errno : names->failed ? ENOMEM : 0;
    closedir(open_directory);
    errno = trouble;
    return trouble == 0 ? 0 : -1;
}

const struct system system_real = {
    .open = real_open,
    .close = real_close,
    .read = real_read,
    .write = real_write,
    .sync = real_sync,
    .truncate = real_truncate,
    .size = real_size,
    .rename = real_rename,
    .exchange = real_exchange,
    .rename_new = real_rename_new,
    .remove = real_remove,
    .make_directory = real_make_directory,
    .lock = real_lock,
    .now_ms = real_now_ms,
    .list = real_list,
};
