// SPDX-License-Identifier: Apache-2.0
//
// leak_one_block BYTES [STATUS]: leaks one block of BYTES, exits with STATUS.
#include <stdlib.h>

int main(int argc, char** argv) {
    void* volatile block = malloc(argc > 1 ? strtoul(argv[1], NULL, 10) : 1);
    block = NULL;
    return argc > 2 ? atoi(argv[2]) : 0;
}
