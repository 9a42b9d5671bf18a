// SPDX-License-Identifier: Apache-2.0
//
// The traced blocks that are live: address -> serial.
//
// Structure. Levels of growing size (2^12 slots of 16 bytes, each level four times the one before),
// mapped when first needed in reserved memory, so that pages cost nothing until touched. In a level
// an address has two buckets of eight slots (two cache lines); it goes into the emptier one of the
// lowest level that has room. A lookup scans both buckets of every level in use, so an erase simply
// clears its slot: there are no tombstones, and millions of inserts and erases leave nothing
// behind. Blocks never move. In front of it stands a filter: 2^15 counters over a hash of the
// address (64 KiB). An address whose counter is 0 is not in the table, which is all that most frees
// need to learn.
//
// Concurrency. A slot changes only by a 16-byte compare-and-swap of {key, serial}, so nobody
// ever acts on a torn pair, and no operation has an intermediate state: a thread that vanishes in a
// fork, or is interrupted by a signal handler that uses the table itself, leaves nothing that
// blocks. All members are lock-free, async-signal-safe and callable from any thread. Two threads
// that insert the same address at once (which no correct allocator lets happen) may leave it in
// twice; the second one is found and replaced by a later insert. A forked child has its own
// copy-on-write copy.
//
// Errors: an insert fails when `max_live` blocks are in, or when no memory can be mapped for a
// level.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace leakcheck::sampler {

// Counts, for each of 2^15 hash values, the addresses added. Neighbours have counters next to each
// other, for a program frees what lies together, and a cache holds them then; each stretch of 512 KiB
// begins at a counter of its own, so that blocks of a large stride do not share theirs. 16 bits
// suffice for 2^30 addresses: 2^15 a counter on average, spread evenly by the golden ratio, of all
// factors the one that clusters the multiples of any stride least (Knuth, TAOCP vol. 3, 6.4).
class AddressFilter {
  public:
    bool may_hold(const void* address) const {
        return counter(address).load(std::memory_order_relaxed) != 0;
    }
    void add(const void* address) { counter(address).fetch_add(1, std::memory_order_relaxed); }
    void remove(const void* address) { counter(address).fetch_sub(1, std::memory_order_relaxed); }

  private:
    using Counter = std::atomic<std::uint16_t>;
    static constexpr int bits = 15;

    static std::size_t index(const void* address) {
        constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15u;
        const std::uint64_t place = reinterpret_cast<std::uintptr_t>(address) >> 4;
        const std::uint64_t stretch_begins = (place >> bits) * golden_ratio >> (64 - bits);
        return (place + stretch_begins) & ((1u << bits) - 1);
    }
    Counter& counter(const void* address) { return counters_[index(address)]; }
    const Counter& counter(const void* address) const { return counters_[index(address)]; }

    std::array<Counter, 1u << bits> counters_{};
};

class LiveTable {
  public:
    // No block at all is at the null address, nor has serial 0.
    static constexpr std::uint64_t no_serial = 0;
    static constexpr std::uint64_t largest_max_live = 1u << 28;

    constexpr LiveTable() = default;
    LiveTable(const LiveTable&) = delete;
    LiveTable& operator=(const LiveTable&) = delete;

    // False: certainly not in the table.
    [[gnu::always_inline]] bool may_hold(const void* address) const {
        return filter_.may_hold(address);
    }

    // What may_hold() goes by. Blocks that are kept elsewhere, but looked for by way of this table, are
    // to be added and removed by those who keep them.
    AddressFilter& filter() { return filter_; }

    // Adds a block; if its address is there already, its serial is replaced. False: there is no
    // room.
    bool insert(const void* address, std::uint64_t serial, std::uint64_t max_live);

    // Takes a block out and returns its serial, or no_serial when it is not there.
    std::uint64_t erase(const void* address);

    // Blocks in the table; between operations exact.
    std::uint64_t size() const { return size_.load(std::memory_order_relaxed); }

    // Buckets that a lookup of this address examines: the measure of the table's speed.
    std::size_t buckets_examined(const void* address) const;

    // Gives the memory back; only for tables that nobody uses any more.
    void release();

  private:
    struct alignas(16) Slot {
        std::uintptr_t key;
        std::uint64_t serial;
    };
    static constexpr std::size_t slots_per_bucket = 8;
    struct alignas(128) Bucket {
        std::array<Slot, slots_per_bucket> slots;
    };
    struct Place {  // a slot and the pair seen in it
        Slot* slot = nullptr;
        Slot seen{};
    };
    static constexpr std::size_t level_count = 9;
    static constexpr std::size_t buckets_in(std::size_t level) {
        return (std::size_t{1} << (12 + 2 * level)) / slots_per_bucket;
    }

    // The address with all bits turned: the table is in the process, and none of its words may look like
    // a pointer to whoever searches the process for what still points to a block.
    static std::uintptr_t key_of(const void* address);
    static std::uint64_t hash(std::uintptr_t key);
    static std::array<Bucket*, 2> candidates(Bucket* level, std::size_t index, std::uint64_t hash);
    static bool swap(Slot* slot, Slot expected, Slot desired);
    static Slot look(const Slot& slot);
    static Slot* find_in(Bucket& bucket, std::uintptr_t key);
    static std::size_t free_slots(const Bucket& bucket);
    static bool place_in(Bucket& bucket, Slot entry);

    Place find(std::uintptr_t key, std::size_t& examined) const;
    bool replace(Slot entry);
    bool place(Slot entry);
    bool enter(std::uint64_t max_live);
    Bucket* map_level(std::size_t index);

    AddressFilter filter_{};
    alignas(64) std::atomic<std::uint64_t> size_{0};
    alignas(64) std::array<std::atomic<Bucket*>, level_count> levels_{};
};

// Of this process.
[[gnu::visibility("hidden")]] extern constinit LiveTable live_blocks;

}  // namespace leakcheck::sampler
