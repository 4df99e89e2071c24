/* Stands between a program and its files: every synchronisation takes SLOW_MS milliseconds, and as
   long as the file HANG_WHILE exists nothing that asks for a path or file in HANG_IN is answered.

   cc -shared -fPIC -O1 -o slow_disk.so slow_disk.c -ldl; LD_PRELOAD=slow_disk.so program */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void pause_ms(long ms) {
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&left, NULL);
}

static int hangs(void) {
    static int (*real)(const char *, int);
    const char *flag = getenv("HANG_WHILE");
    if (!real) real = REAL(access);
    return flag && !real(flag, F_OK);
}

static void at_path(const char *path) {
    const char *folder = getenv("HANG_IN");
    if (!folder || !path || strncmp(path, folder, strlen(folder))) return;
    while (hangs()) pause_ms(20);
}

static void at_file(int file) {
    char link[64], path[4096];
    if (!getenv("HANG_IN") || !hangs()) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = 0;
    at_path(path);
}

static void slowly(int file) {
    const char *ms = getenv("SLOW_MS");
    at_file(file);
    if (ms) pause_ms(atol(ms));
}

int fsync(int file) { slowly(file); return REAL(fsync)(file); }
int fdatasync(int file) { slowly(file); return REAL(fdatasync)(file); }
int ftruncate(int file, off_t size) { at_file(file); return REAL(ftruncate)(file, size); }
int ftruncate64(int file, off64_t size) { at_file(file); return REAL(ftruncate64)(file, size); }

#define ON_FILE(type, name, parameters, arguments) \
    type name parameters { at_file(file); return REAL(name) arguments; }
ON_FILE(ssize_t, pread, (int file, void *to, size_t n, off_t at), (file, to, n, at))
ON_FILE(ssize_t, pread64, (int file, void *to, size_t n, off64_t at), (file, to, n, at))
ON_FILE(ssize_t, pwrite, (int file, const void *of, size_t n, off_t at), (file, of, n, at))
ON_FILE(ssize_t, pwrite64, (int file, const void *of, size_t n, off64_t at), (file, of, n, at))

#define ON_PATH(type, name, parameters, arguments) \
    type name parameters { at_path(path); return REAL(name) arguments; }
ON_PATH(int, stat, (const char *path, struct stat *found), (path, found))
ON_PATH(int, stat64, (const char *path, struct stat64 *found), (path, found))
ON_PATH(int, lstat, (const char *path, struct stat *found), (path, found))
ON_PATH(int, lstat64, (const char *path, struct stat64 *found), (path, found))
ON_PATH(int, fstatat, (int in, const char *path, struct stat *found, int how),
        (in, path, found, how))
ON_PATH(int, fstatat64, (int in, const char *path, struct stat64 *found, int how),
        (in, path, found, how))
ON_PATH(int, access, (const char *path, int how), (path, how))
ON_PATH(int, unlink, (const char *path), (path))
ON_PATH(int, unlinkat, (int in, const char *path, int how), (in, path, how))
ON_PATH(int, rename, (const char *path, const char *to), (path, to))
ON_PATH(int, link, (const char *path, const char *to), (path, to))
ON_PATH(int, mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(DIR *, opendir, (const char *path), (path))
ON_PATH(int, statvfs, (const char *path, struct statvfs *found), (path, found))

#define OPENS(name, parameters, ...) \
    int name parameters { \
        va_list rest; \
        va_start(rest, how); \
        mode_t mode = va_arg(rest, int); \
        va_end(rest); \
        at_path(path); \
        return REAL(name)(__VA_ARGS__, mode); \
    }
OPENS(open, (const char *path, int how, ...), path, how)
OPENS(open64, (const char *path, int how, ...), path, how)
OPENS(openat, (int in, const char *path, int how, ...), in, path, how)
OPENS(openat64, (int in, const char *path, int how, ...), in, path, how)
