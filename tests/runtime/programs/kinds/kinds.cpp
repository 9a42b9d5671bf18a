// SPDX-License-Identifier: Apache-2.0
//
// Plants all the cases of one process: PROGRAM LIBRARY-TO-KEEP LIBRARY-TO-CLOSE.
#include <cstdio>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace {

using kinds::operator""_case;

// The block is nowhere but in this frame, which is there until the end.
[[gnu::noinline]] void exit_from_here() {
    void* volatile held = kinds::make<"StackAtExit"_case>();
    std::exit(3);
    kinds::use(held);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    kinds::run_and_forget(kinds::plant_shapes);
    kinds::run_and_forget(kinds::plant_interior_pointers);
    kinds::run_and_forget(kinds::plant_allocations);
    kinds::run_and_forget(kinds::plant_classes);
    kinds::run_and_forget(kinds::plant_containers);
    kinds::run_and_forget(kinds::plant_owners);
    kinds::run_and_forget(kinds::plant_threads);
    kinds::plant_places(arguments);
    std::puts("planted");
    exit_from_here();
}
