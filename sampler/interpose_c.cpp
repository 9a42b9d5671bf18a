// SPDX-License-Identifier: Apache-2.0
//
// The C library's allocation functions.
#include <cstddef>
#include <cstring>

#include "sampler/bootstrap_arena.hpp"
#include "sampler/exported.hpp"
#include "sampler/next_allocator.hpp"
#include "sampler/tracking.hpp"

namespace {

using namespace leakcheck::sampler;

[[gnu::cold]] void* move_out_of_arena(const void* block, std::size_t size) {
    void* const copy = next::malloc.get()(size);
    if (copy == nullptr) return nullptr;
    const std::size_t readable = bootstrap_arena::readable_size(block);
    return std::memcpy(copy, block, size < readable ? size : readable);
}

void* real_realloc(void* block, std::size_t size) {
    if (bootstrap_arena::owns(block)) [[unlikely]]
        return move_out_of_arena(block, size);
    return next::realloc.get()(block, size);
}

}  // namespace

extern "C" {

LEAKCHECK_EXPORT void* malloc(std::size_t size) {
    return allocate(size, LEAKCHECK_FRAME, [=] { return next::malloc.get()(size); });
}

LEAKCHECK_EXPORT void* calloc(std::size_t count, std::size_t size) {
    return allocate(count * size, LEAKCHECK_FRAME, [=] { return next::calloc.get()(count, size); });
}

LEAKCHECK_EXPORT void* realloc(void* block, std::size_t size) {
    return reallocate(block, size, LEAKCHECK_FRAME, [=] { return real_realloc(block, size); });
}

LEAKCHECK_EXPORT void* reallocarray(void* block, std::size_t count, std::size_t size) {
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;  // the real function refuses
    return reallocate(block, bytes, LEAKCHECK_FRAME, [=] {
        if (bootstrap_arena::owns(block)) [[unlikely]]
            return move_out_of_arena(block, bytes);
        return next::reallocarray.get()(block, count, size);
    });
}

LEAKCHECK_EXPORT int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    int error = 0;
    allocate(size, LEAKCHECK_FRAME, [=, &error]() -> void* {
        error = next::posix_memalign.get()(block, alignment, size);
        return error == 0 ? *block : nullptr;
    });
    return error;
}

LEAKCHECK_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return allocate(size, LEAKCHECK_FRAME,
                    [=] { return next::aligned_alloc.get()(alignment, size); });
}

LEAKCHECK_EXPORT void* memalign(std::size_t alignment, std::size_t size) {
    return allocate(size, LEAKCHECK_FRAME, [=] { return next::memalign.get()(alignment, size); });
}

LEAKCHECK_EXPORT void* valloc(std::size_t size) {
    return allocate(size, LEAKCHECK_FRAME, [=] { return next::valloc.get()(size); });
}

LEAKCHECK_EXPORT void* pvalloc(std::size_t size) {
    return allocate(size, LEAKCHECK_FRAME, [=] { return next::pvalloc.get()(size); });
}

LEAKCHECK_EXPORT void free(void* block) {
    release(block);
    if (!bootstrap_arena::owns(block)) [[likely]]
        next::free.get()(block);
}

LEAKCHECK_EXPORT void free_sized(void* block, std::size_t size) {
    release(block);
    next::free_sized.get()(block, size);
}

LEAKCHECK_EXPORT void free_aligned_sized(void* block, std::size_t alignment, std::size_t size) {
    release(block);
    next::free_aligned_sized.get()(block, alignment, size);
}

}  // extern "C"
