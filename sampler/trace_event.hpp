// SPDX-License-Identifier: Apache-2.0
//
// Telling an allocation to the BPF programs, a second time if they ask for it ("Cells" in
// abi/leakcheck_abi.h). Async-signal-safe and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace leakcheck::sampler {

// Arguments as leakcheck_probe_alloc has them; `flags` without LEAKCHECK_ALLOC_MAY_REPEAT and _REPEATED.
void tell_allocation(const void* block, std::size_t size, std::uint64_t weight,
                     std::uint64_t serial, const void* frame, std::uint64_t flags);

}  // namespace leakcheck::sampler
