// SPDX-License-Identifier: Apache-2.0
//
// The probe sites, as the sampler calls them. Arguments, units and meaning: abi/leakcheck_abi.h.
// Without a uprobe in place a call costs a nanosecond. They touch nothing: async-signal-safe,
// thread-safe.
#pragma once

#include <cstdint>

extern "C" {
void leakcheck_fire_hello(std::uint64_t version, std::uint64_t token);
void leakcheck_fire_alloc(const void* address, std::uint64_t size, std::uint64_t weight,
                          std::uint64_t serial, const void* frame, std::uint64_t flags);
void leakcheck_fire_free(const void* address, std::uint64_t serial);
void leakcheck_fire_census(const void* address);
void leakcheck_fire_census_end(std::uint64_t complete);
void leakcheck_fire_owner(std::uint64_t kind, const char* suite, const char* test);
void leakcheck_fire_note(std::uint64_t kind, std::uint64_t a, std::uint64_t b, const char* text);
void leakcheck_fire_loss(std::uint64_t kind, std::uint64_t count);
void leakcheck_fire_unload(std::uint64_t phase);
void leakcheck_fire_mapped(std::uint64_t token);
void leakcheck_fire_ending(std::uint64_t token, const void* stack, std::uint64_t owner);
}
