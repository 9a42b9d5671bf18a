// SPDX-License-Identifier: Apache-2.0
//
// leak_many COUNT BYTES: leaks COUNT blocks of BYTES and nothing else.
#include <stdlib.h>

int main(int argc, char** argv) {
    const long count = argc > 1 ? atol(argv[1]) : 1;
    const size_t bytes = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    for (long i = 0; i < count; ++i) {
        void* volatile block = malloc(bytes);
        block = NULL;
    }
    return 0;
}
