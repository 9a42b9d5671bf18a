// SPDX-License-Identifier: Apache-2.0
//
// By which way an allocation was come by: the chain of return addresses from the interposed function
// outwards, to where the running test begins or the thread does.
//
// A path is found by following the steps of ReturnSites, and remembered: the same frame with the same
// return address comes again and again. What a walk depends on is the words of the stack that it read
// (return addresses, saved frame pointers). So the places of these words are remembered, and what stood
// there: where the same words stand there again, the walk would take the same way.
//
// Lock-free, async-signal-safe, thread-safe: what is remembered has a version, odd while it is written;
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

// What a walk in the kernel has shown of the stack from `frame` on, up to `top`. Steps that lead
// elsewhere are not of this stack, and nothing is read there.
void learn_path(ReturnSites& sites, const std::uint64_t* frame, const std::uint32_t* steps,
                std::size_t count, std::uintptr_t top);

// Remembered paths: a tree for each frame and return address, in one table of nodes. A node has the places
// of the words that all paths through it go on with; with the words that stand there, its key becomes the next
// one. Where a path ends, a node has its account: the node with that key, or the one before it, if no
// other path ends there. So most paths take one node.
class PathCache {
  public:
    // The root's. It stands for the frame, its return address and `salt`, which holds whatever else makes
    // paths differ, and which stack it is: places of one stack may lie beyond the end of another.
    [[gnu::always_inline]] static std::uint64_t key_of(const std::uint64_t* frame,
                                                       std::uint64_t salt) {
        const auto address = reinterpret_cast<std::uint64_t>(frame);
        return ((frame[1] + std::rotl(address, 32)) ^ salt) * golden_ratio;
    }

    // The account of the path that leads to `frame`, or 0.
    [[gnu::always_inline]] std::uint32_t find(std::uint64_t key, const std::uint64_t* frame) const {
        for (;;) {
            const Node* node = &nodes_[first_of(key)];
            std::uint32_t version = node->begin_reading();
            for (std::size_t i = 1; node->key.load(std::memory_order_relaxed) != key; ++i) {
                if (i == ways) return 0;
                node = &nodes_[first_of(key) ^ i];
                version = node->begin_reading();
            }
            const std::uint32_t count = node->count.load(std::memory_order_relaxed);
            key += count;
            for (std::uint32_t i = 0; i < groups_for(count); ++i) {
                const Group group = node->group(i);
                if (!node->is_still(version)) return 0;
                key = add_words(key, group, frame);
            }
            if (node->end.load(std::memory_order_relaxed) == key) [[likely]] {
                const std::uint32_t account = node->account.load(std::memory_order_relaxed);
                return node->is_still(version) ? account : 0;
            }
            if (count == 0) return 0;
        }
    }

    void remember(std::uint64_t key, const std::uint64_t* frame, const CallPath& path,
                  std::uint32_t account);

  private:
    // Places are in words from the frame, in groups. The last group is filled up with the place of the
    // return address, which is the same for one key. Their number goes into the next key as well, for
    // what stands there may also be a word of a path.
    static constexpr std::size_t group_size = 4;
    static constexpr std::size_t groups_of_node = 4;
    static constexpr std::uint16_t filler = 1;
    using Group = std::array<std::uint16_t, group_size>;

    struct alignas(64) Node {
        std::atomic<std::uint64_t> key;
        std::atomic<std::uint32_t> version;
        std::atomic<std::uint32_t> count;    // of places
        std::atomic<std::uint64_t> end;      // where a path ends, what its key has become by then
        std::atomic<std::uint32_t> account;  // of that path; 0: none ends here
        std::uint32_t zero;
        std::array<std::atomic<std::uint16_t>, group_size * groups_of_node> places;

        // Of a version, which is never the present one while somebody writes.
        [[gnu::always_inline]] std::uint32_t begin_reading() const {
            return version.load(std::memory_order_acquire) & ~1u;
        }
        // Whether all that was read since is of this version.
        [[gnu::always_inline]] bool is_still(std::uint32_t seen) const {
            std::atomic_thread_fence(std::memory_order_acquire);
            return version.load(std::memory_order_relaxed) == seen;
        }
        [[gnu::always_inline]] Group group(std::size_t number) const {
            const auto* const first = &places[number * group_size];
            return {
                first[0].load(std::memory_order_relaxed), first[1].load(std::memory_order_relaxed),
                first[2].load(std::memory_order_relaxed), first[3].load(std::memory_order_relaxed)};
        }
    };
    static_assert(sizeof(Node) == 64);
    static constexpr int bits = 16;
    static constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15u;

    static constexpr std::uint32_t groups_for(std::uint32_t count) {
        return (count + group_size - 1) / group_size;
    }
    // A key may be in any of so many neighbours.
    static constexpr std::size_t ways = 4;
    static std::size_t first_of(std::uint64_t key) { return key >> (64 - bits); }
    Node& node_for(std::uint64_t key);
    // Null: another thread is writing the node, which need not be waited for.
    Node* begin_writing(std::uint64_t key);
    static void end_writing(Node& node);
    static std::size_t take_places(Node& node, std::uint64_t key, const CallPath& path,
                                   std::size_t from);
    static std::size_t places_in_common(const Node& node, const CallPath& path, std::size_t from);
    static void put_places(Node& node, const CallPath& path, std::size_t from, std::size_t count);
    static bool put_end(Node& node, std::uint64_t key, std::uint32_t account);
    static std::uint64_t key_behind(const Node& node, std::uint64_t key,
                                    const std::uint64_t* frame);

    // Return addresses into one module differ in 16 to 24 bits: rotated by 16, the differences of two words
    // do not make up for each other.
    [[gnu::always_inline]] static std::uint64_t add_words(std::uint64_t key, const Group& places,
                                                          const std::uint64_t* frame) {
        std::uint64_t words = frame[places[0]];
        words = std::rotl(words, 16) + frame[places[1]];
        words = std::rotl(words, 16) + frame[places[2]];
        words = std::rotl(words, 16) + frame[places[3]];
        return (key ^ words ^ key >> 32) * golden_ratio;
    }

    std::array<Node, std::size_t{1} << bits> nodes_{};
};

}  // namespace leakcheck::sampler::counted
