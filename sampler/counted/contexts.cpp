// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/contexts.hpp"

#include <atomic>

#include "sampler/config.hpp"
#include "sampler/counted/numbers.hpp"
#include "sampler/counted/table.hpp"
#include "sampler/sampling.hpp"

namespace leakcheck::sampler::counted {
namespace {

// A path that ends where no walk has been yet is walked a few times more: each shows more of it.
constexpr std::uint32_t more_for_unknown = 8;

template <typename Item>
Item* list_at(std::uint64_t offset) {
    return reinterpret_cast<Item*>(table_memory() + offset);
}

NumberedList<leakcheck_context> contexts() {
    return {list_at<leakcheck_context>(LEAKCHECK_TABLE_CONTEXT_LIST),
            list_at<std::uint64_t>(LEAKCHECK_TABLE_CONTEXT_INDEX), &head().contexts,
            LEAKCHECK_TABLE_CONTEXTS};
}

NumberedList<leakcheck_account> accounts() {
    return {list_at<leakcheck_account>(LEAKCHECK_TABLE_ACCOUNT_LIST),
            list_at<std::uint64_t>(LEAKCHECK_TABLE_ACCOUNT_INDEX), &head().accounts,
            LEAKCHECK_TABLE_ACCOUNTS};
}

std::uint32_t most_traces(const CallPath& path) {
    if (path.is_whole()) return 1;  // a second one would be the same
    const std::uint32_t traces = leakcheck_config_record.path_traces;
    return path.end == PathEnd::unknown ? traces + more_for_unknown : traces;
}

}  // namespace

// Beyond the end of a path that is not whole, the stack's height and the owner stand for what could not
// be seen.
std::uint32_t context_of(const CallPath& path, std::uint64_t caller, std::uint32_t owner,
                         std::uint64_t height) {
    std::uint64_t hash = mix(path.chain + static_cast<std::uint64_t>(path.end) + 1);
    if (!path.is_whole()) hash = mix(hash ^ mix(height) ^ mix(mix(owner) + 1));
    const std::uint32_t flags = path.is_whole() ? LEAKCHECK_CONTEXT_WHOLE : 0;
    return number_of(contexts(), hash, leakcheck_context{hash, 0, flags, caller},
                     [hash](const leakcheck_context& other) { return other.hash == hash; });
}

bool lacks_traces(std::uint32_t context, const CallPath& path) {
    const std::atomic_ref traced(contexts().items[context].traced);
    return traced.load(std::memory_order_relaxed) < most_traces(path);
}

bool take_trace(std::uint32_t context, const CallPath& path) {
    const std::atomic_ref traced(contexts().items[context].traced);
    return traced.fetch_add(1, std::memory_order_relaxed) < most_traces(path);
}

std::uint32_t account_of(std::uint32_t context, std::uint32_t owner, std::uint64_t weight) {
    const std::uint64_t hash = mix(mix(std::uint64_t{context} << 32 | owner) + weight);
    const auto is_same = [=](const leakcheck_account& other) {
        return other.context == context && other.owner == owner && other.weight == weight;
    };
    return number_of(accounts(), hash, leakcheck_account{context, owner, weight}, is_same);
}

void add_sample(std::uint32_t account, std::uint64_t size) {
    leakcheck_account_total& total =
        list_at<leakcheck_account_total>(LEAKCHECK_TABLE_ACCOUNT_TOTALS)[account];
    std::atomic_ref(total.blocks).fetch_add(1, std::memory_order_relaxed);
    std::atomic_ref(total.bytes).fetch_add(size, std::memory_order_relaxed);
}

}  // namespace leakcheck::sampler::counted
