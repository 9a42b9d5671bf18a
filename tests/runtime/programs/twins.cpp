// SPDX-License-Identifier: Apache-2.0
//
// twins FIRST_LIBRARY SECOND_LIBRARY CYCLES
//
// Loads the one, uses it, unloads it, and then the other, which comes to lie at the same addresses. Prints in
// how many cycles it did.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace {

// Returns where the library lay.
const void* use(const char* path, int depth) {
    void* library = ::dlopen(path, RTLD_NOW);
    if (library == nullptr) {
        std::fprintf(stderr, "twins: %s\n", ::dlerror());
        std::exit(2);
    }
    void* work = ::dlsym(library, "work");
    Dl_info info{};
    ::dladdr(work, &info);
    reinterpret_cast<void (*)(int)>(work)(depth);
    ::dlclose(library);
    return info.dli_fbase;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    constexpr int kDepths = 5;
    const int cycles = std::atoi(argv[3]);
    int same = 0;
    for (int i = 0; i < cycles; ++i) {
        const void* first = use(argv[1], i % kDepths);
        const void* second = use(argv[2], (i + 2) % kDepths);
        same += first == second ? 1 : 0;
    }
    std::printf("%d\n", same);
}
