// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/reachability.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "runner/reach/block_scanner.hpp"
#include "runner/reach/ended_threads.hpp"
#include "runner/reach/file_mappings.hpp"
#include "runner/reach/main_arena.hpp"
#include "runner/reach/memory_kinds.hpp"
#include "runner/reach/process_memory.hpp"
#include "runner/reach/resident_memory.hpp"
#include "runner/reach/roots.hpp"
#include "runner/reach/stdio_buffers.hpp"
#include "runner/reach/stopped_process.hpp"
#include "runner/reach/thread_list.hpp"

namespace leakcheck::reach {
namespace {

using Clock = std::chrono::steady_clock;

ReachabilityFailure failure_of(StopFailure failure) {
    switch (failure) {
        case StopFailure::gone:
            return ReachabilityFailure::gone;
        case StopFailure::traced_by_another:
            return ReachabilityFailure::traced_by_another;
        case StopFailure::not_permitted:
            return ReachabilityFailure::not_permitted;
        case StopFailure::does_not_stop:
            return ReachabilityFailure::does_not_stop;
    }
    return ReachabilityFailure::gone;
}

// What is known once a process has been read and goes on.
struct Picture {
    std::unique_ptr<LiveBlockIndex> index;
    std::unique_ptr<PointerGraph> graph;
    std::vector<RootPointer> roots;
    RootPlaces root_places;
    Places places = Places::forget;
    bool complete = true;
};

// Reads a process that is stopped.
class Reader {
  public:
    // Read through a thread that lives: to the kernel, a first thread that has ended has no memory any more, though
    // the others go on.
    Reader(int pid, const StoppedProcess& process, const ReachabilityOptions& options,
           const OutOfTime& out_of_time)
        : pid_(pid),
          options_(options),
          out_of_time_(out_of_time),
          threads_(process.threads()),
          memory_(threads_.front().tid),
          maps_(read_process_maps(threads_.front().tid, MapsWanted::all)),
          resident_(threads_.front().tid) {}

    // Nothing if the process has died.
    bool read(LiveBlocks blocks, Picture& picture, ReachabilityCounts& counts) {
        picture.index = std::make_unique<LiveBlockIndex>(std::move(blocks));
        picture.graph = std::make_unique<PointerGraph>(*picture.index);
        if (picture.index->blocks().size() <= options_.most_with_places)
            picture.places = Places::keep;
        if (!resident_ || maps_.empty()) return false;
        find_memory();
        written_ = difference(written_, stdio_buffers(maps_, *picture.index, memory_));
        read_roots(picture, counts);
        read_blocks(picture, counts);
        return !memory_.gone();
    }

  private:
    void find_memory() {
        for (const ProcessMap& map : maps_) {
            if (!may_hold_pointers(map)) continue;
            mapped_.push_back({map.start, map.end});
            const AddressRanges written = resident_.written(map);
            written_.insert(written_.end(), written.begin(), written.end());
        }
        mapped_ = normalized(std::move(mapped_));
        written_ = normalized(std::move(written_));
    }

    void read_roots(Picture& picture, ReachabilityCounts& counts) {
        RootInput input;
        input.maps = &maps_;
        input.threads = &threads_;
        input.blocks = picture.index.get();
        input.memory = &memory_;
        input.written = &written_;
        input.dead_main_stack = dead_main_stack();
        input.ignored_paths = options_.ignored_paths;
        input.ending_stack = options_.ending_stack;
        input.heaps_are_roots = options_.heaps_are_roots;
        input.ignored_ranges = options_.ignored_ranges;
        input.program = program_address(threads_.front().tid);
        input.first_thread = pid_;
        Roots roots = find_roots(input);
        RootScan scan = scan_roots(roots.ranges, *picture.index, memory_, out_of_time_);
        drop_dead(scan);
        for (const RootWord& word : roots.words) {
            if (const auto hit = picture.index->find(word.value))
                scan.pointers.push_back({word.where, hit->block, offset_of(hit->offset)});
        }
        picture.roots = std::move(scan.pointers);
        picture.root_places = std::move(roots.places);
        picture.complete = picture.complete && scan.complete;
        counts.root_bytes = scan.scanned_bytes;
        counts.unread_root_bytes = scan.unread_bytes;
    }

    std::uint64_t dead_main_stack() const {
        const bool first_lives =
            std::any_of(threads_.begin(), threads_.end(),
                        [&](const ThreadState& thread) { return thread.tid == pid_; });
        return first_lives ? 0 : first_stack_start(threads_.front().tid);
    }

    static std::uint32_t offset_of(std::uint64_t offset) {
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(offset, UINT32_MAX));
    }

    // What can only be told from the roots' contents to be none.
    void drop_dead(RootScan& scan) const {
        std::vector<std::uint64_t> living;
        for (const ThreadState& thread : threads_) living.push_back(thread.thread_pointer);
        AddressRanges dead = ended_stacks(scan.self_words, living, memory_);
        if (const auto arena = find_main_arena(scan.empty_lists, memory_)) dead.push_back(*arena);
        dead = normalized(std::move(dead));
        std::erase_if(scan.pointers, [&](const RootPointer& pointer) {
            return range_at(dead, pointer.where) != nullptr;
        });
    }

    void read_blocks(Picture& picture, ReachabilityCounts& counts) {
        const FileMappings files(maps_);
        BlockScan scan;
        scan.memory = &memory_;
        scan.written = &written_;
        scan.mapped = &mapped_;
        scan.files = &files;
        scan.heuristics = options_.heuristics;
        scan.places = picture.places;
        scan.threads = options_.threads;
        scan.out_of_time = out_of_time_;
        const ScanCounts result = scan_blocks(scan, *picture.graph);
        picture.complete = picture.complete && result.parts_left == 0;
        counts.block_bytes = result.scanned_bytes;
        counts.unread_block_bytes = result.unread_bytes;
    }

    int pid_;
    const ReachabilityOptions& options_;
    const OutOfTime& out_of_time_;
    const std::vector<ThreadState>& threads_;
    ProcessMemory memory_;
    std::vector<ProcessMap> maps_;
    ResidentMemory resident_;
    AddressRanges mapped_;
    AddressRanges written_;
};

// All of them unclassified.
Reachability failed(ReachabilityFailure failure, LiveBlocks blocks,
                    const ReachabilityCounts& counts) {
    Reachability result;
    result.failure = failure;
    result.blocks = std::move(*std::make_unique<LiveBlockIndex>(std::move(blocks))).take_blocks();
    result.marks = unclassified(result.blocks.size());
    result.counts = counts;
    return result;
}

class Classifier {
  public:
    Classifier(int pid, const ListBlocks& list_blocks, const ReachabilityOptions& options)
        : pid_(pid),
          list_blocks_(list_blocks),
          options_(options),
          start_(Clock::now()),
          out_of_time_([limit = start_ + options.time_limit] { return Clock::now() >= limit; }) {}

    Reachability classify() {
        Reachability result = classify_blocks();
        result.counts.duration = Clock::now() - start_;
        return result;
    }

  private:
    Reachability classify_blocks() {
        ReachabilityCounts counts;
        auto stopped = stop();
        if (const auto* failure = std::get_if<StopFailure>(&stopped))
            return failed(failure_of(*failure), list_blocks_(), counts);
        auto& process = std::get<std::unique_ptr<StoppedProcess>>(stopped);
        counts.threads = process->threads().size();
        Picture picture;
        const bool alive =
            Reader(pid_, *process, options_, out_of_time_).read(list_blocks_(), picture, counts);
        process.reset();
        counts.pause = Clock::now() - start_;
        if (!alive) {
            return failed(ReachabilityFailure::gone, std::move(*picture.index).take_blocks(),
                          counts);
        }
        return follow(picture, counts);
    }

    StoppedProcess::Result stop() const {
        constexpr int most_stops = 100;
        auto stopped = StoppedProcess::stop(pid_, options_.stop_timeout);
        for (int stops = 1; stops < most_stops && is_in_motion(stopped); ++stops) {
            stopped = StopFailure::gone;  // lets it go
            stopped = StoppedProcess::stop(pid_, options_.stop_timeout);
        }
        return stopped;
    }

    bool is_in_motion(const StoppedProcess::Result& stopped) const {
        return options_.is_in_motion && !std::holds_alternative<StopFailure>(stopped) &&
               options_.is_in_motion();
    }

    Reachability follow(Picture& picture, const ReachabilityCounts& counts) const {
        Reachability result;
        result.counts = counts;
        result.counts.graph_bytes = picture.graph->bytes();
        result.marks =
            mark(*picture.graph, picture.roots, picture.places,
                 picture.complete ? Everything::read : Everything::not_read, out_of_time_);
        if (!picture.complete || !result.marks.complete)
            result.failure = ReachabilityFailure::no_time;
        result.blocks = std::move(*picture.index).take_blocks();
        result.places = std::move(picture.root_places);
        return result;
    }

    int pid_;
    const ListBlocks& list_blocks_;
    const ReachabilityOptions& options_;
    Clock::time_point start_;
    OutOfTime out_of_time_;
};

}  // namespace

std::string describe(ReachabilityFailure failure) {
    switch (failure) {
        case ReachabilityFailure::gone:
            return "the process has ended";
        case ReachabilityFailure::traced_by_another:
            return "the process is traced by another program";
        case ReachabilityFailure::not_permitted:
            return "the process may not be traced";
        case ReachabilityFailure::does_not_stop:
            return "the process cannot be stopped";
        case ReachabilityFailure::no_time:
            return "the time limit has passed";
    }
    return "";
}

Reachability classify(int pid, const ListBlocks& list_blocks, const ReachabilityOptions& options) {
    return Classifier(pid, list_blocks, options).classify();
}

}  // namespace leakcheck::reach
