// SPDX-License-Identifier: Apache-2.0
#include "sampler/next_function.hpp"

#include <dlfcn.h>

#include <cerrno>

#include "sampler/thread_state.hpp"

namespace leakcheck::sampler {
namespace {

// The last function found from a caller.
constinit std::atomic<const void*> found_before{nullptr};

void* open_loaded(const void* address) {
    Dl_info info{};
    if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return nullptr;
    return dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
}

// Looks among the caller's own library and those it needs. Where an operator of the C++ library has
// jumped to another one, the caller seems to be our own function that called the first: then the
// place to look is where the first was found. The handle of the library found is never closed: the
// function must stay where it is.
void* find_from(const char* name, const void* caller) {
    if (is_in_sampler(caller)) caller = found_before.load(std::memory_order_relaxed);
    void* const handle = open_loaded(caller);
    if (handle == nullptr) return nullptr;
    void* const found = dlsym(handle, name);
    if (found != nullptr) {
        open_loaded(found);
        found_before.store(found, std::memory_order_relaxed);
    }
    dlclose(handle);
    return found;
}

}  // namespace

bool is_in_sampler(const void* address) {
    Dl_info theirs{};
    Dl_info ours{};
    return dladdr(address, &theirs) != 0 && dladdr(&found_before, &ours) != 0 &&
           theirs.dli_fbase == ours.dli_fbase;
}

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
