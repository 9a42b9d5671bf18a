// SPDX-License-Identifier: Apache-2.0
//
// The functions that allocate.
#include <string>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

void* volatile held[20];

void plant_calloc() {
    constexpr std::size_t size = "Calloc"_case;
    held[0] = std::calloc(1, size);
    use(std::calloc(1, size + 8));
}

void plant_realloc() {
    constexpr std::size_t kept = "ReallocHeld"_case;
    held[1] = std::realloc(make<kept>(), kept + 8);
    constexpr std::size_t leaked = "ReallocLeaked"_case;
    use(std::realloc(make<leaked>(), leaked + 8));
    constexpr std::size_t moved = "ReallocKeepsPointers"_case;
    const Words block = make<moved>();
    block[1] = make<moved + 8>();
    held[2] = std::realloc(block, large + moved);
}

void plant_aligned() {
    // Multiples of their alignment, as LeakSanitizer wants it.
    constexpr std::size_t size = ("AlignedAlloc"_case + 31) / 32 * 32;
    held[3] = std::aligned_alloc(32, size);
    use(std::aligned_alloc(32, size + 32));
    constexpr std::size_t posix = "PosixMemalign"_case;
    void* block = nullptr;
    if (::posix_memalign(&block, 256, posix) == 0) held[4] = block;
    if (::posix_memalign(&block, 4096, posix + 8) == 0) use(block);
    block = nullptr;
    use(block);
}

// They are known by having no size.
void plant_no_bytes() {
    held[5] = std::malloc(0);
    use(std::malloc(0));
}

void plant_large() {
    make<large + "LargeLeaked"_case>();
    held[6] = make<large + "LargeHeld"_case>();
    constexpr std::size_t holds = "LargeHolds"_case;
    const Words holder = make<large + holds>();
    holder[large / sizeof(void*)] = make<holds + 8>();
    held[7] = holder;
}

void plant_strdup() {
    constexpr std::size_t size = "Strdup"_case;
    held[8] = ::strdup(std::string(size - 1, 'x').c_str());
    use(::strndup(std::string(size + 7, 'x').c_str(), size + 7));
}

void plant_new() {
    constexpr std::size_t nothrow = "Nothrow"_case;
    held[9] = new (std::nothrow) Padding<nothrow>;
    use(new (std::nothrow) Padding<nothrow + 8>);
    constexpr std::size_t aligned = "OverAligned"_case;
    held[10] = ::operator new(aligned, std::align_val_t(128));
    use(::operator new(aligned + 8, std::align_val_t(128)));
}

}  // namespace

void plant_allocations() {
    run_and_forget(plant_calloc);
    run_and_forget(plant_realloc);
    run_and_forget(plant_aligned);
    run_and_forget(plant_no_bytes);
    run_and_forget(plant_large);
    run_and_forget(plant_strdup);
    run_and_forget(plant_new);
}

}  // namespace kinds
