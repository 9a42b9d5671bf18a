// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/vtables.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::size_t most_words = 21;
constexpr int functions_wanted = 2;

}  // namespace

bool Vtables::is_vtable(std::uint64_t address) {
    if (address % word_size != 0) return false;
    const AddressRange* mapping = files_->readable_at(address);
    if (mapping == nullptr) return false;
    const auto [entry, is_new] = known_.try_emplace(address, false);
    if (is_new) entry->second = look(address, *mapping);
    return entry->second;
}

bool Vtables::look(std::uint64_t address, const AddressRange& mapping) const {
    std::array<std::uint64_t, most_words> words{};
    const std::size_t count =
        std::min<std::size_t>(most_words, (mapping.end - address) / word_size);
    const auto readable = std::as_writable_bytes(std::span(words).first(count));
    if (memory_->read(address, readable) != readable.size()) return false;
    int functions = 0;
    for (const std::uint64_t word : std::span(words).first(count)) {
        if (word == 0) continue;
        if (!files_->is_code(word)) return false;
        if (++functions == functions_wanted) return true;
    }
    return false;
}

}  // namespace leakcheck::reach
