// SPDX-License-Identifier: Apache-2.0
#include "sampler/next_allocator.hpp"

#include <cerrno>
#include <cstring>

#include "sampler/bootstrap_arena.hpp"

namespace leakcheck::sampler::next {
namespace {

void* from_arena(std::size_t size) {
    return bootstrap_arena::allocate(size, 0);
}
void* aligned_from_arena(std::size_t alignment, std::size_t size) {
    return bootstrap_arena::allocate(size, alignment);
}
void* no_pages(std::size_t) {
    return nullptr;
}

void* array_from_arena(std::size_t count, std::size_t size) {
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
    return bootstrap_arena::allocate(bytes, 0);
}

// Only blocks of the arena come here while a lookup is under way.
void* copy_in_arena(void* block, std::size_t size) {
    void* const copy = bootstrap_arena::allocate(size, 0);
    if (block == nullptr || copy == nullptr || !bootstrap_arena::owns(block)) return copy;
    const std::size_t readable = bootstrap_arena::readable_size(block);
    return std::memmove(copy, block, size < readable ? size : readable);
}
void* copy_array_in_arena(void* block, std::size_t count, std::size_t size) {
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
    return copy_in_arena(block, bytes);
}

int aligned_out_of_arena(void** block, std::size_t alignment, std::size_t size) {
    *block = bootstrap_arena::allocate(size, alignment);
    return *block == nullptr ? ENOMEM : 0;
}

void keep(void*) {}

// C23's functions, in front of a C library that does not have them.
void free_of_size(void* block, std::size_t) {
    free.get()(block);
}
void free_of_aligned_size(void* block, std::size_t, std::size_t) {
    free.get()(block);
}

}  // namespace

constinit NextFunction<void*(std::size_t)> malloc{"malloc", from_arena};
constinit NextFunction<void*(std::size_t, std::size_t)> calloc{"calloc", array_from_arena};
constinit NextFunction<void*(void*, std::size_t)> realloc{"realloc", copy_in_arena};
constinit NextFunction<void*(void*, std::size_t, std::size_t)> reallocarray{"reallocarray",
                                                                            copy_array_in_arena};
constinit NextFunction<void(void*)> free{"free", keep};
constinit NextFunction<void(void*, std::size_t)> free_sized{"free_sized", free_of_size};
constinit NextFunction<void(void*, std::size_t, std::size_t)> free_aligned_sized{
    "free_aligned_sized", free_of_aligned_size};
constinit NextFunction<int(void**, std::size_t, std::size_t)> posix_memalign{"posix_memalign",
                                                                             aligned_out_of_arena};
constinit NextFunction<void*(std::size_t, std::size_t)> aligned_alloc{"aligned_alloc",
                                                                      aligned_from_arena};
constinit NextFunction<void*(std::size_t, std::size_t)> memalign{"memalign", aligned_from_arena};
constinit NextFunction<void*(std::size_t)> valloc{"valloc", no_pages};
constinit NextFunction<void*(std::size_t)> pvalloc{"pvalloc", no_pages};

void prepare_allocator() {
    const auto prepare_all = [](auto&... functions) { (functions.prepare(), ...); };
    prepare_all(malloc, calloc, realloc, reallocarray, free, free_sized, free_aligned_sized,
                posix_memalign, aligned_alloc, memalign, valloc, pvalloc);
}

}  // namespace leakcheck::sampler::next
