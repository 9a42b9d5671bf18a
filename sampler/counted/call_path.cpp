// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/call_path.hpp"

#include <algorithm>

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

// Whether the caller's frame, which is then read, lies above and in what is known of the stack.
bool leads_up(const ChainFrame& frame, std::uintptr_t cfa, std::uintptr_t top) {
    return cfa > frame.stack && cfa <= top && (cfa & 7) == 0;
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
        if (!leads_up(at, cfa, limits.top)) return end(PathEnd::unknown);
        if ((step & LEAKCHECK_STEP_BY_RBP) != 0 && !places.add(at.rbp_place))
            return end(PathEnd::cut);
        if (!places.add(cfa - 8)) return end(PathEnd::cut);
        leave(at, step, cfa);
    }
}

void learn_path(ReturnSites& sites, const std::uint64_t* frame, const std::uint32_t* steps,
                std::size_t count, std::uintptr_t top) {
    ChainFrame at = first_frame(frame);
    for (std::size_t i = 0; i < count && at.address != 0; ++i) {
        const std::uint32_t step = steps[i];
        sites.learn(at.address, step != 0 ? step : ReturnSites::no_step);
        if (step == 0 || ends_thread(step)) return;
        const std::uintptr_t cfa = frame_address(at, step);
        if (!leads_up(at, cfa, top)) return;
        leave(at, step, cfa);
    }
}

// Where the key is already, or what was written least often: they take turns.
PathCache::Node& PathCache::node_for(std::uint64_t key) {
    Node* oldest = &nodes_[first_of(key)];
    for (std::size_t i = 0; i < ways; ++i) {
        Node& node = nodes_[first_of(key) ^ i];
        if (node.key.load(std::memory_order_relaxed) == key) return node;
        if (node.version.load(std::memory_order_relaxed) <
            oldest->version.load(std::memory_order_relaxed))
            oldest = &node;
    }
    return *oldest;
}

PathCache::Node* PathCache::begin_writing(std::uint64_t key) {
    Node& node = node_for(key);
    std::uint32_t version = node.version.load(std::memory_order_relaxed);
    const bool is_mine = (version & 1) == 0 && node.version.compare_exchange_strong(
                                                   version, version + 1, std::memory_order_acq_rel);
    return is_mine ? &node : nullptr;
}

void PathCache::end_writing(Node& node) {
    node.version.fetch_add(1, std::memory_order_release);
}

std::size_t PathCache::places_in_common(const Node& node, const CallPath& path, std::size_t from) {
    const std::size_t most =
        std::min<std::size_t>(path.words - from, node.count.load(std::memory_order_relaxed));
    for (std::size_t i = 0; i < most; ++i)
        if (node.places[i].load(std::memory_order_relaxed) != path.place[from + i]) return i;
    return most;
}

void PathCache::put_places(Node& node, const CallPath& path, std::size_t from, std::size_t count) {
    const auto number = static_cast<std::uint32_t>(count);
    for (std::size_t i = 0; i < group_size * groups_for(number); ++i)
        node.places[i].store(i < count ? path.place[from + i] : filler, std::memory_order_relaxed);
    node.count.store(number, std::memory_order_relaxed);
    node.account.store(0, std::memory_order_relaxed);
}

// Makes the node one that the path goes through. Returns how many of the path's places it has: if
// it had others, those before the paths part.
std::size_t PathCache::take_places(Node& node, std::uint64_t key, const CallPath& path,
                                   std::size_t from) {
    const bool is_new = node.key.load(std::memory_order_relaxed) != key;
    std::size_t count = is_new ? 0 : places_in_common(node, path, from);
    if (count == 0) count = std::min<std::size_t>(path.words - from, group_size * groups_of_node);
    if (is_new || count != node.count.load(std::memory_order_relaxed))
        put_places(node, path, from, count);
    node.key.store(key, std::memory_order_relaxed);
    return count;
}

std::uint64_t PathCache::key_behind(const Node& node, std::uint64_t key,
                                    const std::uint64_t* frame) {
    const std::uint32_t count = node.count.load(std::memory_order_relaxed);
    key += count;
    for (std::uint32_t i = 0; i < groups_for(count); ++i)
        key = add_words(key, node.group(i), frame);
    return key;
}

// False: another path ends there.
bool PathCache::put_end(Node& node, std::uint64_t key, std::uint32_t account) {
    const bool is_free = node.account.load(std::memory_order_relaxed) == 0 ||
                         node.end.load(std::memory_order_relaxed) == key;
    if (!is_free) return false;
    node.end.store(key, std::memory_order_relaxed);
    node.account.store(account, std::memory_order_relaxed);
    return true;
}

void PathCache::remember(std::uint64_t key, const std::uint64_t* frame, const CallPath& path,
                         std::uint32_t account) {
    for (std::size_t from = 0;;) {
        Node* const node = begin_writing(key);
        if (node == nullptr) return;
        from += take_places(*node, key, path, from);
        key = key_behind(*node, key, frame);
        const bool is_its_end = from == path.words && put_end(*node, key, account);
        end_writing(*node);
        if (is_its_end) return;
    }
}

}  // namespace leakcheck::sampler::counted
