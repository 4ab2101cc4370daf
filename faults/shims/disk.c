// Keeps, beside each file below FAULTS_DISK_FROM, a shadow below FAULTS_DISK_TO that has only what was synced: the disk after a power cut.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 1024, DESCRIPTORS = 65536, UNKNOWN = 0, FOREIGN = -1 };

struct piece {
  struct piece *next;
  off_t at;
  ssize_t length; // -1: the file is cut off at `at`
  char bytes[];
};
struct file {
  ino_t inode; // 0 when it has been unlinked
  int shadow;
  struct piece *first, **end;
};

static struct file files[FILES];
static int file_count;
static int of_descriptor[DESCRIPTORS]; // 1 and more: the file's place in `files`, plus one
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *from, *to;

#define REAL(name, result, ...)                                    \
  static result (*real_##name)(__VA_ARGS__);                       \
  if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  from = getenv("FAULTS_DISK_FROM");
  to = getenv("FAULTS_DISK_TO");
}

static struct file *find(int descriptor) {
  if (!from || !to || descriptor < 0 || descriptor >= DESCRIPTORS) return 0;
  if (of_descriptor[descriptor] == FOREIGN) return 0;
  if (of_descriptor[descriptor] != UNKNOWN) return &files[of_descriptor[descriptor] - 1];
  char link[64], path[4096], shadow[8192];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  of_descriptor[descriptor] = FOREIGN;
  if (length < 0) return 0;
  path[length] = 0;
  size_t prefix = strlen(from);
  if (strncmp(path, from, prefix) != 0 || strstr(path, ".db") == 0 || strstr(path, "-shm")) return 0;
  struct stat about;
  if (fstat(descriptor, &about) != 0) return 0;
  for (int at = 0; at < file_count; at += 1) {
    if (files[at].inode == about.st_ino) {
      of_descriptor[descriptor] = at + 1;
      return &files[at];
    }
  }
  if (file_count == FILES) abort();
  snprintf(shadow, sizeof shadow, "%s%s", to, path + prefix);
  struct file *made = &files[file_count++];
  made->inode = about.st_ino;
  made->shadow = open(shadow, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  made->first = 0;
  made->end = &made->first;
  of_descriptor[descriptor] = file_count;
  return made;
}

static void keep(int descriptor, const void *bytes, ssize_t length, off_t at) {
  pthread_mutex_lock(&lock);
  struct file *file = find(descriptor);
  if (file) {
    struct piece *piece = malloc(sizeof *piece + (length > 0 ? length : 0));
    piece->next = 0;
    piece->at = at;
    piece->length = length;
    if (length > 0) memcpy(piece->bytes, bytes, length);
    *file->end = piece;
    file->end = &piece->next;
  }
  pthread_mutex_unlock(&lock);
}

static void settle(int descriptor) {
  REAL(pwrite64, ssize_t, int, const void *, size_t, off_t);
  REAL(ftruncate64, int, int, off_t);
  pthread_mutex_lock(&lock);
  struct file *file = find(descriptor);
  while (file && file->first) {
    struct piece *piece = file->first;
    if (piece->length < 0) {
      if (real_ftruncate64(file->shadow, piece->at) != 0) abort();
    } else if (real_pwrite64(file->shadow, piece->bytes, piece->length, piece->at) != piece->length) {
      abort();
    }
    file->first = piece->next;
    free(piece);
  }
  if (file) file->end = &file->first;
  pthread_mutex_unlock(&lock);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t at) {
  REAL(pwrite64, ssize_t, int, const void *, size_t, off_t);
  ssize_t written = real_pwrite64(descriptor, bytes, length, at);
  if (written > 0) keep(descriptor, bytes, written, at);
  return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t at) {
  return pwrite64(descriptor, bytes, length, at);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  REAL(write, ssize_t, int, const void *, size_t);
  ssize_t written = real_write(descriptor, bytes, length);
  if (written > 0 && descriptor < DESCRIPTORS && of_descriptor[descriptor] > 0)
    keep(descriptor, bytes, written, lseek(descriptor, 0, SEEK_CUR) - written);
  return written;
}

int ftruncate64(int descriptor, off_t length) {
  REAL(ftruncate64, int, int, off_t);
  int result = real_ftruncate64(descriptor, length);
  if (result == 0) keep(descriptor, 0, -1, length);
  return result;
}

int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

int fsync(int descriptor) {
  REAL(fsync, int, int);
  int result = real_fsync(descriptor);
  if (result == 0) settle(descriptor);
  return result;
}

int fdatasync(int descriptor) {
  REAL(fdatasync, int, int);
  int result = real_fdatasync(descriptor);
  if (result == 0) settle(descriptor);
  return result;
}

int unlink(const char *path) {
  REAL(unlink, int, const char *);
  struct stat about;
  int known = stat(path, &about) == 0;
  int result = real_unlink(path);
  if (result != 0 || !known || !from || !to || strncmp(path, from, strlen(from)) != 0) return result;
  char shadow[8192];
  snprintf(shadow, sizeof shadow, "%s%s", to, path + strlen(from));
  pthread_mutex_lock(&lock);
  for (int at = 0; at < file_count; at += 1) {
    // Its number may be given to another file.
    if (files[at].inode == about.st_ino) files[at].inode = 0;
  }
  pthread_mutex_unlock(&lock);
  real_unlink(shadow);
  return result;
}

int close(int descriptor) {
  REAL(close, int, int);
  if (descriptor >= 0 && descriptor < DESCRIPTORS) of_descriptor[descriptor] = UNKNOWN;
  return real_close(descriptor);
}
