// SPDX-License-Identifier: Apache-2.0
//
// Before main and after it.
#include <cstdlib>
#include <string>
#include <vector>

#include "torture.hpp"

namespace torture::start_and_end {
namespace {

[[gnu::noinline]] void work(std::size_t depth) {
    const std::string text(35 + depth, 's');
    if (depth > 0) work(depth - 1);
    keep(&text);
}

struct AllocatesAtBothEnds {
    AllocatesAtBothEnds() { work(2); }
    ~AllocatesAtBothEnds() { work(3); }
    std::vector<std::string> words{"made before main", "and destroyed behind it, both of them"};
};

const AllocatesAtBothEnds global;

[[gnu::constructor]] void before_main() {
    work(1);
    std::atexit([] { work(4); });
}

[[gnu::destructor]] void after_main() {
    work(1);
}

const AllocatesAtBothEnds& in_function() {
    static const AllocatesAtBothEnds local;
    return local;
}

void local_statics(Random&) {
    keep(&in_function());
    allocate(12);
}

const Scenario scenario("local_statics", 2, local_statics);

}  // namespace
}  // namespace torture::start_and_end
