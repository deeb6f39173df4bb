/* What the files of this room share; nobody else includes it. */
#ifndef TRUCE_LOG_INTERNAL_H
#define TRUCE_LOG_INTERNAL_H

#include "log/checkpoint.h"
#include "log/tree.h"
#include <pthread.h>
#include <stdatomic.h>

enum {
    LOG_PATH_SIZE = 4096,
    GROUP_HEAD_BYTES = 24,   /* what the digest covers of it */
    GROUP_HEADER_BYTES = 56, /* with the digest */
    GROUP_ENTRIES_MOST = 65536,
    GROUP_BYTES_MOST = 64 * 1024 * 1024, /* payload */
    TILE_WIDTH = LOG_TILE_WIDTH,
    TILE_LEVELS = 8,            /* 256^8 = 2^64 */
    TILE_ENTRIES = LOG_ENTRIES, /* the "level" of entry bundles in paths */
    CHECKPOINT_BYTES_MOST = 65536,
    WINDOW_BYTES = 1024 * 1024
};

/* ---- journal.c: the file of groups */

struct group {
    uint64_t at; /* of its header in the journal */
    uint64_t first;
    uint32_t count, bytes;
    uint8_t head[GROUP_HEAD_BYTES];
    struct hash digest;
};
static inline uint64_t group_end(const struct group *group)
{
    return group->at + GROUP_HEADER_BYTES + group->bytes;
}

/* A file read forward through one large buffer. */
struct window {
    const struct system *system;
    int file;
    const char *path;
    uint64_t at;
    struct buffer bytes;
};
/* `size` bytes at `at`, fewer at the end of the file; they are good until the next call. */
MUST_USE enum status window_get(struct window *window, uint64_t at, size_t size, struct slice *out,
                                struct error *error);

/* Header and payload into `out`, the leaves' hashes into `leaves`. The limits were checked. */
void group_encode(struct buffer *out, uint64_t first, const struct slice *entries, size_t count, struct hash *leaves);
/* Is this a header that could be? */
MUST_USE bool group_parse(struct group *out, struct slice header, uint64_t at);
/* Does the payload hold what the header says? leaves[count] and offsets[count] (in the journal) are filled. */
MUST_USE bool group_check(const struct group *group, struct slice payload, struct hash *leaves, uint64_t *offsets);

struct group_room { /* for group_check: GROUP_ENTRIES_MOST of each */
    struct hash *leaves;
    uint64_t *offsets;
};
MUST_USE enum status group_room_open(struct group_room *out, struct error *error);
void group_room_clear(struct group_room *room);

/* Is there a whole, sound group at `at`? *good tells; the room is filled with its leaves and offsets. */
MUST_USE enum status group_read(struct window *window, uint64_t at, const struct group_room *room, struct group *out,
                                bool *good, struct error *error);

enum journal_state { JOURNAL_WHOLE, JOURNAL_TORN, JOURNAL_DAMAGED };
struct journal_end {
    enum journal_state state;
    uint64_t at;   /* where the sound groups end */
    uint64_t next; /* the entry that would follow */
};
typedef enum status group_visit(void *context, const struct group *group, const struct group_room *room,
                                struct error *error);
/* Every sound group from `at` on, whose first entry is `next`, up to byte `stop`. A bad group ends it: torn if nothing
 * sound follows, else damaged. */
MUST_USE enum status journal_scan(struct window *window, uint64_t at, uint64_t next, uint64_t stop, group_visit *visit,
                                  void *context, struct journal_end *end, struct error *error);
/* The first sound group at or behind `at` with entries from `next` on; *found tells. */
MUST_USE enum status journal_find(struct window *window, uint64_t at, uint64_t next, struct group_room *room,
                                  struct group *out, bool *found, struct error *error);

/* ---- the opened log */

struct log;

/* Hashes of one tile level that are not in a full, published tile: from `first`, a multiple of 256, on. */
struct level {
    uint64_t first;
    size_t count, capacity;
    struct hash *hash;
};

/* Full tiles as they were read last: whoever shows records here and there meets the same ones. */
struct tile_cache {
    uint64_t n;
    struct hash hash[TILE_WIDTH];
};
enum { TILES_CACHED = 128 }; /* of a level: 1 MiB at the most */

/* A tile with every node above its hashes: node[h][i] is the root of the i-th complete subtree of 2^h. Proofs of a
 * group ask the same few tiles again and again, and a growing one only for what is new. */
struct tile_tree {
    uint64_t n;
    unsigned width; /* hashes of the tile that are in; 0: an empty slot */
    struct hash node[8][TILE_WIDTH];
};
enum { TILE_TREES = 8 }; /* of a level; a group of 1,024 lies in five tiles */

/* The key from a size on; newest first. */
struct later_signer {
    uint64_t from;
    bool known;
    struct signer signer;
    struct later_signer *before, *dropped; /* dropped: taken back, but perhaps still being read */
};

struct log {
    const struct system *system;
    char directory[LOG_PATH_SIZE];
    char journal_path[LOG_PATH_SIZE], offsets_path[LOG_PATH_SIZE], checkpoint_path[LOG_PATH_SIZE];
    enum log_mode mode;
    char origin[LIMIT_ORIGIN_BYTES + 1]; /* of the log that it follows; "": it follows none */
    bool has_key;
    struct signer signer; /* a copy, wiped at close; for LOG_READ its verifier alone */
    _Atomic(struct later_signer *) later;
    struct later_signer *dropped;
    int journal, offsets, lock;
    atomic_bool closed_to_writing; /* L5 */
    bool has_checkpoint;
    _Atomic uint64_t size, published;
    uint64_t filled; /* entries whose full tiles are written, of who publishes */

    pthread_mutex_t mutex; /* guards what follows, and size and published together with it */
    uint64_t end;          /* where the journal's sound groups end */
    uint64_t signed_size;  /* the largest this process signed or found signed */
    uint64_t filed;        /* entries whose offset is in the offsets file … */
    struct buffer tail;    /* … and those behind them, as uint64_t of this machine */
    struct level level[TILE_LEVELS];
    struct tree_edge edge;
    struct tile_cache *cache[TILE_LEVELS][TILES_CACHED]; /* full published tiles; slot n % TILES_CACHED */
    struct tile_tree *tree[TILE_LEVELS][TILE_TREES];     /* made when first needed; slot n % TILE_TREES */
};

/* STATUS_UNVERIFIED log-damaged: a sentence with {0} for the file, and at which byte of it, or -1. */
MUST_USE enum status log_damaged(struct error *error, const char *sentence, const char *path, int64_t offset);
MUST_USE enum status log_closed(struct error *error);
static inline bool log_writes(const struct log *log)
{
    return log->mode != LOG_READ;
}
MUST_USE enum status log_path(char out[LOG_PATH_SIZE], const char *directory, const char *name, struct error *error);
struct window log_window(struct log *log);

/* The entry whose length stands at byte `at` of the journal, appended; nothing is appended where none can be. */
MUST_USE enum status journal_entry(struct log *log, uint64_t at, struct buffer *out, struct error *error);

/* ---- offsets.c: where each entry begins; the mutex is held */

MUST_USE enum status offsets_add(struct log *log, const uint64_t *offsets, size_t count, struct error *error);
void offsets_flush(
    struct log *log); /* writers: to the file, as far as it goes; what it does not take stays in memory */
MUST_USE enum status offsets_get(struct log *log, uint64_t from, size_t count, uint64_t *out, struct error *error);
void offsets_forget(struct log *log); /* they were wrong or missing; scan anew */
MUST_USE enum status offsets_rebuild(struct log *log, struct error *error);

/* ---- tiles.c: paths and files of tiles */

void tile_path(char out[LOG_PATH_SIZE], const char *directory, int level, uint64_t n, unsigned width);
void tile_directory(char out[LOG_PATH_SIZE], const char *directory, int level, uint64_t n, bool partial);
/* width hashes of tile/<level>/<n>; log-damaged if the file is missing or of another size. */
MUST_USE enum status tile_read(const struct system *system, const char *directory, unsigned level, uint64_t n,
                               unsigned width, struct hash *out, struct error *error);
static inline unsigned tile_width(uint64_t size, unsigned level) /* of the partial tile; 0 if there is none */
{
    return (unsigned)(size >> (8 * level)) & (TILE_WIDTH - 1);
}

/* ---- nodes.c: any node of the tree; the mutex is held */

MUST_USE enum status levels_load(struct log *log, uint64_t size, struct error *error);
MUST_USE enum status levels_add(struct log *log, const struct hash *leaf, struct error *error);
void levels_trim(struct log *log, uint64_t published);
/* hashes first … first+count-1 of a level, all in one tile */
MUST_USE enum status nodes_get(struct log *log, unsigned level, uint64_t first, size_t count, struct hash *out,
                               struct error *error);
/* MTH(D[from : from+count]); from is a multiple of the least power of two that is not below count. */
MUST_USE enum status nodes_root(struct log *log, uint64_t from, uint64_t count, struct hash *out, struct error *error);

/* ---- open.c, append.c, publish.c */

/* Tiles for `size`, which the note covers, then the note. */
MUST_USE enum status publish_note(struct log *log, uint64_t size, struct slice note, struct error *error);
/* Of the log whose origin this is ("": any)? */
MUST_USE enum status checkpoint_origin(const struct checkpoint *checkpoint, const char *origin, const char *path,
                                       struct error *error);

struct found_checkpoint {
    bool there;
    struct buffer note;
    struct checkpoint checkpoint; /* borrows from note */
};
void signers_clear(struct log *log);

/* Reads and checks the checkpoint file; key may be NULL. Clear `note` in every case. */
MUST_USE enum status checkpoint_find(const struct system *system, const char *path, const struct verifier *key,
                                     struct found_checkpoint *out, struct error *error);

#endif
