// SPDX-License-Identifier: Apache-2.0
//
// The kernel side's ids as those of the snapshot. The kernel's owner 0, "outside tests", is an owner like
// any other in a snapshot, so owner ids move up by one.
#pragma once

#include <cstdint>

#include "analysis/snapshot.hpp"

namespace leakcheck {

constexpr ProcessId process_id(std::uint32_t kernel_id) {
    return ProcessId{kernel_id};
}
constexpr OwnerId owner_id(std::uint32_t kernel_id) {
    return OwnerId{kernel_id + 1};
}

}  // namespace leakcheck
