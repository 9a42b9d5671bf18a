// SPDX-License-Identifier: Apache-2.0
//
// The unwind tables of a run: one for each object that its processes execute, made when it is first asked
// for and kept in unwind memory, however many processes map it, under whatever names.
// Errors: an object without a table is an empty one; problems() says why. Thread safety: none.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "abi/unwind_tables.h"
#include "runner/trace/mapped_objects.hpp"
#include "runner/trace/unwind_memory.hpp"
#include "runner/unwind/code_table.hpp"
#include "runner/unwind/rule_set.hpp"

namespace leakcheck {

// A table in unwind memory, and where in an object it applies.
struct UnwindTable {
    struct Segment {
        std::uint64_t file_offset = 0;
        std::uint64_t size = 0;
        std::uint64_t address = 0;
    };

    std::uint64_t start = 0;    // the object's own address at which bucket 0 begins
    std::uint32_t index = 0;    // word number; 0: no table
    std::uint32_t buckets = 0;
    std::vector<Segment> segments;  // executable ones

    // The object's own address of a place in its file.
    std::optional<std::uint64_t> address_of(std::uint64_t file_offset) const;
};

class UnwindTables {
  public:
    // `rules`: LEAKCHECK_UNWIND_RULES of them, shared with the BPF programs.
    UnwindTables(UnwindMemory& memory, std::span<leakcheck_unwind_rule> rules);

    // Valid as long as the object.
    const UnwindTable& find(const MappedCode& code);

    // Why objects have no table, one line each, the first few.
    const std::vector<std::string>& problems() const { return problems_; }

  private:
    UnwindTable build(const MappedObject& object, const std::string& name);
    UnwindTable build_vdso();
    UnwindTable place(const unwind::CodeTable& code, const std::string& name);

    UnwindMemory& memory_;
    std::span<leakcheck_unwind_rule> shared_rules_;
    unwind::RuleSet rules_;
    std::size_t rules_shared_ = 0;
    std::map<ObjectId, UnwindTable> by_object_;
    std::optional<UnwindTable> vdso_;
    UnwindTable none_;
    std::vector<std::string> problems_;
};

}  // namespace leakcheck
