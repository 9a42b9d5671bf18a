// SPDX-License-Identifier: Apache-2.0
//
// Where call frame information is found, and what is made of it.
#include "runner/unwind/code_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/unwind/fixtures.hpp"

namespace leakcheck::unwind {
namespace {

const leakcheck_unwind_rule kNone = plain_rule(LEAKCHECK_CFA_NONE);
const leakcheck_unwind_rule kSignal = plain_rule(LEAKCHECK_CFA_SIGNAL, 160);
const leakcheck_unwind_rule kAtEntry = plain_rule(LEAKCHECK_CFA_RSP, 8);

class CodeTableTest : public testing::Test {
  protected:
    CodeTable table(const std::string& name,
                    const std::vector<std::filesystem::path>& places = {}) {
        return test::table_of(test::fixture(name), rules_, places);
    }
    CodeTable from_memory(const std::string& contents) { return read_code_table(contents, rules_); }

    leakcheck_unwind_rule at_symbol(const CodeTable& table, const std::string& name,
                                    const std::string& symbol, int distance = 0) {
        const std::uint64_t address = test::address_of(test::fixture(name), symbol);
        return test::rule_at(table, rules_, address + static_cast<std::uint64_t>(distance));
    }

    RuleSet rules_;
};

// Changes the program headers of an object.
template <typename Change>
std::string with_segments(std::string contents, Change&& change) {
    Elf64_Ehdr header;
    std::memcpy(&header, contents.data(), sizeof(header));
    for (int i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        char* place = contents.data() + header.e_phoff + static_cast<unsigned>(i) * sizeof(segment);
        std::memcpy(&segment, place, sizeof(segment));
        change(segment);
        std::memcpy(place, &segment, sizeof(segment));
    }
    return contents;
}

TEST_F(CodeTableTest, CoversTheExecutableSegments) {
    const CodeTable found = table("odd_rules");
    EXPECT_EQ(found.problem, "");
    EXPECT_EQ(found.start % LEAKCHECK_UNWIND_BUCKET_SIZE, 0u);
    EXPECT_LE(found.start, test::address_of(test::fixture("odd_rules"), "_start"));
    EXPECT_EQ(found.rows.front().offset, 0u);
    EXPECT_EQ(found.rows.back().rule, kRuleNone);
    EXPECT_LE(found.rows.back().offset, found.end - found.start);
    for (std::size_t i = 1; i < found.rows.size(); ++i) {
        EXPECT_LT(found.rows[i - 1].offset, found.rows[i].offset);
        EXPECT_NE(found.rows[i - 1].rule, found.rows[i].rule);
    }
}

TEST_F(CodeTableTest, TheOutermostFrameIsTheEnd) {
    const CodeTable found = table("odd_rules");
    EXPECT_EQ(at_symbol(found, "odd_rules", "_start"), plain_rule(LEAKCHECK_CFA_END));
    EXPECT_EQ(at_symbol(found, "odd_rules", "odd_rules"), kAtEntry);
}

TEST_F(CodeTableTest, ASignalFrameBeginsOneByteEarly) {
    const CodeTable found = table("odd_rules");
    EXPECT_EQ(at_symbol(found, "odd_rules", "restorer", -1), kSignal);
    EXPECT_EQ(at_symbol(found, "odd_rules", "restorer"), kSignal);
    EXPECT_EQ(at_symbol(found, "odd_rules", "restorer", 8), kSignal);
    EXPECT_EQ(at_symbol(found, "odd_rules", "strange_signal"),
              plain_rule(LEAKCHECK_CFA_UNSUPPORTED));
}

TEST_F(CodeTableTest, TheRestorerIsRecognisedWithoutInformation) {
    const CodeTable found = table("only_restorer");
    EXPECT_EQ(found.problem, "");
    EXPECT_EQ(at_symbol(found, "only_restorer", "restorer", -2), kNone);
    EXPECT_EQ(at_symbol(found, "only_restorer", "restorer", -1), kSignal);
    EXPECT_EQ(at_symbol(found, "only_restorer", "restorer", 8), kSignal);
    EXPECT_EQ(at_symbol(found, "only_restorer", "restorer", 9), kNone);
    EXPECT_EQ(at_symbol(found, "only_restorer", "_start"), kNone);
}

TEST_F(CodeTableTest, TheRestorerOfMuslIsRecognised) {
    const std::filesystem::path musl = "/lib/ld-musl-x86_64.so.1";
    SKIP_WITHOUT_FILE(musl);
    const CodeTable found = test::table_of(musl, rules_);
    const auto is_signal = [&](const CodeRow& row) { return rules_.rule(row.rule) == kSignal; };
    ASSERT_EQ(std::ranges::count_if(found.rows, is_signal), 1);
    const auto row = std::ranges::find_if(found.rows, is_signal);
    EXPECT_EQ(std::next(row)->offset - row->offset, 10u);
}

TEST_F(CodeTableTest, WithoutAnyInformationThereIsNoTable) {
    const CodeTable found = table("no_information");
    EXPECT_TRUE(found.rows.empty());
    EXPECT_EQ(found.problem, "no call frame information (.eh_frame or .debug_frame)");
}

TEST_F(CodeTableTest, SectionHeadersAreNotNeeded) {
    const std::string contents = test::read_file(test::fixture("frames_cet"));
    const CodeTable whole = from_memory(contents);
    const CodeTable stripped = from_memory(test::without_sections(contents));
    EXPECT_GT(whole.rows.size(), 50u);
    EXPECT_EQ(whole.rows, stripped.rows);
    EXPECT_EQ(whole.start, stripped.start);
    EXPECT_EQ(whole.end, stripped.end);
}

TEST_F(CodeTableTest, ACopyInMemoryReadsAsTheFileDoes) {
    const CodeTable copy = from_memory(test::read_file(test::fixture("frames_gcc_O2_omit")));
    EXPECT_EQ(copy.rows, table("frames_gcc_O2_omit").rows);
}

TEST_F(CodeTableTest, DebugFrameIsReadToo) {
    for (const char* name : {"debug_frame", "debug_frame_compressed"}) {
        const CodeTable found = table(name);
        EXPECT_EQ(at_symbol(found, name, "inner"), kAtEntry) << name;
        EXPECT_EQ(at_symbol(found, name, "_start"), plain_rule(LEAKCHECK_CFA_END)) << name;
    }
}

TEST_F(CodeTableTest, DebugFrameOfASeparateFileIsFoundByLink) {
    SKIP_WITHOUT_FILE(test::fixture("debug_frame_by_link"));
    EXPECT_EQ(table("debug_frame_by_link").rows, table("debug_frame").rows);
}

TEST_F(CodeTableTest, DebugFrameOfASeparateFileIsFoundByBuildId) {
    SKIP_WITHOUT_FILE(test::fixture("debug_frame_elsewhere"));
    const CodeTable found = table("debug_frame_elsewhere", {test::fixture("debug")});
    EXPECT_EQ(found.rows, table("debug_frame_by_id").rows);
    EXPECT_NE(table("debug_frame_elsewhere").rows, found.rows) << "found without being told where";
}

TEST_F(CodeTableTest, AnotherProgramsDebugFileIsNotUsed) {
    SKIP_WITHOUT_FILE(test::fixture("debug_frame_by_link"));
    const test::TemporaryDirectory directory;
    const auto program =
        directory.write("program", test::read_file(test::fixture("debug_frame_by_link")));
    directory.write("debug_frame_by_link.debug", test::read_file(test::fixture("frames_cet")));
    const CodeTable found = test::table_of(program, rules_);
    EXPECT_EQ(at_symbol(found, "debug_frame", "inner"), kNone);
}

TEST_F(CodeTableTest, SaysWhyAnObjectHasNoTable) {
    std::string contents = test::read_file(test::fixture("odd_rules"));
    EXPECT_EQ(from_memory("").problem, "not a valid ELF object");
    EXPECT_EQ(from_memory("\x7f"
                          "ELF")
                  .problem,
              "not a valid ELF object");
    const std::string data = with_segments(contents, [](Elf64_Phdr& s) { s.p_flags = PF_R; });
    EXPECT_EQ(from_memory(data).problem, "no executable segment");
    contents[offsetof(Elf64_Ehdr, e_machine)] = static_cast<char>(EM_AARCH64);
    EXPECT_EQ(from_memory(contents).problem, "not an object of x86-64");
}

TEST_F(CodeTableTest, CodeThatSpansTooMuchIsRefused) {
    const std::string contents = test::read_file(test::fixture("odd_rules"));
    const auto with_code_at_a_distance = [&contents](std::uint64_t distance) {
        return with_segments(contents, [distance](Elf64_Phdr& segment) {
            if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) != 0) return;
            segment.p_flags |= PF_X;
            segment.p_vaddr += distance;
        });
    };
    EXPECT_EQ(from_memory(with_code_at_a_distance(0x4000)).problem, "");
    EXPECT_EQ(from_memory(with_code_at_a_distance(std::uint64_t{1} << 24)).problem,
              "its executable segments lie too far apart");
    EXPECT_EQ(from_memory(with_code_at_a_distance(std::uint64_t{1} << 32)).problem,
              "its code spans more than 4 GiB");
}

}  // namespace
}  // namespace leakcheck::unwind
