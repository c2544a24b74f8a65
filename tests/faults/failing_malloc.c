// SPDX-FileCopyrightText: the fromguard authors
// SPDX-License-Identifier: Apache-2.0
//
// Preloaded, it makes one allocation of so many fail. How many, the first octets of the file say that
// FAILING_MALLOC names, as a number of the machine: 0 means none, and it may be changed at any time.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *before, size_t size);

// The second one counts the failures, for the suite to read.
static volatile uint64_t *shared;

__attribute__((constructor)) static void find_file(void) {
  const char *path = getenv("FAILING_MALLOC");
  const int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file >= 0) {
    void *mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    shared = mapped == MAP_FAILED ? NULL : mapped;
    close(file);
  }
}

static int fails(void) {
  static _Thread_local uint64_t state;
  if (shared == NULL || shared[0] == 0) {
    return 0;
  }
  if (state == 0) {
    state = (uintptr_t)&state | 1;
  }
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  if (state % shared[0] != 0) {
    return 0;
  }
  __atomic_add_fetch(&shared[1], 1, __ATOMIC_RELAXED);
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }

void *calloc(size_t number, size_t size) { return fails() ? NULL : __libc_calloc(number, size); }

void *realloc(void *before, size_t size) { return fails() ? NULL : __libc_realloc(before, size); }
