// SPDX-License-Identifier: Apache-2.0
//
// Pointers that are not to a block's start, and values that are no pointers to anybody but the program.
#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

// Volatile: each is stored, though nobody reads it.
void* volatile held[20];
std::uintptr_t volatile encoded;
alignas(8) char unaligned[32];

char* bytes(void* block) {
    return static_cast<char*>(block);
}
void* with_bits(void* block, std::uintptr_t bits) {
    return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(block) | bits);
}

void plant_offsets() {
    held[0] = bytes(make<"CharOffset"_case>()) + 3;
    held[1] = make<"WordOffset"_case>() + 2;
    constexpr std::size_t last = "LastByte"_case;
    held[2] = bytes(make<last>()) + last - 1;
    constexpr std::size_t past = "OnePastTheEnd"_case;
    held[3] = bytes(make<past>()) + past;
}

void plant_chains() {
    constexpr std::size_t of_possible = "ChildOfPossible"_case;
    const Words possible = make<of_possible>();
    possible[5] = make<of_possible + 8>();
    held[4] = possible + 4;

    constexpr std::size_t from_leaked = "InteriorFromLeaked"_case;
    make<from_leaked>()[0] = make<from_leaked + 8>() + 3;

    constexpr std::size_t from_held = "InteriorFromHeld"_case;
    const Words holder = make<from_held>();
    holder[0] = make<from_held + 8>() + 3;
    held[5] = holder;

    constexpr std::size_t both = "StartAndInterior"_case;
    const Words block = make<both>();
    held[6] = block + 7;
    held[7] = block;
}

void plant_encoded() {
    held[8] = with_bits(make<"TaggedLowBit"_case>(), 1);
    held[9] = with_bits(make<"TaggedHighBit"_case>(), std::uintptr_t{1} << 60);
    encoded = reinterpret_cast<std::uintptr_t>(make<"Encoded"_case>()) ^ 0x5555'5555'5555'5555;
    void* const block = make<"Unaligned"_case>();
    std::memcpy(unaligned + 3, &block, sizeof(block));
    use(unaligned);
}

void plant_half() {
    const auto pointer = reinterpret_cast<std::uintptr_t>(make<"OnlyOneWordOfTwo"_case>());
    static std::uint32_t volatile low;
    static std::uint32_t volatile high;
    low = static_cast<std::uint32_t>(pointer);
    high = ~static_cast<std::uint32_t>(pointer >> 32);
}

// The freed block is large enough not to be given out again to others, and is not at the end of the heap.
void plant_stale() {
    constexpr std::size_t size = "StaleInFreedBlock"_case;
    const Words freed = make<size>();
    held[10] = make<size + 8>();
    freed[100] = make<size + 16>();
    std::free(freed);
}

}  // namespace

void plant_interior_pointers() {
    run_and_forget(plant_offsets);
    run_and_forget(plant_chains);
    run_and_forget(plant_encoded);
    run_and_forget(plant_half);
    run_and_forget(plant_stale);
}

}  // namespace kinds
