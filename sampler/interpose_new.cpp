// SPDX-License-Identifier: Apache-2.0
//
// The C++ library's operators. Compiled without exceptions: what the real operators throw passes
// through.
#include <cstddef>
#include <new>

#include "sampler/exported.hpp"
#include "sampler/next_operators.hpp"
#include "sampler/tracking.hpp"

using namespace leakcheck::sampler;
using std::align_val_t;
using std::nothrow_t;
using std::size_t;

LEAKCHECK_EXPORT void* operator new(size_t size) {
    LEAKCHECK_UNWINDS_GUARD();
    return allocate(size, LEAKCHECK_FRAME,
                    [=, caller = LEAKCHECK_CALLER] { return next::new_object.get(caller)(size); });
}

LEAKCHECK_EXPORT void* operator new[](size_t size) {
    LEAKCHECK_UNWINDS_GUARD();
    return allocate(size, LEAKCHECK_FRAME,
                    [=, caller = LEAKCHECK_CALLER] { return next::new_array.get(caller)(size); });
}

LEAKCHECK_EXPORT void* operator new(size_t size, const nothrow_t& tag) noexcept {
    return allocate(size, LEAKCHECK_FRAME, [=, &tag, caller = LEAKCHECK_CALLER] {
        return next::new_object_nothrow.get(caller)(size, tag);
    });
}

LEAKCHECK_EXPORT void* operator new[](size_t size, const nothrow_t& tag) noexcept {
    return allocate(size, LEAKCHECK_FRAME, [=, &tag, caller = LEAKCHECK_CALLER] {
        return next::new_array_nothrow.get(caller)(size, tag);
    });
}

LEAKCHECK_EXPORT void* operator new(size_t size, align_val_t alignment) {
    LEAKCHECK_UNWINDS_GUARD();
    return allocate(size, LEAKCHECK_FRAME, [=, caller = LEAKCHECK_CALLER] {
        return next::new_object_aligned.get(caller)(size, alignment);
    });
}

LEAKCHECK_EXPORT void* operator new[](size_t size, align_val_t alignment) {
    LEAKCHECK_UNWINDS_GUARD();
    return allocate(size, LEAKCHECK_FRAME, [=, caller = LEAKCHECK_CALLER] {
        return next::new_array_aligned.get(caller)(size, alignment);
    });
}

LEAKCHECK_EXPORT void* operator new(size_t size, align_val_t alignment,
                                    const nothrow_t& tag) noexcept {
    return allocate(size, LEAKCHECK_FRAME, [=, &tag, caller = LEAKCHECK_CALLER] {
        return next::new_object_aligned_nothrow.get(caller)(size, alignment, tag);
    });
}

LEAKCHECK_EXPORT void* operator new[](size_t size, align_val_t alignment,
                                      const nothrow_t& tag) noexcept {
    return allocate(size, LEAKCHECK_FRAME, [=, &tag, caller = LEAKCHECK_CALLER] {
        return next::new_array_aligned_nothrow.get(caller)(size, alignment, tag);
    });
}

LEAKCHECK_EXPORT void operator delete(void* block) noexcept {
    release(block);
    next::delete_object.get(LEAKCHECK_CALLER)(block);
}

LEAKCHECK_EXPORT void operator delete[](void* block) noexcept {
    release(block);
    next::delete_array.get(LEAKCHECK_CALLER)(block);
}

LEAKCHECK_EXPORT void operator delete(void* block, size_t size) noexcept {
    release(block);
    next::delete_object_sized.get(LEAKCHECK_CALLER)(block, size);
}

LEAKCHECK_EXPORT void operator delete[](void* block, size_t size) noexcept {
    release(block);
    next::delete_array_sized.get(LEAKCHECK_CALLER)(block, size);
}

LEAKCHECK_EXPORT void operator delete(void* block, const nothrow_t& tag) noexcept {
    release(block);
    next::delete_object_nothrow.get(LEAKCHECK_CALLER)(block, tag);
}

LEAKCHECK_EXPORT void operator delete[](void* block, const nothrow_t& tag) noexcept {
    release(block);
    next::delete_array_nothrow.get(LEAKCHECK_CALLER)(block, tag);
}

LEAKCHECK_EXPORT void operator delete(void* block, align_val_t alignment) noexcept {
    release(block);
    next::delete_object_aligned.get(LEAKCHECK_CALLER)(block, alignment);
}

LEAKCHECK_EXPORT void operator delete[](void* block, align_val_t alignment) noexcept {
    release(block);
    next::delete_array_aligned.get(LEAKCHECK_CALLER)(block, alignment);
}

LEAKCHECK_EXPORT void operator delete(void* block, size_t size, align_val_t alignment) noexcept {
    release(block);
    next::delete_object_sized_aligned.get(LEAKCHECK_CALLER)(block, size, alignment);
}

LEAKCHECK_EXPORT void operator delete[](void* block, size_t size, align_val_t alignment) noexcept {
    release(block);
    next::delete_array_sized_aligned.get(LEAKCHECK_CALLER)(block, size, alignment);
}

LEAKCHECK_EXPORT void operator delete(void* block, align_val_t alignment,
                                      const nothrow_t& tag) noexcept {
    release(block);
    next::delete_object_aligned_nothrow.get(LEAKCHECK_CALLER)(block, alignment, tag);
}

LEAKCHECK_EXPORT void operator delete[](void* block, align_val_t alignment,
                                        const nothrow_t& tag) noexcept {
    release(block);
    next::delete_array_aligned_nothrow.get(LEAKCHECK_CALLER)(block, alignment, tag);
}
