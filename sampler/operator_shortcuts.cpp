// SPDX-License-Identifier: Apache-2.0
#include "sampler/operator_shortcuts.hpp"

#include <dlfcn.h>

#include <cerrno>
#include <cstring>

#include "sampler/bootstrap_arena.hpp"
#include "sampler/next_allocator.hpp"
#include "sampler/next_operators.hpp"

namespace leakcheck::sampler::next {
namespace {

// Where malloc fails, the library's own operator knows what to do.
template <New& next_new>
struct ShortNew {
    using Function = void*(size_t);
    static inline constinit Function* real = nullptr;

    static void* call(size_t size) {
        void* const block = malloc.get()(size != 0 ? size : 1);
        return block != nullptr ? block : real(size);
    }

    static void take_over() {
        real = next_new.get();
        next_new.replace(call);
    }
};

template <typename... Rest>
void delete_by_free(void* block, Rest...) {
    if (!bootstrap_arena::owns(block)) free.get()(block);
}

bool starts_with(const char* text, const char* start) {
    return std::strncmp(text, start, std::strlen(start)) == 0;
}

bool is_in_usual_library(const void* function) {
    Dl_info info{};
    if (dladdr(function, &info) == 0 || info.dli_fname == nullptr) return false;
    const char* const slash = std::strrchr(info.dli_fname, '/');
    const char* const name = slash != nullptr ? slash + 1 : info.dli_fname;
    return starts_with(name, "libstdc++.so") || starts_with(name, "libc++.so") ||
           starts_with(name, "libc++abi.so");
}

template <typename... Functions>
bool are_of_usual_library(Functions&... functions) {
    return (is_in_usual_library(reinterpret_cast<const void*>(functions.get())) && ...);
}

// The definition that every library sees.
bool is_found_first(const char* name) {
    const void* const first = dlsym(RTLD_DEFAULT, name);
    return first != nullptr && is_in_sampler(first);
}

}  // namespace

void shorten_operators() {
    const int saved = errno;
    if (is_found_first("malloc") && is_found_first("free") &&
        are_of_usual_library(new_object, new_array, delete_object, delete_array,
                             delete_object_sized, delete_array_sized, delete_object_nothrow,
                             delete_array_nothrow)) {
        ShortNew<new_object>::take_over();
        ShortNew<new_array>::take_over();
        delete_object.replace(delete_by_free);
        delete_array.replace(delete_by_free);
        delete_object_sized.replace(delete_by_free<size_t>);
        delete_array_sized.replace(delete_by_free<size_t>);
        delete_object_nothrow.replace(delete_by_free<const nothrow_t&>);
        delete_array_nothrow.replace(delete_by_free<const nothrow_t&>);
    }
    errno = saved;
}

}  // namespace leakcheck::sampler::next
