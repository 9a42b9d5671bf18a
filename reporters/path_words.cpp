// SPDX-License-Identifier: Apache-2.0
#include "reporters/path_words.hpp"

#include <fmt/format.h>

#include "reporters/function_name.hpp"
#include "reporters/places.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_name = 160;

std::string thread_words(const HoldingRoot& root) {
    return root.is_main_thread ? "the main thread" : fmt::format("thread {}", root.thread);
}

std::string variable_words(const Variable& variable) {
    std::string text = readable_function(variable.name, longest_name);
    if (variable.offset != 0) text += fmt::format("+{}", variable.offset);
    if (!variable.type.empty())
        text += fmt::format(" ({})", readable_function(variable.type, longest_name));
    return text;
}

std::string object_words(const HoldingRoot& root) {
    Frame place;
    place.module = root.object;
    place.address = root.object_address;
    return frame_place(place);
}

std::string memory_words(const HoldingRoot& root) {
    const std::string what = root.object.empty() ? "memory that was mapped"
                                                 : cut(single_line(root.object), longest_name);
    return fmt::format("{} at {:#x}", what, root.address);
}

}  // namespace

std::string root_words(const HoldingRoot& root) {
    const std::string place =
        root.variable.name.empty() ? object_words(root) : variable_words(root.variable);
    switch (root.kind) {
        case RootKind::none:
            break;
        case RootKind::static_data:
            return root.variable.name.empty() ? "data of " + place : place;
        case RootKind::thread_data:
            return fmt::format("thread-local {} of {}", place, thread_words(root));
        case RootKind::stack:
            return "the stack of " + thread_words(root);
        case RootKind::registers:
            return "a register of " + thread_words(root);
        case RootKind::thread:
            return fmt::format(
                "what the C library keeps for {} (pthread_setspecific, thread-local storage)",
                thread_words(root));
        case RootKind::memory:
            return memory_words(root);
        case RootKind::heap:
            return fmt::format("the heap at {:#x}, in a block that is not in the sample",
                               root.address);
        case RootKind::lost_block:
            return "a block that is definitely leaked";
        case RootKind::ring:
            return "nothing but a ring of blocks that it is in";
    }
    return "";
}

std::string holder_words(const Holder& holder) {
    const std::string size = plural(holder.block.bytes, "byte");
    const bool is_known = !holder.site.function.empty() || holder.site.address != 0;
    return is_known ? fmt::format("{} from {}", size, frame_line(holder.site)) : size;
}

std::string held_by_words(const HeldBy& held_by) {
    const std::uint64_t blocks = held_by.blocks.size() + held_by.left_out;
    if (held_by.root.kind == RootKind::none || blocks == 0) return "";
    if (held_by.root.kind == RootKind::ring)
        return fmt::format("kept by nothing but a ring of {} that it is in",
                           plural(blocks, "block"));
    const bool is_lost = held_by.root.kind == RootKind::lost_block;
    std::string text = is_lost ? fmt::format("hangs on {}, which is definitely leaked",
                                             holder_words(held_by.blocks.front()))
                               : "kept by " + root_words(held_by.root);
    const std::uint64_t between = blocks - (is_lost && blocks > 1 ? 2 : 1);
    if (between > 0) text += ", through " + plural(between, "block");
    return text;
}

}  // namespace leakcheck
