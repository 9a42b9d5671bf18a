// SPDX-License-Identifier: Apache-2.0
//
// By which way an allocation was come by: the chain of return addresses from the interposed function
// outwards, to where the running test begins or the thread does.
//
// A path is found by following the steps of ReturnSites, and remembered: the same frame with the same
// return address comes again and again. What a walk depends on is the words of the stack that it read
// (return addresses, saved frame pointers). So a path is remembered with the places of these words and
// a hash of them; where all of them still stand there, the walk would take the same way again. Checking
// that is a few loads, independent of each other.
//
// Lock-free, async-signal-safe, thread-safe: a remembered path has a version, odd while it is written;
// readers that see it change take it for absent.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "sampler/counted/return_sites.hpp"

namespace leakcheck::sampler::counted {

inline constexpr std::size_t most_path_words = 48;

enum class PathEnd {
    thread,   // the thread's first frame
    test,     // the frames that run the test
    unknown,  // a return address that no walk has shown yet
    blocked,  // code from which there is no simple step
    cut,      // longer than can be remembered
};

struct CallPath {
    PathEnd end = PathEnd::cut;
    std::uint64_t chain = 0;   // hash of the return addresses
    std::uintptr_t stack = 0;  // stack pointer behind the last one
    std::uint16_t words = 0;
    std::array<std::uint16_t, most_path_words>
        place{};  // of the words read, in words from the frame

    // Nothing that is not known can differ between two allocations with the same chain.
    bool is_whole() const { return end == PathEnd::thread || end == PathEnd::test; }
};

// How far a walk may go.
struct PathLimits {
    std::uintptr_t test_stack = 0;  // leakcheck_cell
    std::uintptr_t top = 0;         // of what is known to be the thread's stack
};

// `frame`: frame address of the interposed function.
CallPath follow_path(const ReturnSites& sites, const std::uint64_t* frame,
                     const PathLimits& limits);

// What a walk in the kernel has shown of the stack from `frame` on.
void learn_path(ReturnSites& sites, const std::uint64_t* frame, const std::uint32_t* steps,
                std::size_t count);

class PathCache {
  public:
    // A key stands for the frame, its return address and `salt`, which holds whatever else makes
    // paths differ.
    [[gnu::always_inline]] static std::uint64_t key_of(const std::uint64_t* frame,
                                                       std::uint64_t salt) {
        const auto address = reinterpret_cast<std::uint64_t>(frame);
        return ((frame[1] + std::rotl(address, 32)) ^ salt) * 0x9e3779b97f4a7c15u;
    }

    // The account of the path that leads to `frame`, or 0.
    [[gnu::always_inline]] std::uint32_t find(std::uint64_t key, const std::uint64_t* frame) const {
        const std::size_t first = first_of(key);
        const std::uint32_t account = check(entries_[first], key, frame);
        return account != 0 ? account : check(entries_[first ^ 1], key, frame);
    }

    void remember(std::uint64_t key, const std::uint64_t* frame, const CallPath& path,
                  std::uint32_t account);

  private:
    // Four places, 16 bits each; the last group is filled up with the place of the return address,
    // which is the same for one key.
    static constexpr std::size_t group_size = 4;
    struct alignas(128) Entry {
        std::atomic<std::uint64_t> key;
        std::atomic<std::uint64_t> hash;
        std::atomic<std::uint32_t> version;
        std::atomic<std::uint32_t> account;
        std::atomic<std::uint32_t> groups;
        std::uint32_t zero;
        std::array<std::atomic<std::uint64_t>, most_path_words / group_size> places;
    };
    static_assert(sizeof(Entry) == 128);
    static constexpr int bits = 16;

    // A key may be in either of two neighbours.
    static std::size_t first_of(std::uint64_t key) { return key >> (64 - bits); }
    Entry& entry_for(std::uint64_t key);

    [[gnu::always_inline]] static std::uint32_t check(const Entry& entry, std::uint64_t key,
                                                      const std::uint64_t* frame) {
        const std::uint32_t version = entry.version.load(std::memory_order_acquire);
        if (entry.key.load(std::memory_order_acquire) != key || (version & 1) != 0) return 0;
        const std::uint32_t groups = entry.groups.load(std::memory_order_acquire);
        const std::uint32_t account = entry.account.load(std::memory_order_acquire);
        const std::uint64_t expected = entry.hash.load(std::memory_order_acquire);
        std::uint64_t hash = 0;
        for (std::uint32_t i = 0; i < groups; ++i) {
            const std::uint64_t places = entry.places[i].load(std::memory_order_acquire);
            // Places of another path may lie beyond this stack.
            if (entry.version.load(std::memory_order_acquire) != version) return 0;
            hash = hash_group(hash, places, frame);
        }
        return hash == expected && entry.version.load(std::memory_order_relaxed) == version
                   ? account
                   : 0;
    }

    [[gnu::always_inline]] static std::uint64_t hash_group(std::uint64_t hash, std::uint64_t places,
                                                           const std::uint64_t* frame) {
        hash = std::rotl(hash, 29) + frame[places & 0xffff];
        hash = std::rotl(hash, 29) + frame[places >> 16 & 0xffff];
        hash = std::rotl(hash, 29) + frame[places >> 32 & 0xffff];
        return std::rotl(hash, 29) + frame[places >> 48];
    }
    static std::uint64_t group_of(const CallPath& path, std::size_t number);

    std::array<Entry, std::size_t{1} << bits> entries_{};
};

}  // namespace leakcheck::sampler::counted
