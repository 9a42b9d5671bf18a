// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/call_path.hpp"

#include "sampler/sampling.hpp"

namespace leakcheck::sampler::counted {
namespace {

// A frame of the chain: where it returns to, and the registers after that.
struct ChainFrame {
    std::uint64_t address;
    std::uintptr_t stack;
    std::uint64_t rbp;
    std::uintptr_t rbp_place;  // where its value was read
};

ChainFrame first_frame(const std::uint64_t* frame) {
    const auto address = reinterpret_cast<std::uintptr_t>(frame);
    return {frame[1], address + 16, frame[0], address};
}

std::uintptr_t frame_address(const ChainFrame& frame, std::uint32_t step) {
    const std::uint64_t base = (step & LEAKCHECK_STEP_BY_RBP) != 0 ? frame.rbp : frame.stack;
    return base + std::uint64_t{LEAKCHECK_STEP_CFA_WORDS(step)} * 8;
}

std::uint64_t word_at(std::uintptr_t address) {
    return *reinterpret_cast<const std::uint64_t*>(address);
}

// To the caller's frame, whose canonical frame address this is.
void leave(ChainFrame& frame, std::uint32_t step, std::uintptr_t cfa) {
    if (const std::uint32_t words = LEAKCHECK_STEP_RBP_WORDS(step); words != 0) {
        frame.rbp_place = cfa - std::uintptr_t{words} * 8;
        frame.rbp = word_at(frame.rbp_place);
    }
    frame.address = word_at(cfa - 8);
    frame.stack = cfa;
}

bool ends_thread(std::uint32_t step) {
    return step == LEAKCHECK_STEP_KNOWN;
}

// The words that a walk read, as they are remembered.
class Places {
  public:
    Places(CallPath& path, const std::uint64_t* frame)
        : path_(path), base_(reinterpret_cast<std::uintptr_t>(frame)) {}

    // False: it cannot be remembered.
    bool add(std::uintptr_t address) {
        const std::uintptr_t place = (address - base_) / 8;
        if (address < base_ || place > UINT16_MAX || path_.words == most_path_words) return false;
        path_.place[path_.words++] = static_cast<std::uint16_t>(place);
        return true;
    }

  private:
    CallPath& path_;
    std::uintptr_t base_;
};

}  // namespace

CallPath follow_path(const ReturnSites& sites, const std::uint64_t* frame,
                     const PathLimits& limits) {
    CallPath path;
    Places places(path, frame);
    ChainFrame at = first_frame(frame);
    const bool in_test = at.stack <= limits.test_stack;
    const auto end = [&](PathEnd how) {
        path.end = how;
        path.stack = at.stack;
        return path;
    };
    for (;;) {
        if (in_test && at.stack - 8 >= limits.test_stack) return end(PathEnd::test);
        if (at.address == 0) return end(PathEnd::thread);
        path.chain = mix(path.chain ^ at.address);
        const std::uint32_t step = sites.find(at.address);
        if (step == ReturnSites::unknown) return end(PathEnd::unknown);
        if (step == ReturnSites::no_step) return end(PathEnd::blocked);
        if (ends_thread(step)) return end(PathEnd::thread);
        const std::uintptr_t cfa = frame_address(at, step);
        if (cfa <= at.stack || cfa > limits.top || (cfa & 7) != 0) return end(PathEnd::unknown);
        if ((step & LEAKCHECK_STEP_BY_RBP) != 0 && !places.add(at.rbp_place))
            return end(PathEnd::cut);
        if (!places.add(cfa - 8)) return end(PathEnd::cut);
        leave(at, step, cfa);
    }
}

void learn_path(ReturnSites& sites, const std::uint64_t* frame, const std::uint32_t* steps,
                std::size_t count) {
    ChainFrame at = first_frame(frame);
    for (std::size_t i = 0; i < count && at.address != 0; ++i) {
        const std::uint32_t step = steps[i];
        sites.learn(at.address, step != 0 ? step : ReturnSites::no_step);
        if (step == 0 || ends_thread(step)) return;
        leave(at, step, frame_address(at, step));
    }
}

std::uint64_t PathCache::group_of(const CallPath& path, std::size_t number) {
    constexpr std::uint64_t place_of_return_address = 1;
    std::uint64_t group = 0;
    for (std::size_t i = 0; i < group_size; ++i) {
        const std::size_t word = number * group_size + i;
        const std::uint64_t place = word < path.words ? path.place[word] : place_of_return_address;
        group |= place << (16 * i);
    }
    return group;
}

// Where the key is already, or was last remembered longer ago: the two take turns.
PathCache::Entry& PathCache::entry_for(std::uint64_t key) {
    Entry& one = entries_[first_of(key)];
    Entry& other = entries_[first_of(key) ^ 1];
    if (one.key.load(std::memory_order_relaxed) == key) return one;
    if (other.key.load(std::memory_order_relaxed) == key) return other;
    const std::uint32_t of_one = one.version.load(std::memory_order_relaxed);
    return of_one <= other.version.load(std::memory_order_relaxed) ? one : other;
}

void PathCache::remember(std::uint64_t key, const std::uint64_t* frame, const CallPath& path,
                         std::uint32_t account) {
    Entry& entry = entry_for(key);
    std::uint32_t version = entry.version.load(std::memory_order_relaxed);
    if ((version & 1) != 0 ||
        !entry.version.compare_exchange_strong(version, version + 1, std::memory_order_acq_rel))
        return;
    const std::size_t groups = (path.words + group_size - 1) / group_size;
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < groups; ++i) {
        const std::uint64_t places = group_of(path, i);
        hash = hash_group(hash, places, frame);
        entry.places[i].store(places, std::memory_order_relaxed);
    }
    entry.key.store(key, std::memory_order_relaxed);
    entry.hash.store(hash, std::memory_order_relaxed);
    entry.account.store(account, std::memory_order_relaxed);
    entry.groups.store(static_cast<std::uint32_t>(groups), std::memory_order_relaxed);
    entry.version.store(version + 2, std::memory_order_release);
}

}  // namespace leakcheck::sampler::counted
