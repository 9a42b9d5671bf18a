// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/roots.hpp"

#include <algorithm>

#include "runner/reach/elf_in_memory.hpp"
#include "runner/reach/glibc_heaps.hpp"
#include "runner/reach/glibc_threads.hpp"
#include "runner/reach/memory_kinds.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t red_zone_bytes = 128;
constexpr std::uint64_t waiting_frames_bytes = 64 * 1024;  // more than the sampler needs to wait
constexpr std::uint64_t allocator_unit = std::uint64_t{2} << 20;  // other allocators take memory so
constexpr std::uint64_t tls_slack_bytes = 16 * 1024;              // alignment, and glibc's surplus

class RootFinder {
  public:
    explicit RootFinder(const RootInput& input)
        : in_(input), objects_(loaded_objects(*input.maps, *input.memory)) {
        for (const LoadedObject& object : objects_) extents_.push_back(object.extent);
        extents_ = normalized(std::move(extents_));
    }

    Roots find() {
        AddressRanges candidates;
        for (const ProcessMap& map : *in_.maps)
            if (may_hold_pointers(map)) candidates.push_back({map.start, map.end});
        candidates = normalized(std::move(candidates));
        for (const ThreadState& thread : *in_.threads) add_thread(thread);
        add_dead_main_stack();
        const AddressRanges heaps = difference(find_heaps(), extents_);
        describe(heaps);
        AddressRanges ranges = in_.heaps_are_roots ? candidates : difference(candidates, heaps);
        ranges = difference(ranges, blocks_in(ranges));
        ranges = joined(ranges, intersection(normalized(std::move(kept_)), candidates));
        ranges = difference(ranges, joined(normalized(std::move(dead_)), ignored()));
        roots_.ranges = intersection(ranges, *in_.written);
        return std::move(roots_);
    }

  private:
    bool is_ignored(const std::string& path) const {
        return std::any_of(in_.ignored_paths.begin(), in_.ignored_paths.end(),
                           [&](const std::string& start) { return path.starts_with(start); });
    }

    AddressRanges ignored() const {
        AddressRanges ranges = in_.ignored_ranges;
        for (const ProcessMap& map : *in_.maps)
            if (is_ignored(map.path)) ranges.push_back({map.start, map.end});
        for (const LoadedObject& object : objects_)
            if (is_ignored(object.path)) ranges.push_back(object.extent);
        return normalized(std::move(ranges));
    }

    // ---- What they are

    // Behind what threads have, which comes first.
    void describe(const AddressRanges& heaps) {
        for (const LoadedObject& object : objects_)
            roots_.places.add(
                {RootKind::static_data, object.extent, object.first_address, 0, object.path});
        for (const AddressRange& heap : heaps)
            roots_.places.add({RootKind::heap, heap, heap.start, 0, ""});
        for (const ProcessMap& map : *in_.maps)
            roots_.places.add({RootKind::memory, {map.start, map.end}, map.start, 0, map.path});
    }

    void describe_thread(const ThreadState& thread) {
        roots_.places.add_thread(thread.tid, thread.tid == in_.first_thread);
        const std::uint64_t pointer = thread.thread_pointer;
        if (pointer != 0 && is_thread_block(pointer, *in_.memory))
            add_place(RootKind::thread, {pointer, pointer + pthread_bytes}, thread);
        const auto tls = program_tls(pointer, *in_.memory);
        const LoadedObject* program = program_object();
        if (tls && program != nullptr)
            add_place(RootKind::thread_data, {*tls, *tls + program->tls_size}, thread,
                      program->path);
        if (const auto stack = thread_stack(pointer, *in_.memory))
            add_place(RootKind::stack, *stack, thread);
        const ProcessMap* map = map_at(thread.stack_pointer);
        if (map != nullptr && is_main_stack(*map))
            add_place(RootKind::stack, {map->start, map->end}, thread);
    }

    void add_place(RootKind kind, const AddressRange& range, const ThreadState& thread,
                   const std::string& path = "") {
        roots_.places.add({kind, range, 0, thread.tid, path});
    }

    const LoadedObject* program_object() const {
        for (const LoadedObject& object : objects_)
            if (object.extent.contains(in_.program)) return &object;
        return nullptr;
    }

    // ---- Threads

    void add_thread(const ThreadState& thread) {
        const bool waits = is_ending(thread);
        describe_thread(thread);
        if (!waits) add_registers(thread);
        add_stack(thread, waits ? in_.ending_stack : thread.stack_pointer - red_zone_bytes);
        add_tls(thread);
    }

    bool is_ending(const ThreadState& thread) const {
        return thread.stack_pointer <= in_.ending_stack &&
               in_.ending_stack - thread.stack_pointer < waiting_frames_bytes;
    }

    void add_dead_main_stack() {
        for (const ProcessMap& map : *in_.maps)
            if (is_main_stack(map) && in_.dead_main_stack > map.start)
                dead_.push_back({map.start, std::min(map.end, in_.dead_main_stack)});
    }

    void add_registers(const ThreadState& thread) {
        for (const std::vector<std::uint64_t>* words : {&thread.general, &thread.vectors}) {
            for (const std::uint64_t word : *words)
                roots_.words.push_back({word, static_cast<std::uint64_t>(thread.tid)});
        }
    }

    // `top`: of the part that is in use; the stack grows down to it.
    void add_stack(const ThreadState& thread, std::uint64_t top) {
        const auto stack = thread_stack(thread.thread_pointer, *in_.memory);
        if (stack && stack->contains(thread.stack_pointer)) {
            kept_.push_back({top, stack->end});
            dead_.push_back({stack->start, top});
            return;
        }
        if (stack) kept_.push_back(*stack);
        if (const ProcessMap* map = map_at(thread.stack_pointer))
            add_other_stack(*map, thread, top);
    }

    // The main thread's own, or one that the program made: of malloc'ed memory, it ends with the block; of other
    // memory, all of the mapping is a root where no blocks are, since other stacks may be in it.
    void add_other_stack(const ProcessMap& map, const ThreadState& thread, std::uint64_t top) {
        if (is_main_stack(map)) {
            dead_.push_back({map.start, top});
        } else if (const auto hit = in_.blocks->find(thread.stack_pointer)) {
            const LiveBlock& block = in_.blocks->blocks()[hit->block];
            kept_.push_back({std::max(top, block.address), block.end()});
        } else {
            kept_.push_back({top, std::min(map.end, next_block_from(top))});
        }
    }

    std::uint64_t next_block_from(std::uint64_t address) const {
        const BlockNumber next = in_.blocks->first_from(address);
        return next < in_.blocks->blocks().size() ? in_.blocks->blocks()[next].address
                                                  : address_limit;
    }

    const ProcessMap* map_at(std::uint64_t address) const {
        for (const ProcessMap& map : *in_.maps)
            if (address >= map.start && address < map.end) return &map;
        return nullptr;
    }

    // Static TLS lies below the thread pointer (variant II of the ELF TLS ABI).
    void add_tls(const ThreadState& thread) {
        const std::uint64_t pointer = thread.thread_pointer;
        if (pointer == 0 || !is_thread_block(pointer, *in_.memory)) return;
        std::uint64_t bytes = tls_slack_bytes;
        for (const LoadedObject& object : objects_) bytes += object.tls_bytes;
        if (const ProcessMap* map = map_at(pointer)) {
            kept_.push_back({std::max(map->start, pointer - std::min(bytes, pointer)),
                             std::min(map->end, pointer + pthread_bytes)});
        }
        const auto dtv = thread_dtv(pointer, *in_.memory);
        if (!dtv) return;
        // The thread's pointer to it is to its second entry, which makes it no less the holder.
        if (in_.blocks->find(dtv->start)) {
            roots_.words.push_back({dtv->start, pointer + word_size});
        } else {
            kept_.push_back(*dtv);
        }
    }

    // ---- Heaps

    AddressRanges find_heaps() const {
        AddressRanges heaps;
        for (const ProcessMap& map : *in_.maps) {
            if (is_break_heap(map)) {
                heaps.push_back({map.start, map.end});
            } else if (is_anonymous(map) && !is_main_stack(map) && may_hold_pointers(map)) {
                add_heaps_in(map, heaps);
            }
        }
        return normalized(std::move(heaps));
    }

    void add_heaps_in(const ProcessMap& map, AddressRanges& heaps) const {
        const AddressRanges arenas = arena_heaps(map, *in_.written, *in_.memory);
        heaps.insert(heaps.end(), arenas.begin(), arenas.end());
        for (const AddressRange& rest : difference({{map.start, map.end}}, normalized(arenas)))
            add_chunks_in(rest, heaps);
    }

    // Either all blocks that are here have a mapping of their own, or they are of another allocator.
    void add_chunks_in(const AddressRange& range, AddressRanges& heaps) const {
        const LiveBlocks& blocks = in_.blocks->blocks();
        bool is_other_allocator = false;
        for (BlockNumber i = in_.blocks->first_from(range.start);
             i < blocks.size() && blocks[i].address < range.end; ++i) {
            if (range_at(extents_, blocks[i].address) != nullptr) continue;
            const auto chunk =
                is_other_allocator ? std::nullopt : mapped_chunk(blocks[i], *in_.memory);
            is_other_allocator = !chunk;
            add_heap(chunk ? *chunk : units_of(blocks[i], range), heaps);
        }
    }

    static AddressRange units_of(const LiveBlock& block, const AddressRange& range) {
        return {std::max(range.start, round_down(block.address, allocator_unit)),
                std::min(range.end, round_up(block.end() + 1, allocator_unit))};
    }
    static void add_heap(const AddressRange& heap, AddressRanges& heaps) {
        if (heaps.empty() || heap != heaps.back()) heaps.push_back(heap);
    }

    AddressRanges blocks_in(const AddressRanges& ranges) const {
        AddressRanges result;
        const LiveBlocks& blocks = in_.blocks->blocks();
        for (const AddressRange& range : ranges) {
            for (BlockNumber i = in_.blocks->first_from(range.start);
                 i < blocks.size() && blocks[i].address < range.end; ++i)
                result.push_back({blocks[i].address, blocks[i].end()});
        }
        return normalized(std::move(result));
    }

    const RootInput& in_;
    std::vector<LoadedObject> objects_;
    AddressRanges extents_;  // of all objects
    Roots roots_;
    AddressRanges kept_;  // roots, whatever else the memory is
    AddressRanges dead_;
};

}  // namespace

Roots find_roots(const RootInput& input) {
    return RootFinder(input).find();
}

}  // namespace leakcheck::reach
