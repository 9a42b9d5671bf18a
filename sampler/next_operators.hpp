// SPDX-License-Identifier: Apache-2.0
//
// The C++ library's allocation functions behind us. See sampler/next_function.hpp for how they are
// found. The stand-ins serve a program that has no C++ library at all, only a weak reference to
// one: they are malloc and free.
#pragma once

#include <cstddef>
#include <new>

#include "sampler/next_function.hpp"

namespace leakcheck::sampler::next {

using std::align_val_t;
using std::nothrow_t;
using std::size_t;

using New = NextFunction<void*(size_t)>;
using NewNothrow = NextFunction<void*(size_t, const nothrow_t&)>;
using NewAligned = NextFunction<void*(size_t, align_val_t)>;
using NewAlignedNothrow = NextFunction<void*(size_t, align_val_t, const nothrow_t&)>;
using Delete = NextFunction<void(void*)>;
using DeleteSized = NextFunction<void(void*, size_t)>;
using DeleteNothrow = NextFunction<void(void*, const nothrow_t&)>;
using DeleteAligned = NextFunction<void(void*, align_val_t)>;
using DeleteSizedAligned = NextFunction<void(void*, size_t, align_val_t)>;
using DeleteAlignedNothrow = NextFunction<void(void*, align_val_t, const nothrow_t&)>;

extern constinit New new_object, new_array;
extern constinit NewNothrow new_object_nothrow, new_array_nothrow;
extern constinit NewAligned new_object_aligned, new_array_aligned;
extern constinit NewAlignedNothrow new_object_aligned_nothrow, new_array_aligned_nothrow;
extern constinit Delete delete_object, delete_array;
extern constinit DeleteSized delete_object_sized, delete_array_sized;
extern constinit DeleteNothrow delete_object_nothrow, delete_array_nothrow;
extern constinit DeleteAligned delete_object_aligned, delete_array_aligned;
extern constinit DeleteSizedAligned delete_object_sized_aligned, delete_array_sized_aligned;
extern constinit DeleteAlignedNothrow delete_object_aligned_nothrow, delete_array_aligned_nothrow;

// Looks all of them up, if the program has a C++ library. True: it has.
bool prepare_operators();

}  // namespace leakcheck::sampler::next
