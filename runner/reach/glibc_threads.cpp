// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/glibc_threads.hpp"

#include <array>
#include <span>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::uint64_t dtv_offset = 8;
constexpr std::uint64_t self_offset = 16;
constexpr std::uint64_t header_bytes =
    704;  // of tcbhead_t; then comes a list_t, then the thread's id
constexpr std::uint64_t tid_offset = header_bytes + 16;
constexpr std::int32_t joined_tid = -1;

constexpr std::uint64_t smallest_stack = 16384;  // PTHREAD_STACK_MIN
constexpr std::uint64_t largest_stack = std::uint64_t{1} << 40;
constexpr std::uint64_t most_above_block = 65536;  // struct pthread and its alignment
constexpr std::uint64_t most_modules = 65536;
constexpr std::uint64_t dtv_entry_bytes = 16;

bool is_stack_of(const AddressRange& stack, std::uint64_t thread_pointer) {
    return stack.contains(thread_pointer) && stack.size() >= smallest_stack &&
           stack.size() <= largest_stack && stack.end - thread_pointer <= most_above_block;
}

}  // namespace

bool is_thread_block(std::uint64_t address, const Memory& memory) {
    return address % 16 == 0 && memory.word_at(address) == address &&
           memory.word_at(address + self_offset) == address;
}

std::optional<AddressRange> thread_stack(std::uint64_t thread_pointer, const Memory& memory) {
    if (!is_thread_block(thread_pointer, memory)) return std::nullopt;
    std::array<std::uint64_t, pthread_bytes / word_size> words{};
    memory.read(thread_pointer, std::as_writable_bytes(std::span(words)));
    for (std::size_t i = header_bytes / word_size; i + 1 < words.size(); ++i) {
        if (words[i] >= address_limit || words[i + 1] >= address_limit) continue;
        const AddressRange stack{words[i], words[i] + words[i + 1]};
        if (is_stack_of(stack, thread_pointer)) return stack;
    }
    return std::nullopt;
}

// The pointer is to the second entry; the one before says how many there are behind it.
std::optional<AddressRange> thread_dtv(std::uint64_t thread_pointer, const Memory& memory) {
    if (!is_thread_block(thread_pointer, memory)) return std::nullopt;
    const auto dtv = memory.word_at(thread_pointer + dtv_offset);
    if (!dtv || *dtv % word_size != 0 || *dtv < dtv_entry_bytes) return std::nullopt;
    const std::uint64_t start = *dtv - dtv_entry_bytes;
    const auto count = memory.word_at(start);
    if (!count || *count > most_modules) return std::nullopt;
    return AddressRange{start, start + (*count + 2) * dtv_entry_bytes};
}

std::optional<std::uint64_t> program_tls(std::uint64_t thread_pointer, const Memory& memory) {
    constexpr std::uint64_t first_module = 2;  // behind the number of entries and the generation
    const auto dtv = thread_dtv(thread_pointer, memory);
    if (!dtv) return std::nullopt;
    const auto address = memory.word_at(dtv->start + first_module * dtv_entry_bytes);
    return address && *address != 0 && *address < address_limit ? address : std::nullopt;
}

bool was_joined(std::uint64_t thread_pointer, const Memory& memory) {
    return memory.value_at<std::int32_t>(thread_pointer + tid_offset) == joined_tid;
}

}  // namespace leakcheck::reach
