#include "system/latch.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

void latch_wait(struct latch *latch)
{
    while (atomic_load_explicit(&latch->open, memory_order_acquire) == 0)
        (void)syscall(SYS_futex, &latch->open, FUTEX_WAIT_PRIVATE, 0, NULL, NULL,
                      0); /* woken for any reason: look again */
}

void latch_open(struct latch *latch)
{
    atomic_store_explicit(&latch->open, 1, memory_order_release);
    (void)syscall(SYS_futex, &latch->open, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
