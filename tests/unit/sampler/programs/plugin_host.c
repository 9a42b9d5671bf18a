/* SPDX-License-Identifier: Apache-2.0
 *
 * A C program that opens a C++ library out of everybody's sight: libstdc++ is then not in the search order
 * behind the sampler.
 */
#include <stdlib.h>

#include "tests/unit/sampler/programs/marks.h"

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    void* plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!plugin) {
        fprintf(stderr, "%s\n", dlerror());
        return 3;
    }
    void (*work)(void) = NULL;
    *(void**)&work = dlsym(plugin, "plugin_work");
    mark("begin");
    work();
    mark("end");
    return dlerror() ? 4 : 0;
}
