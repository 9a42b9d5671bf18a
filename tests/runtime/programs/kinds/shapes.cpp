// SPDX-License-Identifier: Apache-2.0
//
// Blocks that point to each other in all sorts of ways.
#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

Words held_alone;
Words held_cycle;
Words held_tree;
Words held_list;
Words held_middle_of_double_list;
Words held_middle_of_list;
Words held_by_leaked;

void point(Words from, Words to) {
    from[0] = to;
}
void link_both(Words first, Words second) {
    first[0] = second;
    second[1] = first;
}

template <std::size_t Size>
Words make_tree() {
    const Words root = make<Size>();
    const Words left = make<Size + 8>();
    const Words right = make<Size + 16>();
    root[3] = left;
    root[4] = right;
    left[2] = make<Size + 24>();
    right[2] = make<Size + 32>();
    return root;
}

template <std::size_t Size>
Words make_list() {
    const Words first = make<Size>();
    const Words second = make<Size + 8>();
    point(first, second);
    point(second, make<Size + 16>());
    return first;
}

template <std::size_t Size>
Words make_double_list() {
    const Words first = make<Size>();
    const Words second = make<Size + 8>();
    const Words third = make<Size + 16>();
    link_both(first, second);
    link_both(second, third);
    return second;
}

template <std::size_t Size>
Words make_cycle_of_two() {
    const Words first = make<Size>();
    const Words second = make<Size + 8>();
    point(first, second);
    point(second, first);
    return first;
}

void plant_alone() {
    make<"LeakedAlone"_case>();
    held_alone = make<"HeldAlone"_case>();
}

void plant_self_cycle() {
    const Words self = make<"SelfCycle"_case>();
    point(self, self);
}

void plant_cycle_of_two() {
    make_cycle_of_two<"CycleOfTwo"_case>();
}

void plant_cycle_of_many() {
    constexpr std::size_t size = "CycleOfMany"_case;
    const Words ring[] = {make<size>(),      make<size + 8>(),  make<size + 16>(),
                          make<size + 24>(), make<size + 32>(), make<size + 40>()};
    for (std::size_t i = 0; i < std::size(ring); ++i)
        point(ring[i], ring[(i + 1) % std::size(ring)]);
}

void plant_cycle_with_tail() {
    constexpr std::size_t size = "CycleWithTail"_case;
    const Words first = make_cycle_of_two<size>();
    first[1] = make_list<size + 16>();
}

void plant_cycle_with_head() {
    constexpr std::size_t size = "CycleWithHead"_case;
    const Words cycle = make_cycle_of_two<size>();
    point(make<size + 16>(), cycle);
}

void plant_two_cycles_sharing() {
    constexpr std::size_t size = "TwoCyclesSharing"_case;
    const Words shared = make_cycle_of_two<size>();
    const Words other = make<size + 16>();
    point(other, shared);
    shared[1] = other;
}

void plant_held_cycle() {
    held_cycle = make_cycle_of_two<"HeldCycle"_case>();
}

void plant_trees() {
    make_tree<"LeakedTree"_case>();
    held_tree = make_tree<"HeldTree"_case>();
}

void plant_lists() {
    make_list<"LeakedList"_case>();
    held_list = make_list<"HeldList"_case>();
    make_double_list<"LeakedDoubleList"_case>();
    held_middle_of_double_list = make_double_list<"DoubleListHeldInTheMiddle"_case>();
    held_middle_of_list = static_cast<Words>(make_list<"ListHeldInTheMiddle"_case>()[0]);
}

void plant_two_heads() {
    constexpr std::size_t size = "TwoHeadsOneTail"_case;
    const Words tail = make<size>();
    point(make<size + 8>(), tail);
    point(make<size + 16>(), tail);
}

void plant_diamond() {
    constexpr std::size_t size = "Diamond"_case;
    const Words top = make<size>();
    const Words bottom = make<size + 8>();
    top[0] = make<size + 16>();
    top[1] = make<size + 24>();
    point(static_cast<Words>(top[0]), bottom);
    point(static_cast<Words>(top[1]), bottom);
}

void plant_leaked_to_held() {
    constexpr std::size_t size = "LeakedToHeld"_case;
    held_by_leaked = make<size>();
    point(make<size + 8>(), held_by_leaked);
}

}  // namespace

void plant_shapes() {
    run_and_forget(plant_alone);
    run_and_forget(plant_self_cycle);
    run_and_forget(plant_cycle_of_two);
    run_and_forget(plant_cycle_of_many);
    run_and_forget(plant_cycle_with_tail);
    run_and_forget(plant_cycle_with_head);
    run_and_forget(plant_two_cycles_sharing);
    run_and_forget(plant_held_cycle);
    run_and_forget(plant_trees);
    run_and_forget(plant_lists);
    run_and_forget(plant_two_heads);
    run_and_forget(plant_diamond);
    run_and_forget(plant_leaked_to_held);
    use(held_alone);
    use(held_cycle);
    use(held_tree);
    use(held_list);
    use(held_middle_of_double_list);
    use(held_middle_of_list);
    use(held_by_leaked);
}

}  // namespace kinds
