/* Stands before libc in every process of a storm: another time of day, and writing that fails, for processes that a
   table in shared memory names (one process, or every one of PostgreSQL's). See scripts/random_storms/shim.py. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 8
#define POSTGRES -1
enum { WELL, NO_DISK, NO_MEMORY };
struct slot { int32_t pid, fails; int64_t seconds; };
static volatile struct slot *table;
static int is_postgres;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("STORM_SHIM");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *found = mmap(NULL, SLOTS * sizeof(struct slot), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (found != MAP_FAILED)
        table = found;
    is_postgres = !strcmp(program_invocation_short_name, "postgres");
}

/* Whether this slot is of this process; several may be, one for each fault that it has just now. */
static int mine(int i)
{
    int32_t pid = table[i].pid;
    return pid && pid == (is_postgres ? POSTGRES : getpid());
}

static int64_t shift(void)
{
    int64_t seconds = 0;
    for (int i = 0; table && i < SLOTS; i++)
        if (mine(i))
            seconds += table[i].seconds;
    return seconds;
}

static int fails(int how)
{
    for (int i = 0; table && i < SLOTS; i++)
        if (table[i].fails == how && mine(i)) {
            errno = how == NO_DISK ? EIO : ENOMEM;
            return 1;
        }
    return 0;
}

extern void *__libc_malloc(size_t size);

void *malloc(size_t size)
{
    return fails(NO_MEMORY) ? NULL : __libc_malloc(size);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int clock_gettime(clockid_t clock, struct timespec *at)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real)
        real = REAL(clock_gettime);
    int done = real(clock, at);
    if (!done && clock == CLOCK_REALTIME)
        at->tv_sec += shift();
    return done;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    static int (*real)(struct timeval *restrict, void *restrict);
    if (!real)
        real = REAL(gettimeofday);
    int done = real(at, zone);
    if (!done)
        at->tv_sec += shift();
    return done;
}

time_t time(time_t *at)
{
    static time_t (*real)(time_t *);
    if (!real)
        real = REAL(time);
    time_t now = real(NULL) + shift();
    if (at)
        *at = now;
    return now;
}

#define FAILING(type, name, parameters, given) \
    type name parameters                       \
    {                                          \
        static type(*real) parameters;         \
        if (fails(NO_DISK))                    \
            return -1;                         \
        if (!real)                             \
            real = REAL(name);                 \
        return real given;                     \
    }

FAILING(int, fsync, (int file), (file))
FAILING(int, fdatasync, (int file), (file))
FAILING(ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at))
FAILING(ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at))
FAILING(ssize_t, pwritev, (int file, const struct iovec *from, int count, off_t at), (file, from, count, at))
FAILING(ssize_t, pwritev64, (int file, const struct iovec *from, int count, off64_t at), (file, from, count, at))
