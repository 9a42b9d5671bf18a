// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/dwarf_functions.hpp"

#include <dwarf.h>

#include <algorithm>
#include <utility>

#include "runner/elf/dwarf_scopes.hpp"

namespace leakcheck::elf {
namespace {

constexpr std::size_t kFunction = SIZE_MAX;

bool holds(const std::vector<AddressRange>& ranges, std::uint64_t address) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) {
        return range.start <= address && address < range.end;
    });
}

}  // namespace

std::vector<AddressRange> code_ranges(Dwarf_Die& die, const IsCodeFn& is_code) {
    std::vector<AddressRange> ranges;
    Dwarf_Addr base = 0;
    Dwarf_Addr start = 0;
    Dwarf_Addr end = 0;
    std::ptrdiff_t offset = 0;
    while ((offset = dwarf_ranges(&die, offset, &base, &start, &end)) > 0) {
        if (start < end && is_code(start)) ranges.push_back({start, end});
    }
    return ranges;
}

FunctionIndex::FunctionIndex(Dwarf_Die unit, IsCodeFn is_code)
    : unit_(unit), is_code_(std::move(is_code)) {}

std::vector<Dwarf_Die> FunctionIndex::chain_at(std::uint64_t address) {
    Function* function = find(address);
    if (function == nullptr) return {};
    if (!std::exchange(function->inlined_known, true)) {
        collect_inlined(function->die, kFunction, 0, function->inlined);
    }
    std::vector<Dwarf_Die> chain{function->die};
    std::size_t current = kFunction;
    for (std::size_t i = 0; i < function->inlined.size(); ++i) {
        InlinedCall& call = function->inlined[i];
        if (call.parent != current || !holds(call.ranges, address)) continue;
        chain.push_back(call.die);
        current = i;
    }
    return chain;
}

// Nearly all functions stand at the top of their unit or in a namespace; the bodies are searched
// only for what is not there: nested functions, and members of local classes.
FunctionIndex::Function* FunctionIndex::find(std::uint64_t address) {
    if (!std::exchange(scopes_read_, true)) collect_functions(unit_, Depth::scopes, 0);
    Function* const* found = by_address_.innermost(address);
    if (found == nullptr && !std::exchange(bodies_read_, true)) {
        collect_functions(unit_, Depth::bodies, 0);
        found = by_address_.innermost(address);
    }
    return found == nullptr ? nullptr : *found;
}

void FunctionIndex::collect_functions(Dwarf_Die& parent, Depth depth, int level) {
    if (level > kMaxDwarfLevel) return;
    for_each_child(parent, [&](Dwarf_Die& child, const void*) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_subprogram) {
            const std::vector<AddressRange> ranges = code_ranges(child, is_code_);
            if (!ranges.empty()) {
                Function* function = &functions_.emplace_back(Function{child, false, {}});
                for (const AddressRange& range : ranges) {
                    by_address_.add(range.start, range.end, function);
                }
            }
        }
        if (depth == Depth::bodies ? may_hold_functions(tag) : is_scope(tag)) {
            collect_functions(child, depth, level + 1);
        }
    });
}

void FunctionIndex::collect_inlined(Dwarf_Die& parent, std::size_t parent_call, int level,
                                    std::vector<InlinedCall>& calls) {
    if (level > kMaxDwarfLevel) return;
    for_each_child(parent, [&](Dwarf_Die& child, const void*) {
        switch (dwarf_tag(&child)) {
            case DW_TAG_inlined_subroutine:
                calls.push_back({child, code_ranges(child, is_code_), parent_call});
                collect_inlined(child, calls.size() - 1, level + 1, calls);
                break;
            case DW_TAG_lexical_block:
            case DW_TAG_try_block:
            case DW_TAG_catch_block:
                collect_inlined(child, parent_call, level + 1, calls);
                break;
            default:
                break;
        }
    });
}

}  // namespace leakcheck::elf
