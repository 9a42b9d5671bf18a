// SPDX-License-Identifier: Apache-2.0
#include "sampler/counted/counting.hpp"

#include <algorithm>
#include <type_traits>

#include "sampler/config.hpp"
#include "sampler/control_file.hpp"
#include "sampler/counted/contexts.hpp"
#include "sampler/ending.hpp"
#include "sampler/hello.hpp"
#include "sampler/pressure.hpp"
#include "sampler/probes.hpp"
#include "sampler/sampling.hpp"
#include "sampler/trace_event.hpp"

namespace leakcheck::sampler::counted {

constinit std::atomic<ProcessMemory*> memory_of_all{nullptr};
constinit std::atomic<ProcessMemory*> memory_of_samples{nullptr};
constinit PathCache paths;
constinit ReturnSites return_sites;

namespace {

constexpr int most_rounds = 4;  // of following a path that is shown bit by bit

constinit std::atomic<std::uint32_t> process_number{0};  // rises in a forked child
constinit bool in_census = false;                        // set in a copy of one thread

void start(ProcessMemory& memory, bool has_table) {
    if (has_table) process_number.fetch_add(1, std::memory_order_relaxed);
    memory.phase.store(has_table ? Phase::counting : Phase::failed, std::memory_order_release);
}

bool is_over(const void* memory) {
    return static_cast<const ProcessMemory*>(memory)->phase.load(std::memory_order_acquire) !=
           Phase::greeting;
}

// A forked child asks for a table when it allocates first. False: it has none, or this thread is just
// asking for it and has been interrupted.
bool enter_process(ThreadState& thread, ProcessMemory& memory) {
    Phase phase = memory.phase.load(std::memory_order_acquire);
    if (phase == Phase::fresh && !in_census &&
        memory.phase.compare_exchange_strong(phase, Phase::greeting, std::memory_order_acq_rel)) {
        thread.greeting = 1;
        const Welcome welcome = greet();
        map_cell(welcome);
        start(memory, open_table(welcome.table()));
        thread.greeting = 0;
    } else if (phase == Phase::greeting && thread.greeting == 0) {
        wait_until(is_over, &memory);
    }
    return memory.phase.load(std::memory_order_acquire) == Phase::counting;
}

template <typename Number>
void raise_to(Number& value, std::type_identity_t<Number> least) {
    const std::atomic_ref shared(value);
    Number seen = shared.load(std::memory_order_relaxed);
    while (seen < least && !shared.compare_exchange_weak(seen, least, std::memory_order_relaxed)) {
    }
}

template <typename Number>
void add_to(Number& value, std::type_identity_t<Number> amount) {
    std::atomic_ref(value).fetch_add(amount, std::memory_order_relaxed);
}

// Live bytes of the process, with what threads have not told; of many threads, only what they have told.
__s64 live_bytes_now() {
    constexpr std::uint32_t most_threads = 256;
    __s64 live = std::atomic_ref(head().live_bytes).load(std::memory_order_relaxed);
    const std::uint32_t threads = std::atomic_ref(head().threads).load(std::memory_order_relaxed);
    if (threads > most_threads) return live;
    for (std::uint32_t thread = 1; thread <= threads; ++thread)
        live += untold_bytes(thread_total(thread));
    return live;
}

// The first thread that sees a turn closes the last one's account and opens its own.
void begin_turn(std::uint64_t turn) {
    const std::atomic_ref current(head().turn);
    __u64 last = current.load(std::memory_order_relaxed);
    if (last == turn || !current.compare_exchange_strong(last, turn, std::memory_order_acq_rel))
        return;
    const __s64 live = live_bytes_now();
    leakcheck_owner_total* const before = owner_total(LEAKCHECK_TURN_OWNER(last));
    if (last != 0 && before != nullptr) {
        std::atomic_ref(before->live_after).store(live, std::memory_order_relaxed);
        add_to(before->ended, 1);
    }
    leakcheck_owner_total* const now = owner_total(LEAKCHECK_TURN_OWNER(turn));
    if (now == nullptr) return;
    if (std::atomic_ref(now->begun).fetch_add(1, std::memory_order_relaxed) == 0)
        std::atomic_ref(now->live_before).store(live, std::memory_order_relaxed);
}

// Threads beyond what the table holds share the last one's totals.
leakcheck_thread_total* new_thread_total() {
    const std::uint32_t number =
        std::atomic_ref(head().threads).fetch_add(1, std::memory_order_relaxed) + 1;
    return &thread_total(std::min(number, LEAKCHECK_TABLE_THREADS - 1));
}

// What a forked child inherits of remembered paths has accounts of its parent's.
void salt_paths(ThreadState& thread) {
    thread.path_salt = mix(mix(thread.total->turn) ^ mix(thread.process) ^ thread.stack_top);
}

// What the walk of the last event has shown, if it was this one's.
bool learn_walk(ThreadState& thread, std::uint64_t serial, const std::uint64_t* frame) {
    const volatile leakcheck_cell& cell = *current_cell.load(std::memory_order_acquire);
    if (cell.walk_serial != serial) return false;
    std::array<std::uint32_t, LEAKCHECK_CELL_STEPS> steps{};
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = cell.step[i];
    const std::size_t count = std::min<std::size_t>(cell.walk_steps, steps.size());
    const std::uintptr_t top = cell.walk_top;
    if (cell.walk_serial != serial) return false;
    thread.stack_top = top;
    salt_paths(thread);
    learn_path(return_sites, frame, steps.data(), count, top);
    return true;
}

struct Allocation {
    const void* block;
    std::size_t size;
    const std::uint64_t* frame;
    std::uint64_t weight;
};

// Returns the event's serial.
std::uint64_t trace(ThreadState& thread, const Allocation& made, std::uint64_t context) {
    const std::uint64_t serial = next_serial(thread);
    tell_allocation(made.block, made.size, made.weight, serial, made.frame,
                    LEAKCHECK_ALLOC_COUNTED | context << LEAKCHECK_ALLOC_CONTEXT_SHIFT);
    return serial;
}

// Where no end of a test can be probed, an event from above its frame tells that it is over.
void leave_finished_test(ThreadState& thread, const Allocation& made) {
    const std::uint64_t run_stack = current_cell.load(std::memory_order_acquire)->run_stack;
    if (run_stack == 0 || reinterpret_cast<std::uintptr_t>(made.frame) <= run_stack) return;
    trace(thread, made, 0);
    settle_thread(thread);
}

std::uint64_t height_of(const std::uint64_t* frame, const PathLimits& limits) {
    const auto address = reinterpret_cast<std::uintptr_t>(frame);
    return (address < limits.test_stack ? limits.test_stack : limits.top) - address;
}

// A record without its size: the account, and whether the block was traced. 0: there is no room.
std::uint64_t find_account(ThreadState& thread, const Allocation& made) {
    const std::uint32_t owner = LEAKCHECK_TURN_OWNER(thread.total->turn);
    for (int round = 1;; ++round) {
        const PathLimits limits{current_cell.load(std::memory_order_acquire)->test_stack,
                                thread.stack_top};
        const CallPath path = follow_path(return_sites, made.frame, limits);
        const std::uint32_t context =
            context_of(path, made.frame[1], owner, height_of(made.frame, limits));
        if (context == 0) return 0;
        const bool is_known = thread.known_scopes != 0;
        const bool is_wanted = is_known || lacks_traces(context, path);
        const bool is_traced = is_wanted && (is_known || draw_under_pressure(thread) != 0) &&
                               (take_trace(context, path) || is_known);
        if (is_traced) {
            const std::uint64_t serial = trace(thread, made, context);
            if (path.end == PathEnd::unknown && round < most_rounds &&
                learn_walk(thread, serial, made.frame))
                continue;
        }
        const std::uint32_t account = account_of(context, owner, made.weight);
        if (account == 0) return 0;
        if (!is_wanted || (is_traced && path.is_whole()))
            paths.remember(path_key(thread, made.frame, made.weight), made.frame, path, account);
        return LEAKCHECK_RECORD(account, 0) | (is_traced ? LEAKCHECK_RECORD_TRACED : 0) |
               (is_known ? LEAKCHECK_RECORD_KNOWN : 0);
    }
}

}  // namespace

void begin_counting(long table) {
    ProcessMemory* const reserved = table >= 0 ? reserve_process_memory() : nullptr;
    if (reserved == nullptr) return;
    start(*reserved, open_table(table));
    const bool counts_all = leakcheck_config_record.mode == LEAKCHECK_MODE_COUNTED;
    (counts_all ? memory_of_all : memory_of_samples).store(reserved, std::memory_order_release);
}

void forget_code() {
    return_sites.clear();
}

void enter_census() {
    in_census = true;
}

void tell_missed_free() {
    leakcheck_fire_loss(LEAKCHECK_LOSS_MISSED_FREE, 1);
}

std::uint64_t take_elsewhere(const void* block) {
    if (in_census && block != nullptr) leakcheck_fire_census(block);
    return 0;
}

void tell_total(leakcheck_thread_total& total) {
    leakcheck_owner_total* const owner = owner_total(LEAKCHECK_TURN_OWNER(total.turn));
    if (owner != nullptr) {
        add_to(owner->blocks, total.blocks);
        add_to(owner->bytes, total.bytes);
        add_to(owner->freed_blocks, total.freed_blocks);
        add_to(owner->freed_bytes, total.freed_bytes);
        raise_to(owner->peak_bytes, total.peak_bytes);
    }
    const __s64 untold = untold_bytes(total);
    total.live_bytes =
        std::atomic_ref(head().live_bytes).fetch_add(untold, std::memory_order_relaxed) + untold;
    total.blocks = total.bytes = total.freed_blocks = total.freed_bytes = 0;
}

void settle_thread(ThreadState& thread) {
    const std::uint32_t process = process_number.load(std::memory_order_relaxed);
    if (thread.process != process) {
        thread.total = new_thread_total();
        thread.process = process;
    }
    const std::uint64_t turn = turn_now();
    leakcheck_thread_total& total = *thread.total;
    if (total.turn != turn) {
        tell_total(total);
        begin_turn(turn);
        total.turn = turn;
        total.peak_bytes = total.live_bytes;
        salt_paths(thread);
    }
    thread.turn = thread.untracked == 0 && thread.known_scopes == 0 ? turn : 0;
}

void settle_before_release(ThreadState& thread) {
    settle_thread(thread);
    show_turn(thread, thread.total->turn);
}

bool count_slowly(ThreadState& thread, ProcessMemory& memory, void* block, std::size_t size,
                  const void* frame, std::uint64_t weight) {
    if (!enter_process(thread, memory)) return false;
    settle_thread(thread);
    if (thread.untracked != 0) return true;
    const Allocation made{block, size, static_cast<const std::uint64_t*>(frame), weight};
    leave_finished_test(thread, made);
    show_turn(thread, thread.total->turn);
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    Record* region = region_of(memory, address);
    if (region == nullptr) region = add_region(memory, address);
    const std::uint64_t record = region != nullptr ? find_account(thread, made) : 0;
    if (record == 0) {
        leakcheck_fire_loss(LEAKCHECK_LOSS_TABLE_FULL, 1);
        return true;
    }
    write_record(record_in(region, address),
                 record | std::min<std::uint64_t>(size, LEAKCHECK_RECORD_SIZE_MASK));
    add_allocated(*thread.total, size);
    return true;
}

void put_record_back(ThreadState& thread, const ProcessMemory& memory, const void* block,
                     std::uint64_t record) {
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    record_in(region_of(memory, address), address).store(record, std::memory_order_relaxed);
    leakcheck_thread_total& total = *thread.total;
    total.freed_blocks -= 1;
    total.freed_bytes -= record & LEAKCHECK_RECORD_SIZE_MASK;
    total.live_bytes += static_cast<__s64>(record & LEAKCHECK_RECORD_SIZE_MASK);
}

void mark_known(const void* block) {
    ProcessMemory* const process = any_memory();
    if (process == nullptr) return;
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    Record* const region = region_of(*process, address);
    if (region == nullptr) return;
    Record& record = record_in(region, address);
    const std::uint64_t value = record.load(std::memory_order_relaxed);
    if (value != 0) record.store(value | LEAKCHECK_RECORD_KNOWN, std::memory_order_relaxed);
}

}  // namespace leakcheck::sampler::counted
