// SPDX-License-Identifier: Apache-2.0
#include "sampler/next_operators.hpp"

#include "sampler/next_allocator.hpp"

namespace leakcheck::sampler::next {
namespace {

void* nothrow_without_library(size_t size, const nothrow_t&) {
    return malloc.get()(size);
}
void* aligned_nothrow_without_library(size_t size, align_val_t alignment, const nothrow_t&) {
    return memalign.get()(static_cast<size_t>(alignment), size);
}

// These may not return null, and there is nothing to throw.
void* without_library(size_t size) {
    void* const block = malloc.get()(size);
    if (block == nullptr) __builtin_trap();
    return block;
}
void* aligned_without_library(size_t size, align_val_t alignment) {
    void* const block = memalign.get()(static_cast<size_t>(alignment), size);
    if (block == nullptr) __builtin_trap();
    return block;
}

template <typename... Rest>
void delete_without_library(void* block, Rest...) {
    free.get()(block);
}

}  // namespace

constinit New new_object{"_Znwm", without_library};
constinit New new_array{"_Znam", without_library};
constinit NewNothrow new_object_nothrow{"_ZnwmRKSt9nothrow_t", nothrow_without_library};
constinit NewNothrow new_array_nothrow{"_ZnamRKSt9nothrow_t", nothrow_without_library};
constinit NewAligned new_object_aligned{"_ZnwmSt11align_val_t", aligned_without_library};
constinit NewAligned new_array_aligned{"_ZnamSt11align_val_t", aligned_without_library};
constinit NewAlignedNothrow new_object_aligned_nothrow{"_ZnwmSt11align_val_tRKSt9nothrow_t",
                                                       aligned_nothrow_without_library};
constinit NewAlignedNothrow new_array_aligned_nothrow{"_ZnamSt11align_val_tRKSt9nothrow_t",
                                                      aligned_nothrow_without_library};
constinit Delete delete_object{"_ZdlPv", delete_without_library<>};
constinit Delete delete_array{"_ZdaPv", delete_without_library<>};
constinit DeleteSized delete_object_sized{"_ZdlPvm", delete_without_library<size_t>};
constinit DeleteSized delete_array_sized{"_ZdaPvm", delete_without_library<size_t>};
constinit DeleteNothrow delete_object_nothrow{"_ZdlPvRKSt9nothrow_t",
                                              delete_without_library<const nothrow_t&>};
constinit DeleteNothrow delete_array_nothrow{"_ZdaPvRKSt9nothrow_t",
                                             delete_without_library<const nothrow_t&>};
constinit DeleteAligned delete_object_aligned{"_ZdlPvSt11align_val_t",
                                              delete_without_library<align_val_t>};
constinit DeleteAligned delete_array_aligned{"_ZdaPvSt11align_val_t",
                                             delete_without_library<align_val_t>};
constinit DeleteSizedAligned delete_object_sized_aligned{
    "_ZdlPvmSt11align_val_t", delete_without_library<size_t, align_val_t>};
constinit DeleteSizedAligned delete_array_sized_aligned{
    "_ZdaPvmSt11align_val_t", delete_without_library<size_t, align_val_t>};
constinit DeleteAlignedNothrow delete_object_aligned_nothrow{
    "_ZdlPvSt11align_val_tRKSt9nothrow_t", delete_without_library<align_val_t, const nothrow_t&>};
constinit DeleteAlignedNothrow delete_array_aligned_nothrow{
    "_ZdaPvSt11align_val_tRKSt9nothrow_t", delete_without_library<align_val_t, const nothrow_t&>};

bool prepare_operators() {
    if (!new_object.prepare()) return false;
    const auto prepare_all = [](auto&... functions) { (functions.prepare(), ...); };
    prepare_all(new_array, new_object_nothrow, new_array_nothrow, new_object_aligned,
                new_array_aligned, new_object_aligned_nothrow, new_array_aligned_nothrow,
                delete_object, delete_array, delete_object_sized, delete_array_sized,
                delete_object_nothrow, delete_array_nothrow, delete_object_aligned,
                delete_array_aligned, delete_object_sized_aligned, delete_array_sized_aligned,
                delete_object_aligned_nothrow, delete_array_aligned_nothrow);
    return true;
}

}  // namespace leakcheck::sampler::next
