/* A disk in memory that fails on purpose: a `struct system` for tests.
 *
 * What a file or directory holds is kept twice: as processes see it, and as it would be found after a power cut.
 * Between the two lie the operations not synced; at a crash each write is lost, torn (a prefix, or any of its 512-byte
 * sectors) or kept, each name made, renamed or removed is lost or kept, independently of each other; or writes reach
 * the disk in another order; or one reaches it twice, the second time over what was written there after it; or the room
 * of a file that was removed is another's before the removal is durable (ext4, data=writeback), and its name comes back
 * with that other's bytes. After a failed sync, what it should have saved is clean in the kernel's eyes and stays
 * unsaved whatever is synced later, as on Linux.
 *
 * Operations that change something are counted: open with O_CREAT of a new file, write, sync, truncate, rename, remove,
 * make_directory; and apart from these the ones that only look: open of what is there, read, size, list. Not for two
 * threads. */
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

/* Look number n (from now) alone fails with EIO. 0: never. */
void disk_fail_look_at(struct disk *disk, uint64_t n);

/* From now on there is room for so many more bytes of file contents; UINT64_MAX: enough. */
void disk_room(struct disk *disk, uint64_t bytes);

enum disk_loss {
    DISK_LOSES,      /* all that was not synced */
    DISK_KEEPS,      /* all of it, but what a failed sync should have saved */
    DISK_REUSES,     /* all that was not synced, and what files held whose names come back */
    DISK_TEARS,      /* some, some of it in part */
    DISK_REORDERS,   /* some, in any order */
    DISK_DUPLICATES, /* most, and some of it again after what came later */
    DISK_LOSSES
};
void disk_crash(struct disk *disk, enum disk_loss loss); /* power cut, and back again */
void disk_kill(struct disk *disk); /* the process dies: descriptors and locks go, what was written is still there */

#endif
