/* Faults of the machine, preloaded into a program with LD_PRELOAD. Each is off unless its variable is set.
 *
 * FAULTS_DURABLE=FOLDER   keeps, in FOLDER, what a power cut would leave of each watched file: its content at
 *                         its last successful fsync or fdatasync. A truncation counts from the next sync;
 *                         deleting or renaming a file counts at once.
 * FAULTS_SWITCHES=FOLDER  while FOLDER/full exists, no file whose path starts with FAULTS_DISK can grow: ENOSPC.
 *                         If FOLDER/sync exists, the next sync of a watched file removes it and fails: EIO. As on
 *                         Linux, the sync after that succeeds, although the bytes of the failed one may be lost.
 * FAULTS_CLOCK=FILE       adds the seconds in FILE, a 64-bit integer, to the system clock. Monotonic clocks stay.
 *
 * FAULTS_FILES=PREFIX     the watched files: those whose path starts with PREFIX, except shared memory (-shm).
 */
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int starts_with(const char *path, const char *variable) {
    const char *prefix = getenv(variable);
    return prefix != NULL && strncmp(path, prefix, strlen(prefix)) == 0;
}

static int is_watched(const char *path) {
    size_t length = strlen(path);
    if (!starts_with(path, "FAULTS_FILES")) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int path_of(int file, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

/* Whether the descriptor belongs to a watched file, whose path is then in `path`. */
static int is_watched_descriptor(int file, char path[PATH_MAX]) {
    return getenv("FAULTS_FILES") != NULL && path_of(file, path) && is_watched(path);
}

/* The path of the durable image of a watched file, or 0 if none is kept. */
static int image_of(const char *path, char image[PATH_MAX]) {
    const char *folder = getenv("FAULTS_DURABLE"), *name = strrchr(path, '/');
    if (folder == NULL || !is_watched(path)) return 0;
    return snprintf(image, PATH_MAX, "%s/%s", folder, name ? name + 1 : path) < PATH_MAX - 8;
}

/* Whether a switch exists. */
static int is_on(const char *name, char path[PATH_MAX]) {
    const char *folder = getenv("FAULTS_SWITCHES");
    if (folder == NULL) return 0;
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* Replace the image at once, so that a process killed while it copies leaves the former one. */
static void keep_durable(const char *path) {
    char image[PATH_MAX], part[PATH_MAX + 8];
    struct stat status;
    if (!image_of(path, image)) return;
    snprintf(part, sizeof part, "%s.part", image);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int to = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (from < 0 || to < 0 || fstat(from, &status) != 0) abort();
    off_t left = status.st_size;
    while (left > 0) {
        ssize_t copied = copy_file_range(from, NULL, to, NULL, (size_t)left, 0);
        if (copied < 0) abort();
        if (copied == 0) break;
        left -= copied;
    }
    close(from);
    close(to);
    if (REAL(rename)(part, image) != 0) abort();
}

static int sync_with_faults(int file, int (*sync_file)(int)) {
    char path[PATH_MAX], switch_path[PATH_MAX];
    if (!is_watched_descriptor(file, path)) return sync_file(file);
    if (is_on("sync", switch_path) && REAL(unlink)(switch_path) == 0) {
        errno = EIO;
        return -1;
    }
    int result = sync_file(file);
    if (result == 0) keep_durable(path);
    return result;
}

int fsync(int file) { return sync_with_faults(file, REAL(fsync)); }

int fdatasync(int file) { return sync_with_faults(file, REAL(fdatasync)); }

int unlink(const char *path) {
    char image[PATH_MAX];
    int result = REAL(unlink)(path);
    if (result == 0 && image_of(path, image)) REAL(unlink)(image);
    return result;
}

int rename(const char *from, const char *to) {
    char image_from[PATH_MAX], image_to[PATH_MAX];
    int result = REAL(rename)(from, to);
    if (result == 0 && image_of(from, image_from) && image_of(to, image_to))
        REAL(rename)(image_from, image_to);
    return result;
}

/* Whether a file would grow to `end` on a full disk. */
static int is_full(int file, off_t end) {
    char path[PATH_MAX], switch_path[PATH_MAX];
    struct stat status;
    if (!is_on("full", switch_path) || !path_of(file, path)) return 0;
    return starts_with(path, "FAULTS_DISK") && fstat(file, &status) == 0 && end > status.st_size;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    if (is_full(file, (off_t)(at + (off64_t)count))) {
        errno = ENOSPC;
        return -1;
    }
    return REAL(pwrite64)(file, bytes, count, at);
}

ssize_t write(int file, const void *bytes, size_t count) {
    off_t at = getenv("FAULTS_SWITCHES") == NULL ? -1 : lseek(file, 0, SEEK_CUR);
    if (at >= 0 && is_full(file, at + (off_t)count)) {
        errno = ENOSPC;
        return -1;
    }
    return REAL(write)(file, bytes, count);
}

int posix_fallocate64(int file, off64_t from, off64_t count) {
    return is_full(file, (off_t)(from + count)) ? ENOSPC
                                                : REAL(posix_fallocate64)(file, from, count);
}

int posix_fallocate(int file, off_t from, off_t count) {
    return is_full(file, from + count) ? ENOSPC : REAL(posix_fallocate)(file, from, count);
}

static int64_t seconds_ahead(void) {
    static const volatile int64_t *offset;
    if (offset == NULL) {
        const char *path = getenv("FAULTS_CLOCK");
        if (path == NULL) return 0;
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) return 0;
        void *mapped = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
        close(file);
        if (mapped == MAP_FAILED) return 0;
        offset = mapped;
    }
    return *offset;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = REAL(clock_gettime)(clock, at);
    if (result == 0 && clock == CLOCK_REALTIME) at->tv_sec += seconds_ahead();
    return result;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    int result = REAL(gettimeofday)(at, zone);
    if (result == 0) at->tv_sec += seconds_ahead();
    return result;
}

time_t time(time_t *at) {
    time_t now = REAL(time)(NULL) + seconds_ahead();
    if (at != NULL) *at = now;
    return now;
}
