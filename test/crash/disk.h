/* A disk in memory that fails on purpose: a `struct system` for tests.
 *
 * What a file or directory holds is kept twice: as processes see it, and as it would be found after a power cut.
 * Between the two lie the operations not synced; at a crash each write is lost, torn (a prefix, or any of its 512-byte
 * sectors) or kept, each name made, renamed or removed is lost or kept, independently of each other. After a failed
 * sync, what it should have saved is clean in the kernel's eyes and stays unsaved whatever is synced later, as on
 * Linux.
 *
 * Operations that change something are counted: open with O_CREAT of a new file, write, sync, truncate, rename, remove,
 * make_directory. Not for two threads. */
#ifndef TRUCE_TEST_CRASH_DISK_H
#define TRUCE_TEST_CRASH_DISK_H

#include "system/system.h"

struct disk;
struct disk *disk_open(uint64_t seed); /* empty, root directory "/" durable; the seed decides what a crash keeps */
void disk_close(struct disk **disk);
struct system disk_system(struct disk *disk);

uint64_t disk_operations(const struct disk *disk); /* so far */

/* Operation number n (from now, 1 is the next) and all after it fail with EIO: the machine stands still. 0: it does
 * not, or no longer. */
void disk_stop_at(struct disk *disk, uint64_t n);
bool disk_stopped(const struct disk *disk);
void disk_freeze(struct disk *disk, bool frozen); /* the same for a while, and nothing is counted */

/* Operation number n (from now) alone fails with this errno; a write has then written some of it. 0: never. */
void disk_fail_at(struct disk *disk, uint64_t n, int error_number);
bool disk_failed(const struct disk *disk); /* did it happen? */

/* From now on there is room for so many more bytes of file contents; UINT64_MAX: enough. */
void disk_room(struct disk *disk, uint64_t bytes);

enum disk_loss { DISK_LOSES, DISK_KEEPS, DISK_TEARS };
void disk_crash(struct disk *disk, enum disk_loss loss); /* power cut, and back again */
void disk_kill(struct disk *disk); /* the process dies: descriptors and locks go, what was written is still there */

#endif
