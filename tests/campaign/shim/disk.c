/* SPDX-License-Identifier: GPL-3.0-or-later
 * A faulty disk for one process: LD_PRELOAD this. SHIM_DISK names a file of lines, read again whenever it changes:
 *   path TEXT       only files whose path holds TEXT (all, where there is none)
 *   delay MS        each sync takes so long
 *   write ERRNO     writes fail with this error; sync ERRNO: syncs do
 *   torn 1          half of a write goes through, and the next fails with EIO: what a torn write looks like
 *   room BYTES      so many more bytes are written, then ENOSPC
 *   forget 1        what is written is kept in mind until its file is synced; SIGUSR2 takes back what was not and ends the process
 *                   at once, as a power cut does
 * Not seen: mapped pages, renames and removals, writes by io_uring. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct piece { /* what stood where something was written, newest first */
    struct piece *older;
    dev_t device;
    ino_t inode;
    int file; /* of ours: the process may close its own */
    off_t at, size_before;
    size_t length;
    uint64_t serial;
    char bytes[];
};

static struct {
    char path[PATH_MAX];
    long delay_ms, write_error, sync_error, forget, torn, torn_next;
    long long room; /* < 0: any */
    struct timespec changed;
} plan = {.room = -1};
static struct piece *pieces;
static uint64_t pieces_made;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) \
    static __typeof__(name) *real_##name; \
    if (!real_##name) \
        real_##name = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t plain_pwrite(int file, const void *bytes, size_t length, off_t at)
{
    REAL(pwrite64);
    return real_pwrite64(file, bytes, length, at);
}

/* Under the lock. */
static void read_plan(void)
{
    const char *name = getenv("SHIM_DISK");
    struct stat now;
    if (!name || stat(name, &now) != 0 || (now.st_mtim.tv_sec == plan.changed.tv_sec && now.st_mtim.tv_nsec == plan.changed.tv_nsec))
        return;
    FILE *in = fopen(name, "re");
    if (!in)
        return;
    memset(&plan, 0, sizeof plan);
    plan.room = -1;
    plan.changed = now.st_mtim;
    char line[PATH_MAX + 16];
    while (fgets(line, sizeof line, in)) {
        char *value = strchr(line, ' ');
        if (!value)
            continue;
        *value++ = 0;
        value[strcspn(value, "\n")] = 0;
        long long number = atoll(value);
        if (strcmp(line, "path") == 0)
            snprintf(plan.path, sizeof plan.path, "%s", value);
        else if (strcmp(line, "delay") == 0)
            plan.delay_ms = (long)number;
        else if (strcmp(line, "write") == 0)
            plan.write_error = (long)number;
        else if (strcmp(line, "sync") == 0)
            plan.sync_error = (long)number;
        else if (strcmp(line, "room") == 0)
            plan.room = number;
        else if (strcmp(line, "torn") == 0)
            plan.torn = (long)number;
        else if (strcmp(line, "forget") == 0)
            plan.forget = (long)number;
    }
    fclose(in);
}

/* Whether the plan is about this file: a regular one on the path. */
static int concerns(int file)
{
    char link[64], path[PATH_MAX];
    struct stat what;
    if (!getenv("SHIM_DISK") || fstat(file, &what) != 0 || !S_ISREG(what.st_mode))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return 0;
    path[length] = 0;
    return plan.path[0] == 0 || strstr(path, plan.path) != NULL;
}

/* Under the lock: what a write of `length` at `at` will cover is kept in mind. */
static void remember(int file, off_t at, size_t length)
{
    struct stat what;
    if (!plan.forget || fstat(file, &what) != 0)
        return;
    struct piece *made = malloc(sizeof *made + length), *same = pieces;
    while (same && (same->device != what.st_dev || same->inode != what.st_ino))
        same = same->older;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    /* One descriptor for all pieces of a file. */
    int own = same ? same->file : open(link, O_RDWR | O_CLOEXEC);
    *made = (struct piece){pieces, what.st_dev, what.st_ino, own, at, what.st_size, 0, ++pieces_made};
    REAL(pread64);
    ssize_t got = made->file >= 0 ? real_pread64(made->file, made->bytes, length, at) : 0;
    made->length = got > 0 ? (size_t)got : 0;
    pieces = made;
}

/* Under the lock: what was written before the sync began stays; what came while it ran may not have been in it. */
static void settle(int file, uint64_t last)
{
    struct stat what;
    int own = -1, still_needed = 0;
    if (fstat(file, &what) != 0)
        return;
    for (struct piece **at = &pieces; *at;) {
        struct piece *one = *at;
        if (one->device != what.st_dev || one->inode != what.st_ino || one->serial > last) {
            still_needed |= one->device == what.st_dev && one->inode == what.st_ino;
            at = &one->older;
            continue;
        }
        *at = one->older;
        own = one->file;
        free(one);
    }
    if (own >= 0 && !still_needed)
        close(own);
}

static void cut_power(int signal)
{
    (void)signal;
    pthread_mutex_lock(&lock); /* no write is under way: all take it; none is made any more */
    for (struct piece *one = pieces; one; one = one->older) {
        if (one->length)
            (void)!plain_pwrite(one->file, one->bytes, one->length, one->at);
        (void)!ftruncate64(one->file, one->size_before);
    }
    kill(getpid(), SIGKILL);
}

/* A thread of its own waits for the signal, so that the lock is never taken within a handler. */
static void *wait_for_cut(void *set)
{
    int signal;
    sigwait(set, &signal);
    cut_power(signal);
    return NULL;
}

__attribute__((constructor)) static void begin(void)
{
    if (!getenv("SHIM_DISK"))
        return;
    static sigset_t cut;
    sigemptyset(&cut);
    sigaddset(&cut, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &cut, NULL); /* inherited by every thread that is made later */
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_cut, &cut);
}

/* How much of a write goes through; < 0: none, and errno is set. Takes the lock, which the writer gives back. */
static ssize_t allowed(int file, size_t length)
{
    pthread_mutex_lock(&lock);
    read_plan();
    if (!concerns(file))
        return (ssize_t)length;
    if (plan.write_error) {
        errno = (int)plan.write_error;
        return -1;
    }
    if (plan.torn && length > 1) {
        plan.torn_next = !plan.torn_next;
        if (!plan.torn_next) {
            errno = EIO;
            return -1;
        }
        length /= 2;
    }
    if (plan.room >= 0) {
        if (plan.room == 0 && length > 0) {
            errno = ENOSPC;
            return -1;
        }
        length = (long long)length > plan.room ? (size_t)plan.room : length;
        plan.room -= (long long)length;
    }
    return (ssize_t)length;
}

static ssize_t done(ssize_t result)
{
    int error = errno;
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

static off_t place_of(int file)
{
    struct stat what;
    if ((fcntl(file, F_GETFL) & O_APPEND) && fstat(file, &what) == 0)
        return what.st_size;
    return lseek64(file, 0, SEEK_CUR);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    REAL(write);
    if (!getenv("SHIM_DISK"))
        return real_write(file, bytes, length);
    ssize_t most = allowed(file, length);
    if (most < 0)
        return done(-1);
    if (plan.forget && concerns(file))
        remember(file, place_of(file), (size_t)most);
    return done(real_write(file, bytes, (size_t)most));
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off_t at)
{
    if (!getenv("SHIM_DISK"))
        return plain_pwrite(file, bytes, length, at);
    ssize_t most = allowed(file, length);
    if (most < 0)
        return done(-1);
    if (plan.forget && concerns(file))
        remember(file, at, (size_t)most);
    return done(plain_pwrite(file, bytes, (size_t)most, at));
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
{
    return pwrite64(file, bytes, length, at);
}

ssize_t writev(int file, const struct iovec *parts, int count)
{
    REAL(writev);
    if (!getenv("SHIM_DISK") || count == 0)
        return real_writev(file, parts, count);
    struct stat what;
    if (fstat(file, &what) != 0 || !S_ISREG(what.st_mode))
        return real_writev(file, parts, count);
    return write(file, parts[0].iov_base, parts[0].iov_len); /* a short write: the rest is asked for again */
}

int ftruncate64(int file, off_t length)
{
    REAL(ftruncate64);
    struct stat what;
    if (getenv("SHIM_DISK") && pthread_mutex_trylock(&lock) == 0) {
        read_plan();
        if (plan.forget && concerns(file) && fstat(file, &what) == 0 && length < what.st_size)
            remember(file, length, (size_t)(what.st_size - length));
        int result = real_ftruncate64(file, length);
        return (int)done(result);
    }
    return real_ftruncate64(file, length);
}

int ftruncate(int file, off_t length)
{
    return ftruncate64(file, length);
}

static int synced(int file, int (*really)(int))
{
    if (!getenv("SHIM_DISK"))
        return really(file);
    pthread_mutex_lock(&lock);
    read_plan();
    long delay = concerns(file) ? plan.delay_ms : 0, error = concerns(file) ? plan.sync_error : 0;
    uint64_t last = pieces_made;
    pthread_mutex_unlock(&lock);
    if (delay) {
        struct timespec time = {delay / 1000, delay % 1000 * 1000000};
        nanosleep(&time, NULL);
    }
    if (error) {
        errno = (int)error;
        return -1;
    }
    int result = really(file);
    if (result == 0) {
        pthread_mutex_lock(&lock);
        settle(file, last);
        pthread_mutex_unlock(&lock);
    }
    return result;
}

int fsync(int file)
{
    REAL(fsync);
    return synced(file, real_fsync);
}

int fdatasync(int file)
{
    REAL(fdatasync);
    return synced(file, real_fdatasync);
}
