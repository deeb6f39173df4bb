/* The file of kept facts: DIRECTORY/index.facts. A header that says of what make it is and of which prefix of the log,
 * the facts, and the SHA-256 of both. What does not fit, or is not whole, is as if it were not there. */
#include "register/sight.h"

#include "crypto/hash.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 1 << 20 };

struct header {
    char make[48]; /* another version of the program may mean something else by the same bytes */
    uint64_t size;
    struct hash root;
};

struct stream {
    const struct system *system;
    struct hasher *hasher; /* while writing, and while it is looked whether it is whole */
    uint8_t *chunk;
    size_t filled, used;
    off_t at, end;
    int file;
    bool failed;
};

static void find_make(char make[48])
{
    memset(make, 0, 48);
    snprintf(make, 48, "truce facts 4, version %s\n", truce_version());
}

static void stream_close(struct stream *s)
{
    if (s->hasher != NULL) (void)hasher_close(&s->hasher);
    if (s->file >= 0) (void)s->system->close(s->system->context, s->file);
    free(s->chunk);
}

/* ---- writing */

static bool flush(struct stream *s)
{
    struct slice data = slice_of(s->chunk, s->filled);
    if (s->filled == 0) return !s->failed;
    hasher_add(s->hasher, data);
    s->failed = s->failed || file_write_all(s->system, s->file, "index.facts", data, s->at, NULL) != STATUS_DONE;
    s->at += (off_t)s->filled;
    s->filled = 0;
    return !s->failed;
}

static bool on_bytes(void *context, const void *data, size_t size)
{
    struct stream *s = context;
    const uint8_t *from = data;
    while (size > 0 && !s->failed) {
        size_t some = CHUNK - s->filled < size ? CHUNK - s->filled : size;
        memcpy(s->chunk + s->filled, from, some);
        s->filled += some;
        from += some;
        size -= some;
        if (s->filled == CHUNK) flush(s);
    }
    return !s->failed;
}

static bool write_all(struct stream *s, const struct header *header, const struct view *view)
{
    struct error ignored;
    if (!on_bytes(s, header, sizeof *header) || view_keep(view, on_bytes, s, &ignored) != STATUS_DONE || !flush(s))
        return false;
    struct hash whole = hasher_close(&s->hasher);
    return file_write_all(s->system, s->file, "index.facts", slice_of(whole.bytes, HASH_BYTES), s->at, NULL) ==
           STATUS_DONE;
}

void kept_write(struct truce_register *reg, const struct view *view)
{
    char path[REGISTER_PATH_SIZE], name[64], beside[REGISTER_PATH_SIZE];
    struct header header = {.size = view_size(view)};
    const struct system *system = reg->system;
    find_make(header.make);
    snprintf(name, sizeof name, "index.facts.%ld.new", (long)getpid());
    if (register_path(path, reg->directory, "index.facts", NULL) != STATUS_DONE ||
        register_path(beside, reg->directory, name, NULL) != STATUS_DONE ||
        log_root(reg->log, header.size, &header.root, NULL) != STATUS_DONE)
        return;
    struct stream s = {.system = system, .hasher = hasher_open(), .chunk = malloc(CHUNK)};
    s.file = system->open(system->context, beside, O_RDWR | O_CREAT | O_TRUNC, 0600);
    bool made = s.file >= 0, good = s.hasher != NULL && s.chunk != NULL && made && write_all(&s, &header, view);
    stream_close(&s);
    if (good) good = system->rename(system->context, beside, path) == 0;
    if (!good && made) (void)system->remove(system->context, beside);
}

/* ---- reading */

static bool fill(struct stream *s)
{
    size_t left = (size_t)(s->end - s->at), some = left < CHUNK ? left : CHUNK;
    ssize_t got = some == 0 ? 0 : file_read_at(s->system, s->file, s->chunk, some, s->at);
    if (got != (ssize_t)some || some == 0) return false;
    s->at += (off_t)some;
    s->filled = some;
    s->used = 0;
    return true;
}

static bool next_bytes(void *context, void *out, size_t size)
{
    struct stream *s = context;
    uint8_t *to = out;
    while (size > 0) {
        if (s->used == s->filled && !fill(s)) return false;
        size_t some = s->filled - s->used < size ? s->filled - s->used : size;
        memcpy(to, s->chunk + s->used, some);
        s->used += some;
        to += some;
        size -= some;
    }
    return true;
}

/* Nothing of it is used before all of it was hashed. */
static bool is_whole(struct stream *s)
{
    struct hash told, whole;
    if (file_read_at(s->system, s->file, told.bytes, HASH_BYTES, s->end) != HASH_BYTES) return false;
    while (s->at < s->end) {
        if (!fill(s)) return false;
        hasher_add(s->hasher, slice_of(s->chunk, s->filled));
    }
    whole = hasher_close(&s->hasher);
    s->at = 0;
    s->filled = s->used = 0;
    return hash_equal(&told, &whole);
}

static bool of_this_log(struct truce_register *reg, const struct header *header, uint64_t most)
{
    struct hash root;
    char make[48];
    find_make(make);
    return memcmp(header->make, make, sizeof make) == 0 && header->size <= most &&
           log_root(reg->log, header->size, &root, NULL) == STATUS_DONE && hash_equal(&root, &header->root);
}

/* What says of itself that it is of a longer log is not read to the end to be told so. */
static bool is_short_enough(struct stream *s, uint64_t most)
{
    struct header header;
    return file_read_at(s->system, s->file, &header, sizeof header, 0) == (ssize_t)sizeof header && header.size <= most;
}

static struct view *read_all(struct truce_register *reg, struct stream *s, uint64_t most)
{
    struct header header;
    struct view *view = NULL;
    struct members *members;
    struct error ignored;
    if (!next_bytes(s, &header, sizeof header) || !of_this_log(reg, &header, most)) return NULL;
    if (view_take(&view, next_bytes, s, &ignored) != STATUS_DONE) return NULL;
    if (register_members(reg, reg->index, header.size, &members, &ignored) == STATUS_DONE) {
        view_members(view, members);
        return view;
    }
    view_close(&view);
    return NULL;
}

struct view *kept_read(struct truce_register *reg, uint64_t most)
{
    char path[REGISTER_PATH_SIZE];
    struct view *view = NULL;
    if (register_path(path, reg->directory, "index.facts", NULL) != STATUS_DONE) return NULL;
    struct stream s = {.system = reg->system, .hasher = hasher_open(), .chunk = malloc(CHUNK)};
    s.file = reg->system->open(reg->system->context, path, O_RDONLY, 0);
    off_t size = s.file < 0 ? -1 : reg->system->size(reg->system->context, s.file);
    s.end = size - HASH_BYTES;
    if (s.hasher != NULL && s.chunk != NULL && s.end > (off_t)sizeof(struct header) && is_short_enough(&s, most) &&
        is_whole(&s))
        view = read_all(reg, &s, most);
    stream_close(&s);
    return view;
}
