// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/block_tables.hpp"

#include <bpf/bpf.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>

#include "runner/trace/table_sums.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

// Stacks of a process may have been asked for more than once.
void drop_repeated(std::vector<StackRecord>& stacks) {
    const auto id = [](const StackRecord& stack) { return stack.id; };
    std::ranges::sort(stacks, {}, id);
    const auto repeated = std::ranges::unique(stacks, {}, id);
    stacks.erase(repeated.begin(), repeated.end());
}

}  // namespace

BlockTables::BlockTables(Tables kind, Maps maps, const PointerChecks& checks)
    : kind_(kind), maps_(maps), checks_(checks), ended_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!ended_) throw TraceError("cannot watch the processes of the run");
}

int BlockTables::add(std::uint32_t process, int pid) {
    if (pid != 0) take_if([&](const Entry& entry) { return entry.pid == pid; });
    Entry& entry = entries_.emplace_back(process, pid);
    watch(entry);
    return entry.table.fd();
}

// A pidfd is readable when its process has ended. It is closed, and so no longer watched, with its entry.
void BlockTables::watch(Entry& entry) {
    if (entry.pid == 0) return;
    entry.handle = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, entry.pid, 0)));
    if (!entry.handle) return;  // until the end of the run, then
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = entry.process;
    ::epoll_ctl(ended_.get(), EPOLL_CTL_ADD, entry.handle.get(), &event);
}

template <typename Condition>
void BlockTables::take_if(Condition condition) {
    entries_.remove_if([&](const Entry& entry) {
        if (!condition(entry)) return false;
        sum_up(entry.table, kind_, entry.process, maps_, checks_, sums_);
        return true;
    });
}

void BlockTables::take_ended() {
    std::array<epoll_event, 64> events{};
    for (;;) {
        const int count =
            ::epoll_wait(ended_.get(), events.data(), static_cast<int>(events.size()), 0);
        if (count <= 0) return;
        const auto has_ended = [&](const Entry& entry) {
            return std::any_of(events.begin(), events.begin() + count, [&](const epoll_event& one) {
                return one.data.u32 == entry.process;
            });
        };
        take_if(has_ended);
    }
}

bool BlockTables::has(std::uint32_t process) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [process](const Entry& entry) { return entry.process == process; });
}

void BlockTables::for_each_block(std::uint32_t process, const BlockLists::Visit& visit) const {
    for (const Entry& entry : entries_)
        if (entry.process == process) visit_blocks(entry.table, visit);
}

bool BlockTables::is_moving(std::uint32_t process) const {
    return std::any_of(entries_.begin(), entries_.end(), [process](const Entry& entry) {
        const auto threads = entry.table.threads();
        return entry.process == process &&
               std::any_of(threads.begin(), threads.end(),
                           [](const leakcheck_thread_total& thread) { return thread.moving != 0; });
    });
}

void BlockTables::for_each_of_owner(std::uint32_t process, std::uint32_t owner,
                                    const std::function<void(const TracedBlock&)>& visit) {
    for (const Entry& entry : entries_)
        if (entry.process == process)
            visit_owners_blocks(entry.table, process, owner, maps_, visit, sums_.stacks);
}

std::uint64_t BlockTables::live_bytes() const {
    std::int64_t sum = 0;
    for (const Entry& entry : entries_) sum += entry.table.head().live_bytes;
    return sum > 0 ? static_cast<std::uint64_t>(sum) : 0;
}

CountedBlocks BlockTables::finish() {
    take_if([](const Entry&) { return true; });
    drop_repeated(sums_.stacks);
    return std::move(sums_);
}

}  // namespace leakcheck
