// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/unwind_tables.hpp"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>

#include "runner/elf/elf_file.hpp"
#include "runner/unwind/code_table.hpp"
#include "runner/unwind/pack.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t kProblemsKept = 5;
constexpr const char* kVdso = "[vdso]";

// The kernel maps the same one into every process, this one included.
std::string_view own_vdso() {
    const std::uint64_t start = ::getauxval(AT_SYSINFO_EHDR);
    for (const ProcessMap& map : read_process_maps(::getpid()))
        if (map.path == kVdso && map.start == start)
            return {reinterpret_cast<const char*>(start), map.end - map.start};
    return {};
}

std::vector<UnwindTable::Segment> executable_segments(std::span<const GElf_Phdr> headers) {
    std::vector<UnwindTable::Segment> segments;
    for (const GElf_Phdr& header : headers)
        if (header.p_type == PT_LOAD && (header.p_flags & PF_X) != 0)
            segments.push_back({header.p_offset, header.p_filesz, header.p_vaddr});
    return segments;
}

}  // namespace

// A mapping begins at a page, which may lie a little before the segment.
std::optional<std::uint64_t> UnwindTable::address_of(std::uint64_t file_offset) const {
    const std::uint64_t page = static_cast<std::uint64_t>(::getpagesize());
    for (const Segment& segment : segments) {
        const std::uint64_t first = segment.file_offset & ~(page - 1);
        if (file_offset >= first && file_offset < segment.file_offset + segment.size)
            return segment.address - segment.file_offset + file_offset;
    }
    return std::nullopt;
}

UnwindTables::UnwindTables(UnwindMemory& memory, std::span<leakcheck_unwind_rule> rules)
    : memory_(memory), shared_rules_(rules) {}

const UnwindTable& UnwindTables::find(const MappedCode& code) {
    if (code.map.path == kVdso) {
        if (!vdso_) vdso_ = build_vdso();
        return *vdso_;
    }
    if (!code.object) return none_;
    const auto [entry, is_new] = by_object_.try_emplace(code.object->id);
    if (is_new) entry->second = build(*code.object, code.map.path);
    return entry->second;
}

UnwindTable UnwindTables::build(const MappedObject& object, const std::string& name) {
    std::string error;
    const auto file = elf::ElfFile::open(object.path, error);
    unwind::CodeTable code;
    if (file) {
        code = unwind::read_code_table(*file, rules_, {.object = name});
    } else {
        code.problem = error;
    }
    UnwindTable table = place(code, name);
    if (!file) return table;
    table.segments = executable_segments(file->segments());
    return table;
}

// Its addresses are offsets in what is mapped.
UnwindTable UnwindTables::build_vdso() {
    const std::string_view bytes = own_vdso();
    UnwindTable table = place(unwind::read_code_table(bytes, rules_), kVdso);
    table.segments.push_back({0, bytes.size(), 0});
    return table;
}

UnwindTable UnwindTables::place(const unwind::CodeTable& code, const std::string& name) {
    UnwindTable table;
    std::string problem = code.problem;
    if (problem.empty()) {
        const auto packed = unwind::pack(code, memory_.next());
        // The rules before the rows that name them.
        const auto fresh = rules_.since(rules_shared_);
        std::copy(fresh.begin(), fresh.end(), shared_rules_.begin() + rules_shared_);
        rules_shared_ = rules_.size();
        if (packed && memory_.append(packed->words)) {
            table.start = code.start;
            table.index = packed->index;
            table.buckets = packed->buckets;
            return table;
        }
        problem = "the memory for unwind tables is full";
    }
    if (problems_.size() < kProblemsKept) problems_.push_back(fmt::format("{}: {}", name, problem));
    return table;
}

}  // namespace leakcheck
