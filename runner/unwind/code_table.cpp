// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/code_table.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "runner/unwind/elf_image.hpp"
#include "runner/unwind/frame_entries.hpp"
#include "runner/unwind/frame_program.hpp"
#include "runner/unwind/frame_section.hpp"
#include "runner/unwind/separate_debug_file.hpp"
#include "runner/unwind/sigreturn.hpp"

namespace leakcheck::unwind {
namespace {

constexpr std::size_t kBytesOfRow = 6;  // that compilers take in a section for a row
// Of code, in sizes of the object: an index has a word for each bucket, be there code in it or not.
constexpr std::uint64_t kLargestSpread = 64;
constexpr std::uint64_t kBucketMask = LEAKCHECK_UNWIND_BUCKET_SIZE - 1;

CodeTable no_table(std::string problem) {
    CodeTable table;
    table.problem = std::move(problem);
    return table;
}

bool is_x86_64(const GElf_Ehdr& header) {
    return header.e_machine == EM_X86_64 && header.e_ident[EI_CLASS] == ELFCLASS64 &&
           header.e_ident[EI_DATA] == ELFDATA2LSB;
}

// Makes the table of one object, from all sections that are handed in.
class TableMaker {
  public:
    TableMaker(const ElfImage& image, RuleSet& rules)
        : image_(image), rules_(rules), code_(executable_bytes(image)) {
        const AddressSpan span = executable_span(image);
        range_ = {span.start & ~kBucketMask, span.end};
    }

    // Why no table can be made; empty if one can.
    std::string problem() const {
        if (!is_x86_64(image_.header)) return "not an object of x86-64";
        if (code_.empty()) return "no executable segment";
        if (range_.end - range_.start > std::numeric_limits<std::uint32_t>::max())
            return "its code spans more than 4 GiB";
        if (range_.end - range_.start > kLargestSpread * image_.bytes.size())
            return "its executable segments lie too far apart";
        return {};
    }

    // Takes what the sections say of code that those before said nothing of.
    void add_sections(const ElfImage& image) {
        if (const auto section = find_eh_frame(image)) add(*section);
        if (const auto section = find_debug_frame(image)) add(*section);
    }

    bool covers_half() const {
        std::uint64_t size = 0;
        for (const LoadedBytes& piece : code_) size += piece.bytes.size();
        return covered_bytes(rows_, offset(range_.end)) >= size / 2;
    }

    CodeTable finish() {
        fill_gaps(find_sigreturn(code_, range_, rows_, rules_));
        if (rows_.size() == 1)  // that there is none
            return no_table("no call frame information (.eh_frame or .debug_frame)");
        return {range_.start, range_.end, std::move(rows_), {}};
    }

  private:
    void add(const FrameSection& section) { fill_gaps(rows_of(section)); }

    void fill_gaps(std::vector<CodeRow> filler) {
        if (rows_.size() == 1) {
            rows_ = std::move(filler);
        } else if (filler.size() > 1) {
            rows_ = overlay(rows_, filler);
        }
    }

    std::vector<CodeRow> rows_of(const FrameSection& section) {
        const FrameEntries entries = read_frame_entries(section, image_.header.e_ident, range_);
        const PointerBase pointers = section.pointer_base();
        RowWriter rows(section.bytes.size() / kBytesOfRow);
        const RowTarget target{rows, rules_, range_.start};
        for (std::size_t i = 0; i < entries.functions.size(); ++i) {
            FunctionEntry function = entries.functions[i];
            if (i + 1 < entries.functions.size()) {
                // Where functions overlap, the one that begins later counts.
                function.range.end =
                    std::min(function.range.end, entries.functions[i + 1].range.start);
            }
            add_function(function, entries.commons[function.common], pointers, target);
        }
        return rows.take();
    }

    void add_function(const FunctionEntry& function, const CommonInfo& common,
                      const PointerBase& pointers, const RowTarget& target) const {
        const CodeRange& range = function.range;
        if (range.start >= range.end) return;
        if (common.initial) {
            FrameProgram(common, pointers).run(function.program, range, target);
        } else {
            target.rows.add(offset(range.start), kRuleUnsupported);
        }
        target.rows.add(offset(range.end), kRuleNone);
    }

    std::uint32_t offset(std::uint64_t address) const {
        return static_cast<std::uint32_t>(address - range_.start);
    }

    const ElfImage& image_;
    RuleSet& rules_;
    std::vector<LoadedBytes> code_;
    CodeRange range_{0, 0};
    std::vector<CodeRow> rows_ = RowWriter().take();
};

}  // namespace

CodeTable read_code_table(const elf::ElfFile& file, RuleSet& rules, const DebugFilePlaces& places) {
    const ElfImage image = image_of(file);
    TableMaker maker(image, rules);
    if (std::string problem = maker.problem(); !problem.empty()) return no_table(problem);
    maker.add_sections(image);
    if (!maker.covers_half()) {
        const auto debug = open_separate_debug_file(file, places.object, places.directories);
        if (debug && is_x86_64(debug->header())) maker.add_sections(image_of(*debug));
    }
    return maker.finish();
}

CodeTable read_code_table(std::string_view memory, RuleSet& rules) {
    const MemoryImage copy(memory);
    const std::optional<ElfImage> image = copy.image();
    if (!image) return no_table("not a valid ELF object");
    TableMaker maker(*image, rules);
    if (std::string problem = maker.problem(); !problem.empty()) return no_table(problem);
    maker.add_sections(*image);
    return maker.finish();
}

}  // namespace leakcheck::unwind
