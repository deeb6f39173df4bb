/* shut_down FOLDER: the ext4 on which FOLDER lies stops in mid-flight, as in a power cut: its journal is not flushed,
 * nothing is written back any more, and every later call on it fails. Unmounted and mounted again it has what had
 * reached the disk by then. Prints the moment just before, in seconds of the monotonic clock: shutting down takes a
 * millisecond or two, within which the kernel (6.18) lets an fdatasync succeed of which nothing is left afterwards, so
 * that only what was said before that moment counts. Needs root. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* From the kernel's fs/ext4/ext4.h, which no header of user space repeats. */
#define SHUT_DOWN_IOCTL _IOR('X', 125, uint32_t)
enum { WITHOUT_FLUSHING_THE_JOURNAL = 2 };

int main(int count, char **arguments)
{
    uint32_t how = WITHOUT_FLUSHING_THE_JOURNAL;
    int folder = count == 2 ? open(arguments[1], O_RDONLY | O_DIRECTORY) : -1;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("%lld.%09ld\n", (long long)now.tv_sec, now.tv_nsec);
    if (folder < 0 || ioctl(folder, SHUT_DOWN_IOCTL, &how) != 0) {
        fprintf(stderr, "shut_down FOLDER: %s\n", count == 2 ? strerror(errno) : "one argument");
        return 1;
    }
    return close(folder) != 0;
}
