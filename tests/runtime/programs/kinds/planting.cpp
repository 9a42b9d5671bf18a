// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/programs/kinds/planting.hpp"

#include <array>

namespace kinds {
namespace {

// Deeper than any frame of a case.
[[gnu::noinline]] void wipe_stack() {
    std::array<char, 256 * 1024> frame;
    std::memset(frame.data(), 0, frame.size());
    use(frame);
}

}  // namespace

[[gnu::noinline]] void run_and_forget(void (*function)()) {
    function();
    wipe_stack();
}

}  // namespace kinds
