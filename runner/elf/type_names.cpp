// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/type_names.hpp"

#include <dwarf.h>

#include "runner/elf/dwarf_scopes.hpp"

namespace leakcheck::elf {
namespace {

constexpr int most_levels = 32;

// "[3][4]"; "[]" where the number of elements is not known.
std::string extents(Dwarf_Die& array) {
    std::string text;
    for_each_child(array, [&](Dwarf_Die& child, const void*) {
        if (dwarf_tag(&child) != DW_TAG_subrange_type) return;
        auto count = constant_attribute(child, DW_AT_count);
        const auto last = constant_attribute(child, DW_AT_upper_bound);
        if (!count && last) count = *last + 1;
        text += count ? "[" + std::to_string(*count) + "]" : "[]";
    });
    return text;
}

}  // namespace

std::optional<Dwarf_Die> type_of(Dwarf_Die& entry) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_formref_die(dwarf_attr_integrate(&entry, DW_AT_type, &attribute), &type) == nullptr)
        return std::nullopt;
    return type;
}

std::string TypeNames::name_of_type(Dwarf_Die& entry, int level) {
    std::optional<Dwarf_Die> type = type_of(entry);
    return type ? name(*type, level) : "void";
}

std::string TypeNames::name(Dwarf_Die& type, int level) {
    if (level > most_levels) return "?";
    const auto made_of = [&](const char* suffix) { return name_of_type(type, level + 1) + suffix; };
    switch (dwarf_tag(&type)) {
        case DW_TAG_pointer_type:
            return made_of("*");
        case DW_TAG_reference_type:
            return made_of("&");
        case DW_TAG_rvalue_reference_type:
            return made_of("&&");
        case DW_TAG_const_type:
            return made_of(" const");
        case DW_TAG_volatile_type:
            return made_of(" volatile");
        case DW_TAG_restrict_type:
        case DW_TAG_atomic_type:
            return made_of("");
        case DW_TAG_array_type:
            return name_of_type(type, level + 1) + extents(type);
        case DW_TAG_subroutine_type:
            return name_of_type(type, level + 1) + " (" + parameters(type, level + 1) + ")";
        default:
            break;
    }
    const std::string known = names_.qualified_name(type);
    return known.empty() ? "?" : known;
}

std::string TypeNames::parameters(Dwarf_Die& function, int level) {
    std::string text;
    for_each_child(function, [&](Dwarf_Die& child, const void*) {
        if (dwarf_tag(&child) != DW_TAG_formal_parameter) return;
        if (!text.empty()) text += ", ";
        text += name_of_type(child, level);
    });
    return text;
}

}  // namespace leakcheck::elf
