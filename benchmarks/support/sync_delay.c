/* Replaces the synchronization of files with a fixed delay, for comparisons that must not depend on
 * the disk. Loaded with LD_PRELOAD; BENCH_SYNC_US is the delay in microseconds. */

#include <stdlib.h>
#include <time.h>

static int delay(void)
{
    const char *setting = getenv("BENCH_SYNC_US");
    long microseconds = setting ? atol(setting) : 0;
    struct timespec remaining = {microseconds / 1000000, microseconds % 1000000 * 1000};
    while (nanosleep(&remaining, &remaining) != 0)
        ;
    return 0;
}

int fsync(int descriptor)
{
    (void)descriptor;
    return delay();
}

int fdatasync(int descriptor)
{
    (void)descriptor;
    return delay();
}
