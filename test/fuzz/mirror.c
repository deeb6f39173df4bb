/* A mirror and a host whose files say anything: whatever its checkpoint, tiles and bundles hold, the mirror's log has
 * the host's true entries alone, and readers find it whole. The input changes files as they are read, four bytes each
 * change: which (the last byte of the path's hash, by 3 bits), where, what, and how (set, cut, lengthen, gone, other
 * file); first a byte for the stage of the host that is told first. */
#include "crash/disk.h"
#include "fuzz.h"
#include "peer/copy.h"
#include <errno.h>
#include <pthread.h>

enum { FILES = 64, STAGES = 2, ENTRY_SIZE = 64 };
static const uint64_t stages[STAGES] = {70, 700};
static struct signer key;
static struct disk *disk[STAGES];
static struct system host[STAGES];

static struct slice entry_of(uint64_t i, char text[ENTRY_SIZE])
{
    return slice_of(text, (size_t)snprintf(text, ENTRY_SIZE, "entry %llu", (unsigned long long)i));
}

static void make(size_t stage)
{
    struct error error;
    struct log *log;
    char text[ENTRY_SIZE];
    uint64_t first;
    disk[stage] = disk_open(1);
    host[stage] = disk_system(disk[stage]);
    EXPECT(log_create(&host[stage], "/log", &error) == STATUS_DONE);
    EXPECT(log_open(&log, &host[stage], "/log", LOG_WRITE, &key, &error) == STATUS_DONE);
    for (uint64_t i = 0; i < stages[stage]; i++) {
        struct slice entry = entry_of(i, text);
        EXPECT(log_append(log, &entry, 1, &first, &error) == STATUS_DONE);
    }
    log_close(&log);
}

static void once(void)
{
    static const uint8_t bytes[SEED_BYTES] = {7};
    if (disk[0] != NULL) return;
    EXPECT(crypto_start(NULL) == STATUS_DONE);
    EXPECT(signer_from_seed(&key, slice_from("example.org/log"), bytes, NULL) == STATUS_DONE);
    for (size_t i = 0; i < STAGES; i++) make(i);
}

/* ---- the host's files, changed */

static struct liar {
    pthread_mutex_t mutex;
    size_t stage;
    struct slice changes;
    struct buffer file[FILES];
    bool used[FILES];
} liar = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static uint8_t selector(const char *path)
{
    struct hash hash = hash_of(slice_from(path));
    return hash.bytes[0] & 7;
}

static bool change(struct buffer *bytes, const uint8_t *how)
{
    size_t at = bytes->size == 0 ? 0 : (size_t)how[1] * 37 % bytes->size;
    switch (how[3] & 3) {
    case 0:
        if (bytes->size > 0) bytes->data[at] ^= how[2] | 1;
        return true;
    case 1: bytes->size = at; return true;
    case 2:
        for (unsigned i = 0; i <= how[2]; i++) buffer_put_byte(bytes, how[1]);
        return true;
    default: return (how[2] & 1) == 0;
    }
}

static int lie_open(void *context, const char *path, int flags, mode_t mode)
{
    struct system *true_host = &host[liar.stage];
    bool there = false, kept = true;
    int file = 0;
    (void)context;
    (void)flags;
    (void)mode;
    pthread_mutex_lock(&liar.mutex);
    while (file < FILES && liar.used[file]) file++;
    EXPECT(file < FILES);
    struct buffer *bytes = &liar.file[file];
    buffer_reset(bytes);
    if (file_read_if_there(true_host, path, LOG_BUNDLE_BYTES_MOST, bytes, &there, NULL) != STATUS_DONE) there = false;
    for (size_t at = 0; at + 4 <= liar.changes.size; at += 4)
        if ((liar.changes.data[at] & 7) == selector(path)) kept = change(bytes, liar.changes.data + at) && kept;
    liar.used[file] = there && kept;
    pthread_mutex_unlock(&liar.mutex);
    errno = ENOENT;
    return there && kept ? file : -1;
}

static int lie_close(void *context, int file)
{
    (void)context;
    pthread_mutex_lock(&liar.mutex);
    liar.used[file] = false;
    pthread_mutex_unlock(&liar.mutex);
    return 0;
}

static ssize_t lie_read(void *context, int file, void *out, size_t size, off_t at)
{
    (void)context;
    struct slice part = slice_part(buffer_slice(&liar.file[file]), (size_t)at, size);
    if (part.size > 0) memcpy(out, part.data, part.size);
    return (ssize_t)part.size;
}

static off_t lie_size(void *context, int file)
{
    (void)context;
    return (off_t)liar.file[file].size;
}

/* ---- */

static enum status is_true(void *context, uint64_t index, struct slice entry, struct error *error)
{
    char text[ENTRY_SIZE];
    (void)context;
    (void)error;
    EXPECT(slice_equal(entry, entry_of(index, text)));
    return STATUS_DONE;
}

static void follow(const struct system *system, const struct system *source_system)
{
    struct error error = {.status = STATUS_DONE};
    struct log *log;
    struct source *source;
    struct copy copy;
    const struct source_options options = {.where = "/log"};
    EXPECT(log_open(&log, system, "/m/log", LOG_FOLLOW, NULL, &error) == STATUS_DONE);
    EXPECT(source_open(&source, source_system, &options, &error) == STATUS_DONE);
    EXPECT(copy_open(&copy, system, "/m", log, source, &error) == STATUS_DONE);
    enum status status = copy_look(&copy, &key.verifier, &error);
    if (status == STATUS_DONE) status = copy_take(&copy, &error);
    if (status == STATUS_DONE) status = copy_publish(&copy, &key.verifier, &error);
    if (status != STATUS_DONE) EXPECT(error.code != NULL && error.sentence != NULL);
    EXPECT(copy.evidence[0] == '\0'); /* nobody signed anything else */
    EXPECT(log_walk(log, 0, log_size(log), is_true, NULL, &error) == STATUS_DONE);
    copy_close(&copy);
    source_close(&source);
    log_close(&log);
    EXPECT(log_open(&log, system, "/m/log", LOG_READ, &key, &error) == STATUS_DONE);
    log_close(&log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    once();
    if (size < 1 || size > 256) return 0;
    struct disk *mine = disk_open(1);
    struct system system = disk_system(mine);
    const struct system lying = {.open = lie_open, .close = lie_close, .read = lie_read, .size = lie_size};
    EXPECT(directory_make(&system, "/m", NULL) == STATUS_DONE);
    EXPECT(log_create_following(&system, "/m/log", slice_from(key.verifier.name), NULL) == STATUS_DONE);
    liar.changes = slice_of(data + 1, size - 1);
    for (size_t stage = data[0] % STAGES; stage < STAGES; stage++) {
        liar.stage = stage;
        follow(&system, &lying);
    }
    liar.changes = (struct slice){NULL, 0};
    follow(&system, &lying); /* the truth in the end */
    struct log *log;
    EXPECT(log_open(&log, &system, "/m/log", LOG_READ, &key, NULL) == STATUS_DONE);
    EXPECT(log_published(log) == stages[STAGES - 1]);
    log_close(&log);
    disk_close(&mine);
    return 0;
}
