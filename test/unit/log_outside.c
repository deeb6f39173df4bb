/* The log among other processes, on a directory that may only be read, and on a real disk that is full (L5, L6). */
#include "log/internal.h"
#include "check.h"
#include "scratch.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct signer key;

static void starts(void)
{
    struct error error;
    static const uint8_t bytes[SEED_BYTES] = {7};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(signer_from_seed(&key, slice_from("example.org/log"), bytes, &error) == STATUS_DONE);
}

static struct log *open_new(const char *directory)
{
    struct error error;
    struct log *log = NULL;
    CHECK(log_create(&system_real, directory, &error) == STATUS_DONE);
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE);
    return log;
}

static enum status append(struct log *log, const char *text, struct error *error)
{
    struct slice entry = slice_from(text);
    uint64_t first;
    return log_append(log, &entry, 1, &first, error);
}

/* Runs `child` in a process of its own; whether it exited with 0. */
static bool in_child(int (*child)(const char *directory), const char *directory)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) _exit(child(directory));
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int writer_is_refused(const char *directory)
{
    struct error error;
    struct log *log;
    char pid[32];
    snprintf(pid, sizeof pid, "pid %ld, ", (long)getppid());
    return log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_FAILED &&
                   strcmp(error.code, "log-locked") == 0 && strncmp(error.argument[1], pid, strlen(pid)) == 0
               ? 0
               : 1;
}

static int reader_sees_two(const char *directory)
{
    struct error error;
    struct log *log;
    OWN(buffer_clear) struct buffer entry = {0};
    bool good = log_open(&log, &system_real, directory, LOG_READ, &key, &error) == STATUS_DONE && log_size(log) == 2 &&
                log_published(log) == 1 && log_read(log, 1, &entry, &error) == STATUS_DONE &&
                slice_is(buffer_slice(&entry), "two");
    return good ? 0 : 1;
}

static int dies_with_the_lock(const char *directory)
{
    struct error error;
    struct log *log;
    return log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE &&
                   append(log, "three", &error) == STATUS_DONE
               ? 0
               : 1; /* and the process ends without closing it */
}

static void one_writer_and_many_readers(void)
{
    struct error error;
    struct log *log, *second;
    char *directory = scratch("outside");
    log = open_new(directory);
    CHECK(append(log, "one", &error) == STATUS_DONE && log_publish(log, &error) == STATUS_DONE);
    CHECK(append(log, "two", &error) == STATUS_DONE);
    CHECK(in_child(writer_is_refused, directory));
    CHECK(in_child(reader_sees_two, directory));
    CHECK(log_open(&second, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_FAILED); /* in one process */
    CHECK_STRING(error.code, "log-locked");
    CHECK(in_child(writer_is_refused, directory)); /* still says who holds it */
    log_close(&log);
    CHECK(in_child(dies_with_the_lock, directory));
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE);
    CHECK_INT(log_size(log), 3);
    log_close(&log);
    scratch_remove(directory);
}

/* A writer appends and publishes as fast as it can; whoever reads beside it always finds a whole log. */
static void readers_beside_a_busy_writer(void)
{
    struct error error;
    char *directory = scratch("beside");
    struct log *log = open_new(directory);
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 400; i++) {
            struct log *reader;
            if (log_open(&reader, &system_real, directory, LOG_READ, &key, &error) != STATUS_DONE) _exit(1);
            if (log_refresh(reader, &error) != STATUS_DONE) _exit(2);
            log_close(&reader);
        }
        _exit(0);
    }
    int status = 0;
    for (unsigned i = 0; waitpid(pid, &status, WNOHANG) == 0; i++) {
        CHECK(append(log, "an entry", &error) == STATUS_DONE);
        if (i % 3 == 0) CHECK(log_publish(log, &error) == STATUS_DONE);
    }
    CHECK_INT(WIFEXITED(status) ? WEXITSTATUS(status) : 99, 0);
    log_close(&log);
    scratch_remove(directory);
}

/* Root may write anywhere: the child becomes nobody first. */
static int reads_what_it_may_not_write(const char *directory)
{
    struct error error;
    struct log *log;
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return 1;
    if (log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) != STATUS_FAILED) return 2;
    if (strstr(error.argument[2], strerror(EACCES)) == NULL) return 3;
    if (log_open(&log, &system_real, directory, LOG_READ, &key, &error) != STATUS_DONE || log_size(log) != 1) return 4;
    log_close(&log);
    return log_verify(&system_real, directory, &key.verifier, 1, NULL, NULL, &error) == STATUS_DONE ? 0 : 5;
}

static void a_directory_that_may_only_be_read(void)
{
    struct error error;
    char *directory = scratch("readonly"), path[600];
    struct log *log = open_new(directory);
    CHECK(append(log, "one", &error) == STATUS_DONE);
    log_close(&log);
    static const char *const files[] = {"journal", "lock", "offsets.index", "checkpoint"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        CHECK(chmod(path, 0444) == 0);
    }
    CHECK(chmod(directory, 0555) == 0);
    CHECK(in_child(reads_what_it_may_not_write, directory));
    CHECK(chmod(directory, 0755) == 0);
    scratch_remove(directory);
}

/* A small file system of its own; only root may make one. */
static void a_full_disk(void)
{
    struct error error;
    char *mount_point = scratch("full"), directory[600], filler[600];
    if (mount("truce", mount_point, "tmpfs", 0, "size=256k") != 0) {
        printf("a full disk: left out, no file system may be mounted here (%s)\n", strerror(errno));
        scratch_remove(mount_point);
        return;
    }
    snprintf(directory, sizeof directory, "%s/log", mount_point);
    snprintf(filler, sizeof filler, "%s/filler", mount_point);
    struct log *log = open_new(directory);
    char text[4001];
    memset(text, 'x', 4000);
    text[4000] = '\0';
    uint64_t size = 0;
    while (append(log, text, &error) == STATUS_DONE) size++;
    CHECK(size > 10);
    CHECK_STRING(error.code, "log-full");
    CHECK_STRING(error.argument[1], strerror(ENOSPC));
    CHECK_INT(log_size(log), size);
    while (append(log, "y", &error) == STATUS_DONE) size++; /* what is small may fit still */
    CHECK_STRING(error.code, "log-full");
    CHECK_INT(log_size(log), size);
    log_close(&log);
    /* still full: it reads, and what is in it is whole */
    CHECK(log_open(&log, &system_real, directory, LOG_READ, &key, &error) == STATUS_DONE);
    CHECK_INT(log_size(log), size);
    log_close(&log);
    CHECK(log_verify(&system_real, directory, &key.verifier, 1, NULL, NULL, &error) == STATUS_DONE);
    CHECK(mount("truce", mount_point, "tmpfs", MS_REMOUNT, "size=4m") == 0); /* room again */
    CHECK(log_open(&log, &system_real, directory, LOG_WRITE, &key, &error) == STATUS_DONE);
    CHECK(append(log, text, &error) == STATUS_DONE && log_publish(log, &error) == STATUS_DONE);
    CHECK_INT(log_size(log), size + 1);
    log_close(&log);
    CHECK(log_verify(&system_real, directory, &key.verifier, 1, NULL, NULL, &error) == STATUS_DONE);
    CHECK(umount(mount_point) == 0);
    scratch_remove(mount_point);
}

/* L7: offsets lost or wrong are no matter, to readers and writers. */
static void offsets_are_disposable(void)
{
    struct error error;
    char *directory = scratch("offsets"), path[600];
    struct log *log = open_new(directory);
    for (int i = 0; i < 600; i++) CHECK(append(log, i % 2 == 0 ? "even" : "an odd one", &error) == STATUS_DONE);
    log_close(&log);
    snprintf(path, sizeof path, "%s/offsets.index", directory);
    for (int damage = 0; damage < 3; damage++) {
        if (damage == 0) CHECK(remove(path) == 0);
        if (damage == 1) CHECK(truncate(path, 8 * 599) == 0);
        if (damage == 2) {
            int file = open(path, O_WRONLY);
            CHECK(pwrite(file, "\0\0\0\0\0\0\1\0", 8, 8 * 301) == 8);
            close(file);
        }
        for (int writes = 0; writes < 2; writes++) {
            OWN(buffer_clear) struct buffer entry = {0};
            enum log_mode mode = writes == 0 ? LOG_READ : LOG_WRITE;
            CHECK(log_open(&log, &system_real, directory, mode, &key, &error) == STATUS_DONE);
            CHECK_INT(log_size(log), 600);
            CHECK(log_read(log, 301, &entry, &error) == STATUS_DONE && slice_is(buffer_slice(&entry), "an odd one"));
            log_close(&log);
        }
        struct stat about;
        CHECK(stat(path, &about) == 0 && about.st_size == 8 * 600);
    }
    scratch_remove(directory);
}

TESTS(starts, one_writer_and_many_readers, readers_beside_a_busy_writer, a_directory_that_may_only_be_read, a_full_disk,
      offsets_are_disposable)
