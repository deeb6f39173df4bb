#include "crash/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { SECTOR = 512, FILES_MOST = 256 };

/* A change not synced. */
struct change {
    enum { CHANGE_WRITE, CHANGE_TRUNCATE, CHANGE_NAME, CHANGE_RENAME } kind;
    bool doomed;        /* a sync failed with it: no later one saves it */
    size_t at;          /* write: where; truncate: the size */
    struct buffer data; /* write: what; names: "to\0from\0" */
    size_t node;        /* names: what it names from here on, 0: nothing */
    size_t other;       /* renamed: and what the old name does */
};

struct name {
    char *text;
    size_t node;
};
struct names {
    struct name *list;
    size_t count;
};
struct node {
    bool directory, locked;
    struct buffer now, safe;
    struct names names_now, names_safe;
    struct change *changes;
    size_t change_count;
};
struct disk {
    struct node *nodes; /* [0] is nothing, [1] the root */
    size_t node_count;
    struct {
        size_t node;
        bool open, locks, writes;
    } files[FILES_MOST];
    uint64_t random, operations, stop_at, fail_at, room, looks, fail_look_at;
    int fail_errno;
    bool stopped, frozen, failed;
    int64_t now_ms;
};

static void *grow(void *list, size_t count, size_t size)
{
    void *grown = realloc(list, (count + 1) * size);
    if (grown == NULL) abort();
    memset((char *)grown + count * size, 0, size);
    return grown;
}

static uint64_t draw(struct disk *disk, uint64_t below)
{
    disk->random = disk->random * 6364136223846793005u + 1442695040888963407u;
    return (disk->random >> 33) % below;
}

static size_t node_new(struct disk *disk, bool directory)
{
    disk->nodes = grow(disk->nodes, disk->node_count, sizeof *disk->nodes);
    disk->nodes[disk->node_count].directory = directory;
    return disk->node_count++;
}

/* ---- names */

static size_t names_find(const struct names *names, const char *text)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i].text, text) == 0) return names->list[i].node;
    return 0;
}

static void names_set(struct names *names, const char *text, size_t node)
{
    size_t i = 0;
    while (i < names->count && strcmp(names->list[i].text, text) != 0) i++;
    if (i < names->count && node != 0) {
        names->list[i].node = node;
    } else if (i < names->count) {
        free(names->list[i].text);
        names->list[i] = names->list[--names->count];
    } else if (node != 0) {
        names->list = grow(names->list, names->count, sizeof *names->list);
        names->list[names->count++] = (struct name){strdup(text), node};
    }
}

static void names_clear(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) free(names->list[i].text);
    free(names->list);
    *names = (struct names){0};
}

static void names_copy(struct names *to, const struct names *from)
{
    names_clear(to);
    for (size_t i = 0; i < from->count; i++) names_set(to, from->list[i].text, from->list[i].node);
}

/* ---- changes */

static struct change *change_new(struct node *node)
{
    node->changes = grow(node->changes, node->change_count, sizeof *node->changes);
    return &node->changes[node->change_count++];
}

static void bytes_grow(struct buffer *to, size_t size)
{
    size_t more = size > to->size ? size - to->size : 0;
    uint8_t *room = buffer_reserve(to, more);
    if (room == NULL) abort();
    memset(room, 0, more);
    buffer_advance(to, more);
}

static void bytes_write(struct buffer *to, size_t at, struct slice data)
{
    bytes_grow(to, at + data.size);
    if (data.size > 0) memcpy(to->data + at, data.data, data.size);
}

static void bytes_truncate(struct buffer *to, size_t size)
{
    bytes_grow(to, size);
    to->size = size;
}

static void names_change(struct names *names, const struct change *change)
{
    const char *to = (const char *)change->data.data;
    if (change->kind == CHANGE_RENAME) names_set(names, to + strlen(to) + 1, change->other);
    names_set(names, to, change->node);
}

static void change_apply(const struct change *change, struct buffer *bytes, struct names *names)
{
    switch (change->kind) {
    case CHANGE_WRITE: bytes_write(bytes, change->at, buffer_slice(&change->data)); break;
    case CHANGE_TRUNCATE: bytes_truncate(bytes, change->at); break;
    case CHANGE_NAME:
    case CHANGE_RENAME: names_change(names, change); break;
    }
}

/* A torn write: a prefix of it, or any of its sectors. */
static void change_tear(struct disk *disk, const struct change *change, struct buffer *bytes)
{
    size_t size = change->data.size;
    if (draw(disk, 2) == 0) {
        bytes_write(bytes, change->at, slice_part(buffer_slice(&change->data), 0, (size_t)draw(disk, size + 1)));
        return;
    }
    for (size_t from = 0; from < size;) {
        size_t part = SECTOR - (change->at + from) % SECTOR;
        if (part > size - from) part = size - from;
        if (draw(disk, 2) == 0)
            bytes_write(bytes, change->at + from, slice_part(buffer_slice(&change->data), from, part));
        from += part;
    }
}

/* Writes change places; truncations and names stay where they were among them, as a journal keeps them in order. */
static void changes_shuffle(struct disk *disk, struct change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t other = i + (size_t)draw(disk, count - i);
        if (changes[i].kind != CHANGE_WRITE || changes[other].kind != CHANGE_WRITE) continue;
        struct change swapped = changes[i];
        changes[i] = changes[other];
        changes[other] = swapped;
    }
}

/* One of the writes up to change `last`, once more. */
static void change_repeat(struct disk *disk, struct node *node, size_t last)
{
    const struct change *change = &node->changes[draw(disk, last + 1)];
    if (change->kind == CHANGE_WRITE) change_apply(change, &node->safe, &node->names_safe);
}

static bool change_keeps(const struct change *change, enum disk_loss loss, uint64_t fate)
{
    switch (loss) {
    case DISK_KEEPS: return !change->doomed;
    case DISK_TEARS: return fate == 0;
    case DISK_REORDERS: return fate != 0;
    case DISK_DUPLICATES: return fate < 7;
    case DISK_LOSES:
    case DISK_REUSES:
    case DISK_LOSSES: break;
    }
    return false;
}

static void node_crash(struct disk *disk, struct node *node, enum disk_loss loss)
{
    if (loss == DISK_REORDERS) changes_shuffle(disk, node->changes, node->change_count);
    for (size_t i = 0; i < node->change_count; i++) {
        const struct change *change = &node->changes[i];
        uint64_t fate = draw(disk, loss == DISK_DUPLICATES ? 8 : 3);
        if (change_keeps(change, loss, fate))
            change_apply(change, &node->safe, &node->names_safe);
        else if (loss == DISK_TEARS && fate == 1 && change->kind == CHANGE_WRITE)
            change_tear(disk, change, &node->safe);
        if (loss == DISK_DUPLICATES && draw(disk, 2) == 0) change_repeat(disk, node, i);
    }
    for (size_t i = 0; i < node->change_count; i++) buffer_clear(&node->changes[i].data);
    node->change_count = 0;
    buffer_reset(&node->now);
    buffer_put(&node->now, buffer_slice(&node->safe));
    names_copy(&node->names_now, &node->names_safe);
}

/* What a failed sync left unsaved is overwritten, or cut off, like anything else: its old bytes come back no more. */
static void change_outdate(struct change *old, const struct change *now)
{
    if (old->kind != CHANGE_WRITE) return;
    size_t end = old->at + old->data.size;
    if (now->kind == CHANGE_TRUNCATE && now->at < end) old->data.size = now->at > old->at ? now->at - old->at : 0;
    if (now->kind != CHANGE_WRITE) return;
    size_t from = old->at > now->at ? old->at : now->at;
    size_t to = end < now->at + now->data.size ? end : now->at + now->data.size;
    if (from < to) memcpy(old->data.data + (from - old->at), now->data.data + (from - now->at), to - from);
}

static void node_sync(struct node *node)
{
    size_t kept = 0;
    for (size_t i = 0; i < node->change_count; i++) {
        if (node->changes[i].doomed) {
            node->changes[kept++] = node->changes[i];
            continue;
        }
        change_apply(&node->changes[i], &node->safe, &node->names_safe);
        for (size_t k = 0; k < kept; k++) change_outdate(&node->changes[k], &node->changes[i]);
        buffer_clear(&node->changes[i].data);
    }
    node->change_count = kept;
}

/* ---- the table */

/* Counts an operation; false if it must fail, with errno set. */
static bool allowed(struct disk *disk)
{
    disk->operations += !disk->frozen;
    if (disk->stop_at != 0 && disk->operations >= disk->stop_at) disk->stopped = true;
    if (disk->stopped || disk->frozen) {
        errno = EIO;
        return false;
    }
    if (disk->fail_at == 0 || disk->operations != disk->fail_at) return true;
    disk->failed = true;
    errno = disk->fail_errno;
    return false;
}

/* Counts a look at what is there; false if it must fail. */
static bool can_look(struct disk *disk)
{
    if (disk->frozen) return true;
    if (++disk->looks != disk->fail_look_at) return true;
    disk->failed = true;
    errno = EIO;
    return false;
}

/* The directory that holds the path's last part, which is copied to `last`; 0 and errno if there is none. */
static size_t path_parent(struct disk *disk, const char *path, char last[256])
{
    size_t at = 1;
    *last = '\0';
    while (*path != '\0') {
        while (*path == '/') path++;
        size_t size = strcspn(path, "/");
        if (size == 0) break;
        if (*last != '\0') at = names_find(&disk->nodes[at].names_now, last);
        if (at == 0 || !disk->nodes[at].directory) {
            errno = at == 0 ? ENOENT : ENOTDIR;
            return 0;
        }
        snprintf(last, 256, "%.*s", (int)size, path);
        path += size;
    }
    return at;
}

static size_t path_find(struct disk *disk, const char *path)
{
    char last[256];
    size_t parent = path_parent(disk, path, last);
    if (parent == 0 || *last == '\0') return parent;
    size_t found = names_find(&disk->nodes[parent].names_now, last);
    if (found == 0) errno = ENOENT;
    return found;
}

static void name_change(struct disk *disk, size_t directory, const char *to, size_t node, const char *from,
                        size_t other)
{
    struct change *change = change_new(&disk->nodes[directory]);
    change->kind = from != NULL ? CHANGE_RENAME : CHANGE_NAME;
    change->node = node;
    change->other = other;
    buffer_put(&change->data, slice_of(to, strlen(to) + 1));
    if (from != NULL) buffer_put(&change->data, slice_of(from, strlen(from) + 1));
    names_change(&disk->nodes[directory].names_now, change);
}

static int file_new(struct disk *disk, size_t node, bool writes)
{
    for (int i = 0; i < FILES_MOST; i++)
        if (!disk->files[i].open) {
            disk->files[i].node = node;
            disk->files[i].open = true;
            disk->files[i].writes = writes;
            disk->files[i].locks = false;
            return i + 3;
        }
    errno = EMFILE;
    return -1;
}

static int truncate_node(struct disk *disk, size_t node, size_t size)
{
    if (disk->nodes[node].now.size == size) return 0;
    if (!allowed(disk)) return -1;
    struct change *change = change_new(&disk->nodes[node]);
    change->kind = CHANGE_TRUNCATE;
    change->at = size;
    bytes_truncate(&disk->nodes[node].now, size);
    return 0;
}

static int disk_open_file(void *context, const char *path, int flags, mode_t mode)
{
    struct disk *disk = context;
    char last[256];
    (void)mode;
    size_t node = path_find(disk, path);
    bool writes = (flags & (O_WRONLY | O_RDWR)) != 0;
    if (node == 0) {
        size_t parent = path_parent(disk, path, last);
        if (parent == 0 || (flags & O_CREAT) == 0) {
            errno = parent == 0 ? errno : ENOENT;
            return -1;
        }
        if (!allowed(disk)) return -1;
        node = node_new(disk, false);
        name_change(disk, parent, last, node, NULL, 0);
    } else if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) {
        errno = EEXIST;
        return -1;
    } else if (!can_look(disk)) {
        return -1;
    }
    if (disk->nodes[node].directory != ((flags & O_DIRECTORY) != 0)) {
        errno = disk->nodes[node].directory ? EISDIR : ENOTDIR;
        return -1;
    }
    if ((flags & O_TRUNC) != 0 && truncate_node(disk, node, 0) != 0) return -1;
    return file_new(disk, node, writes);
}

static struct node *file_node(struct disk *disk, int file)
{
    if (file < 3 || file >= FILES_MOST + 3 || !disk->files[file - 3].open) abort(); /* a bug of the caller */
    return &disk->nodes[disk->files[file - 3].node];
}

static int disk_close_file(void *context, int file)
{
    struct disk *disk = context;
    struct node *node = file_node(disk, file);
    if (disk->files[file - 3].locks) node->locked = false;
    disk->files[file - 3].open = false;
    return 0;
}

static ssize_t disk_read(void *context, int file, void *out, size_t size, off_t at)
{
    struct slice part = buffer_slice(&file_node(context, file)->now);
    if (!can_look(context)) return -1;
    part = slice_part(part, (size_t)at, size);
    if (part.size > 0) memcpy(out, part.data, part.size);
    return (ssize_t)part.size;
}

static ssize_t disk_write(void *context, int file, const void *data, size_t size, off_t at)
{
    struct disk *disk = context;
    struct node *node = file_node(disk, file);
    if (!disk->files[file - 3].writes) {
        errno = EBADF;
        return -1;
    }
    int trouble = 0;
    if (!allowed(disk)) {
        trouble = errno;
        if (disk->stopped || disk->frozen || size == 0) return -1;
        size = (size_t)draw(disk, size); /* what went in before the failure */
    }
    if (size > disk->room) size = (size_t)disk->room, trouble = ENOSPC;
    if (size > 0) {
        struct change *change = change_new(node);
        change->kind = CHANGE_WRITE;
        change->at = (size_t)at;
        buffer_put(&change->data, slice_of(data, size));
        bytes_write(&node->now, (size_t)at, slice_of(data, size));
        if (disk->room != UINT64_MAX) disk->room -= size;
    }
    if (trouble == 0 || (trouble == ENOSPC && size > 0)) return (ssize_t)size; /* short, as POSIX has it */
    errno = trouble;
    return -1;
}

static int disk_sync(void *context, int file)
{
    struct disk *disk = context;
    struct node *node = file_node(disk, file);
    if (allowed(disk)) {
        node_sync(node);
        return 0;
    }
    if (!disk->stopped && !disk->frozen && !node->directory)
        for (size_t i = 0; i < node->change_count; i++) node->changes[i].doomed = true;
    return -1;
}

static int disk_truncate(void *context, int file, off_t size)
{
    struct disk *disk = context;
    (void)file_node(disk, file);
    return truncate_node(disk, disk->files[file - 3].node, (size_t)size);
}

static off_t disk_size(void *context, int file)
{
    off_t size = (off_t)file_node(context, file)->now.size;
    return can_look(context) ? size : -1;
}

/* Within one directory, as all of truce's renames are. */
static int disk_rename(void *context, const char *from, const char *to)
{
    struct disk *disk = context;
    char from_last[256], to_last[256];
    size_t node = path_find(disk, from), parent = path_parent(disk, from, from_last);
    if (node == 0 || path_parent(disk, to, to_last) != parent) {
        errno = node == 0 ? ENOENT : EXDEV;
        return -1;
    }
    if (!allowed(disk)) return -1;
    name_change(disk, parent, to_last, node, from_last, 0);
    return 0;
}

static int disk_exchange(void *context, const char *from, const char *to)
{
    struct disk *disk = context;
    char from_last[256], to_last[256];
    size_t node = path_find(disk, from), other = path_find(disk, to), parent = path_parent(disk, from, from_last);
    if (node == 0 || other == 0 || path_parent(disk, to, to_last) != parent) {
        errno = node == 0 || other == 0 ? ENOENT : EXDEV;
        return -1;
    }
    if (!allowed(disk)) return -1;
    name_change(disk, parent, to_last, node, from_last, other);
    return 0;
}

static int disk_rename_new(void *context, const char *from, const char *to)
{
    if (path_find(context, to) == 0) return disk_rename(context, from, to);
    errno = EEXIST;
    return -1;
}

static int disk_remove(void *context, const char *path)
{
    struct disk *disk = context;
    char last[256];
    size_t node = path_find(disk, path), parent = path_parent(disk, path, last);
    if (node == 0) return -1;
    if (disk->nodes[node].names_now.count > 0) {
        errno = ENOTEMPTY;
        return -1;
    }
    if (!allowed(disk)) return -1;
    name_change(disk, parent, last, 0, NULL, 0);
    return 0;
}

static int disk_make_directory(void *context, const char *path, mode_t mode)
{
    struct disk *disk = context;
    char last[256];
    (void)mode;
    size_t parent = path_parent(disk, path, last);
    if (parent == 0) return -1;
    if (path_find(disk, path) != 0) {
        errno = EEXIST;
        return -1;
    }
    if (!allowed(disk)) return -1;
    size_t node = node_new(disk, true);
    name_change(disk, parent, last, node, NULL, 0);
    return 0;
}

static int disk_lock(void *context, int file)
{
    struct disk *disk = context;
    struct node *node = file_node(disk, file);
    if (node->locked) {
        errno = EWOULDBLOCK;
        return -1;
    }
    node->locked = disk->files[file - 3].locks = true;
    return 0;
}

static int64_t disk_now_ms(void *context)
{
    return ((struct disk *)context)->now_ms++;
}

static int disk_list(void *context, const char *directory, struct buffer *names)
{
    struct disk *disk = context;
    size_t node = path_find(disk, directory);
    if (node == 0) return -1;
    if (!disk->nodes[node].directory) {
        errno = ENOTDIR;
        return -1;
    }
    if (!can_look(disk)) return -1;
    const struct names *list = &disk->nodes[node].names_now;
    for (size_t i = 0; i < list->count; i++)
        buffer_put(names, slice_of(list->list[i].text, strlen(list->list[i].text) + 1));
    return 0;
}

struct system disk_system(struct disk *disk)
{
    return (struct system){.context = disk,
                           .open = disk_open_file,
                           .close = disk_close_file,
                           .read = disk_read,
                           .write = disk_write,
                           .sync = disk_sync,
                           .truncate = disk_truncate,
                           .size = disk_size,
                           .rename = disk_rename,
                           .exchange = disk_exchange,
                           .rename_new = disk_rename_new,
                           .remove = disk_remove,
                           .make_directory = disk_make_directory,
                           .lock = disk_lock,
                           .now_ms = disk_now_ms,
                           .list = disk_list};
}

/* ---- what a test does to it */

struct disk *disk_open(uint64_t seed)
{
    struct disk *disk = grow(NULL, 0, sizeof *disk);
    disk->random = seed;
    disk->room = UINT64_MAX;
    disk->now_ms = INT64_C(1473696000000);
    node_new(disk, false);
    node_new(disk, true);
    return disk;
}

void disk_close(struct disk **disk)
{
    for (size_t i = 0; i < (*disk)->node_count; i++) {
        struct node *node = &(*disk)->nodes[i];
        for (size_t c = 0; c < node->change_count; c++) buffer_clear(&node->changes[c].data);
        free(node->changes);
        buffer_clear(&node->now);
        buffer_clear(&node->safe);
        names_clear(&node->names_now);
        names_clear(&node->names_safe);
    }
    free((*disk)->nodes);
    free(*disk);
    *disk = NULL;
}

uint64_t disk_operations(const struct disk *disk)
{
    return disk->operations;
}

void disk_stop_at(struct disk *disk, uint64_t n)
{
    disk->stop_at = n == 0 ? 0 : disk->operations + n;
    disk->stopped = false;
}

void disk_freeze(struct disk *disk, bool frozen)
{
    disk->frozen = frozen;
}

bool disk_stopped(const struct disk *disk)
{
    return disk->stopped;
}

void disk_fail_at(struct disk *disk, uint64_t n, int error_number)
{
    disk->fail_at = n == 0 ? 0 : disk->operations + n;
    disk->fail_errno = error_number;
    disk->failed = false;
}

bool disk_failed(const struct disk *disk)
{
    return disk->failed;
}

void disk_fail_look_at(struct disk *disk, uint64_t n)
{
    disk->fail_look_at = n == 0 ? 0 : disk->looks + n;
    disk->failed = false;
}

void disk_room(struct disk *disk, uint64_t bytes)
{
    disk->room = bytes;
}

void disk_kill(struct disk *disk)
{
    for (size_t i = 0; i < FILES_MOST; i++) disk->files[i].open = false;
    for (size_t i = 0; i < disk->node_count; i++) disk->nodes[i].locked = false;
}

/* What has no name any more, though it would be found under one after a crash, is written over. */
static void reuse(struct disk *disk)
{
    bool *named = grow(NULL, disk->node_count, sizeof *named);
    memset(named, 0, disk->node_count * sizeof *named);
    for (size_t i = 1; i < disk->node_count; i++)
        for (size_t k = 0; k < disk->nodes[i].names_now.count; k++) named[disk->nodes[i].names_now.list[k].node] = true;
    for (size_t i = 2; i < disk->node_count; i++)
        for (size_t k = 0; !named[i] && k < disk->nodes[i].safe.size; k++)
            disk->nodes[i].safe.data[k] = (uint8_t)draw(disk, 256);
    free(named);
}

void disk_crash(struct disk *disk, enum disk_loss loss)
{
    disk_kill(disk);
    disk_stop_at(disk, 0);
    if (loss == DISK_REUSES) reuse(disk);
    for (size_t i = 1; i < disk->node_count; i++) node_crash(disk, &disk->nodes[i], loss);
}
