// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

namespace sites {

template <typename Value>
std::pair<Value, Value>* make_pair_of() {
    return new std::pair<Value, Value>();  // leak: template
}

}  // namespace sites
