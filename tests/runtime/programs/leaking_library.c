// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>

void library_leak(size_t bytes);

void library_leak(size_t bytes) {
    void* volatile block = malloc(bytes);
    block = NULL;
}
