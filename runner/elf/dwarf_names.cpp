// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/dwarf_names.hpp"

#include <dwarf.h>

#include <string_view>

#include "runner/elf/demangle.hpp"

namespace leakcheck::elf {
namespace {

constexpr int kMaxReferences = 16;  // a declaration is a few steps away; more is a broken file

const char* string_attribute(Dwarf_Die& die, unsigned attribute) {
    Dwarf_Attribute value;
    return dwarf_formstring(dwarf_attr_integrate(&die, attribute, &value));
}

// From an instance to its abstract origin to its declaration, which stands in the scope that names
// it.
Dwarf_Die declaration_of(Dwarf_Die die) {
    for (int step = 0; step < kMaxReferences; ++step) {
        Dwarf_Attribute reference;
        Dwarf_Die target;
        if (dwarf_attr(&die, DW_AT_abstract_origin, &reference) == nullptr &&
            dwarf_attr(&die, DW_AT_specification, &reference) == nullptr) {
            break;
        }
        if (dwarf_formref_die(&reference, &target) == nullptr) break;
        die = target;
    }
    return die;
}

// Languages in which a plain name says it all, so that no search for scopes is needed.
bool has_scopes(Dwarf_Die& die) {
    Dwarf_Die unit;
    if (dwarf_diecu(&die, &unit, nullptr, nullptr) == nullptr) return false;
    switch (dwarf_srclang(&unit)) {
        case DW_LANG_C:
        case DW_LANG_C89:
        case DW_LANG_C99:
        case DW_LANG_C11:
        case DW_LANG_Mips_Assembler:
            return false;
        default:
            return true;
    }
}

// The scope's part of a qualified name, or null for one that does not show in it.
const char* scope_name(Dwarf_Die& scope) {
    const char* name = dwarf_diename(&scope);
    switch (dwarf_tag(&scope)) {
        case DW_TAG_namespace:
            return name != nullptr ? name : "(anonymous namespace)";
        case DW_TAG_class_type:
        case DW_TAG_structure_type:
        case DW_TAG_union_type:
            return name != nullptr ? name : "(anonymous)";
        case DW_TAG_subprogram:
            return name;
        default:
            return nullptr;
    }
}

}  // namespace

std::optional<std::uint64_t> constant_attribute(Dwarf_Die& die, unsigned attribute) {
    Dwarf_Attribute value;
    Dwarf_Word constant = 0;
    if (dwarf_formudata(dwarf_attr_integrate(&die, attribute, &value), &constant) != 0) {
        return std::nullopt;
    }
    return constant;
}

std::string compilation_directory(Dwarf_Die& unit) {
    Dwarf_Attribute value;
    const char* directory = dwarf_formstring(dwarf_attr(&unit, DW_AT_comp_dir, &value));
    return directory == nullptr ? std::string() : std::string(directory);
}

const char* EntryNames::mangled_name(Dwarf_Die& entry) {
    const char* name = string_attribute(entry, DW_AT_linkage_name);
    if (name == nullptr) name = string_attribute(entry, DW_AT_MIPS_linkage_name);
    return name != nullptr && std::string_view(name).starts_with("_Z") ? name : nullptr;
}

const SharedText& EntryNames::name(Dwarf_Die& entry) {
    auto found = names_.find(entry.addr);
    if (found == names_.end()) {
        found = names_.emplace(entry.addr, find_name(entry)).first;
    }
    return found->second;
}

std::string EntryNames::qualified_name(Dwarf_Die& entry) {
    Dwarf_Die declaration = declaration_of(entry);
    const char* plain = dwarf_diename(&declaration);
    if (plain == nullptr) return {};
    std::string name = plain;
    if (!has_scopes(declaration)) return name;
    for (Dwarf_Die& scope : scopes_of_unit(declaration).around(declaration)) {
        if (const char* part = scope_name(scope)) name = std::string(part) + "::" + name;
    }
    return name;
}

ScopeIndex& EntryNames::scopes_of_unit(Dwarf_Die& entry) {
    Dwarf_Die unit = entry;
    dwarf_diecu(&entry, &unit, nullptr, nullptr);
    return scopes_.try_emplace(unit.addr, unit).first->second;
}

// The demangler does not know every name that compilers make; the qualified one stands in for
// those.
std::string EntryNames::find_name(Dwarf_Die& entry) {
    const char* mangled = mangled_name(entry);
    if (mangled == nullptr) return qualified_name(entry);
    std::string demangled = demangle(mangled);
    if (demangled != mangled) return demangled;
    std::string qualified = qualified_name(entry);
    return qualified.empty() ? demangled : qualified;
}

}  // namespace leakcheck::elf
