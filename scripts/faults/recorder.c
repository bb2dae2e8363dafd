/*
 * Records what a process does to the files of one folder, in the order in which the kernel was
 * told, so that a power cut can be played afterwards. Loaded in front of libc (LD_PRELOAD).
 *
 * RECORD_FOLDER  folder whose files are recorded, without a slash at its end
 * RECORD_LOG     file the records are appended to; it must lie outside that folder
 *
 * A record is: kind (1 byte), length of the path (u32), length of the data (u32), offset (i64),
 * the path below the folder, the data; little-endian. Kinds: W write, T truncate, S sync of a
 * file, D sync of the folder itself, U unlink, R rename (the data is the new path).
 * A call that failed is not recorded. A write is recorded after it happened, a sync after it
 * returned: what the process could know is what the log says.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int log_fd = -1;
static char folder[PATH_MAX];
static size_t folder_length;

static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pwrite)(int, const void *, size_t, off64_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);
static int (*next_ftruncate)(int, off64_t);
static int (*next_unlink)(const char *);
static int (*next_rename)(const char *, const char *);

static void *next_of(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

static void start(void) {
  next_write = next_of("write");
  next_pwrite = next_of("pwrite64");
  next_fsync = next_of("fsync");
  next_fdatasync = next_of("fdatasync");
  next_ftruncate = next_of("ftruncate64");
  next_unlink = next_of("unlink");
  next_rename = next_of("rename");
  const char *asked = getenv("RECORD_FOLDER");
  const char *log = getenv("RECORD_LOG");
  if (!asked || !log || strlen(asked) >= sizeof folder) return;
  strcpy(folder, asked);
  folder_length = strlen(folder);
  log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log_fd < 0) abort();
}

/* The part of a path below the folder; "" for the folder itself, NULL for anything else. */
static const char *below(const char *path) {
  if (log_fd < 0 || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == '\0') return "";
  return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

/* The same for an open file; `room` holds its whole path. */
static const char *below_fd(int fd, char room[PATH_MAX]) {
  char link[64];
  if (log_fd < 0 || fd == log_fd) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, room, PATH_MAX - 1);
  if (length <= 0) return NULL;
  room[length] = '\0';
  return below(room);
}

static void put(const void *bytes, size_t length) {
  const char *from = bytes;
  while (length > 0) {
    ssize_t done = next_write(log_fd, from, length);
    if (done <= 0) abort();
    from += done;
    length -= (size_t)done;
  }
}

static void record(char kind, const char *path, int64_t offset, const void *data, size_t length) {
  uint32_t path_length = (uint32_t)strlen(path);
  uint32_t data_length = (uint32_t)length;
  pthread_mutex_lock(&turn);
  put(&kind, sizeof kind);
  put(&path_length, sizeof path_length);
  put(&data_length, sizeof data_length);
  put(&offset, sizeof offset);
  put(path, path_length);
  put(data, data_length);
  pthread_mutex_unlock(&turn);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  char room[PATH_MAX];
  pthread_once(&once, start);
  ssize_t done = next_pwrite(fd, data, length, offset);
  const char *path = done > 0 ? below_fd(fd, room) : NULL;
  if (path) record('W', path, offset, data, (size_t)done);
  return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  return pwrite64(fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length) {
  char room[PATH_MAX];
  pthread_once(&once, start);
  const char *path = below_fd(fd, room);
  ssize_t done = next_write(fd, data, length);
  /* Where the file stands after the write, less what was written, also holds for appending. */
  if (path && done > 0) record('W', path, lseek64(fd, 0, SEEK_CUR) - done, data, (size_t)done);
  return done;
}

static void record_sync(int fd) {
  char room[PATH_MAX];
  const char *path = below_fd(fd, room);
  if (path) record(path[0] == '\0' ? 'D' : 'S', path, 0, NULL, 0);
}

int fsync(int fd) {
  pthread_once(&once, start);
  int result = next_fsync(fd);
  if (result == 0) record_sync(fd);
  return result;
}

int fdatasync(int fd) {
  pthread_once(&once, start);
  int result = next_fdatasync(fd);
  if (result == 0) record_sync(fd);
  return result;
}

int ftruncate64(int fd, off64_t length) {
  char room[PATH_MAX];
  pthread_once(&once, start);
  int result = next_ftruncate(fd, length);
  const char *path = result == 0 ? below_fd(fd, room) : NULL;
  if (path) record('T', path, length, NULL, 0);
  return result;
}

int ftruncate(int fd, off_t length) {
  return ftruncate64(fd, length);
}

int unlink(const char *name) {
  pthread_once(&once, start);
  const char *path = below(name);
  int result = next_unlink(name);
  if (result == 0 && path) record('U', path, 0, NULL, 0);
  return result;
}

int rename(const char *from, const char *to) {
  pthread_once(&once, start);
  const char *path = below(from);
  const char *new_path = below(to);
  int result = next_rename(from, to);
  if (result == 0 && path && new_path) record('R', path, 0, new_path, strlen(new_path));
  return result;
}
