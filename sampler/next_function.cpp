// SPDX-License-Identifier: Apache-2.0
#include "sampler/next_function.hpp"

#include <dlfcn.h>

#include <cerrno>

#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {
namespace {

void* open_loaded(const void* address) {
    Dl_info info{};
    if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return nullptr;
    return dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
}

// Looks among the caller's own library and those it needs. The handle of the library found is never
// closed: the function must stay where it is.
void* find_from(const char* name, const void* caller) {
    void* const handle = open_loaded(caller);
    if (handle == nullptr) return nullptr;
    void* const found = dlsym(handle, name);
    if (found != nullptr) open_loaded(found);
    dlclose(handle);
    return found;
}

}  // namespace

bool begin_lookup() {
    if (thread_state.resolving != 0) return false;
    thread_state.resolving = 1;
    ++thread_state.untracked;
    return true;
}

void end_lookup() {
    --thread_state.untracked;
    thread_state.resolving = 0;
}

void* find_next(const char* name, const void* caller) {
    const int saved = errno;
    void* found = dlsym(RTLD_NEXT, name);
    if (found == nullptr) {
        dlerror();  // forget the failure
        if (caller != nullptr) found = find_from(name, caller);
        if (found == nullptr) dlerror();
    }
    errno = saved;
    return found;
}

}  // namespace leakcheck::sampler
