// SPDX-License-Identifier: Apache-2.0
#include "reporters/leak_sum.hpp"

namespace leakcheck {
namespace {

void add_to(Quantity& sum, const Quantity& part) {
    sum.observed += part.observed;
    sum.estimate += part.estimate;
    sum.lower += part.lower;
    sum.upper += part.upper;
}

}  // namespace

void LeakSum::add(const Leak& leak) {
    ++leaks;
    add_to(bytes, leak.bytes);
    add_to(blocks, leak.blocks);
}

}  // namespace leakcheck
