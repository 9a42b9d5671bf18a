// SPDX-License-Identifier: Apache-2.0
//
// The allocator behind us. See sampler/next_function.hpp for how the functions are found.
#pragma once

#include <cstddef>
#include <new>

#include "sampler/next_function.hpp"

namespace leakcheck::sampler::next {

extern constinit NextFunction<void*(std::size_t)> malloc;
extern constinit NextFunction<void*(std::size_t, std::size_t)> calloc;
extern constinit NextFunction<void*(void*, std::size_t)> realloc;
extern constinit NextFunction<void*(void*, std::size_t, std::size_t)> reallocarray;
extern constinit NextFunction<void(void*)> free;
extern constinit NextFunction<void(void*, std::size_t)> free_sized;
extern constinit NextFunction<void(void*, std::size_t, std::size_t)> free_aligned_sized;
extern constinit NextFunction<int(void**, std::size_t, std::size_t)> posix_memalign;
extern constinit NextFunction<void*(std::size_t, std::size_t)> aligned_alloc;
extern constinit NextFunction<void*(std::size_t, std::size_t)> memalign;
extern constinit NextFunction<void*(std::size_t)> valloc;
extern constinit NextFunction<void*(std::size_t)> pvalloc;

// Looks all of them up.
void prepare_allocator();

}  // namespace leakcheck::sampler::next
