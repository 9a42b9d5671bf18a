// SPDX-License-Identifier: Apache-2.0
//
// Random addresses of real binaries, compared frame by frame with an independent symbolizer.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>

#include "runner/elf/elf_file.hpp"
#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr int kAddresses = 1500;  // many fall into libraries without lines

struct PlainFrame {
    std::string function;
    std::string file;  // last component
    std::uint32_t line = 0;
};

// The other symbolizer gives names without scopes and parameters, and none for what has only a
// mangled one in the debug information.
bool agree(const PlainFrame& own, const PlainFrame& other) {
    return own.file == other.file && own.line == other.line &&
           own.function.find(other.function) != std::string::npos;
}

std::ostream& operator<<(std::ostream& out, const PlainFrame& frame) {
    return out << frame.function << " " << frame.file << ":" << frame.line;
}

// Compilers and demanglers differ in how they write template arguments and the types of operators.
std::string plain_name(const std::string& name) {
    if (name == "??") return {};
    if (name.starts_with("operator")) return "operator";
    return name.substr(0, name.find('<'));
}

std::vector<std::uint64_t> random_code_addresses(const fs::path& file, std::mt19937_64& random) {
    std::string error;
    const auto elf = elf::ElfFile::open(file, error);
    std::vector<GElf_Phdr> code;
    for (const GElf_Phdr& segment : elf->segments()) {
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0) code.push_back(segment);
    }
    std::vector<std::uint64_t> addresses;
    for (int i = 0; i < kAddresses; ++i) {
        const GElf_Phdr& segment = code[random() % code.size()];
        addresses.push_back(segment.p_vaddr + random() % segment.p_filesz);
    }
    return addresses;
}

// A block of lines for each address: function, then file:line:column, for every frame.
std::vector<std::vector<PlainFrame>> oracle_frames(const fs::path& file,
                                                   const std::vector<std::uint64_t>& addresses) {
    std::string command =
        "llvm-symbolizer --inlining --demangle --functions=short --obj='" + file.string() + "'";
    for (const std::uint64_t address : addresses) command += " " + std::to_string(address);
    std::istringstream lines(test::output_of(command));
    std::vector<std::vector<PlainFrame>> blocks(1);
    std::string function;
    std::string place;
    while (std::getline(lines, function)) {
        if (function.empty()) {
            blocks.emplace_back();
            continue;
        }
        std::getline(lines, place);
        const std::size_t column = place.rfind(':');
        const std::size_t line = place.rfind(':', column - 1);
        const std::string name = fs::path(place.substr(0, line)).filename();
        blocks.back().push_back({plain_name(function), name == "??" ? "" : name,
                                 static_cast<std::uint32_t>(std::stoul(place.substr(line + 1)))});
    }
    if (blocks.back().empty()) blocks.pop_back();
    return blocks;
}

std::vector<PlainFrame> own_frames(test::MappedFile& file, std::uint64_t address) {
    std::vector<PlainFrame> frames;
    for (const Frame& frame : file.frames_at(address + 1)) {
        frames.push_back({frame.function, fs::path(frame.file.str()).filename(), frame.line});
    }
    return frames;
}

void compare(const fs::path& file) {
    if (std::system("llvm-symbolizer --version >/dev/null 2>&1") != 0) {
        GTEST_SKIP() << "llvm-symbolizer is not installed";
    }
    std::mt19937_64 random(test::test_seed());
    const auto addresses = random_code_addresses(file, random);
    const auto expected = oracle_frames(file, addresses);
    ASSERT_EQ(expected.size(), addresses.size());
    test::MappedFile mapped(file, {});
    int compared = 0;
    int different = 0;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        if (expected[i].front().line == 0) continue;  // padding and start-up code without lines
        ++compared;
        const auto frames = own_frames(mapped, addresses[i]);
        if (std::equal(frames.begin(), frames.end(), expected[i].begin(), expected[i].end(),
                       agree)) {
            continue;
        }
        ++different;
        std::cout << std::hex << addresses[i] << std::dec << ":\n";
        for (const auto& frame : expected[i]) std::cout << "  expected " << frame << "\n";
        for (const auto& frame : frames) std::cout << "  got      " << frame << "\n";
    }
    std::cout << compared << " compared\n";
    EXPECT_GT(compared, 50);
    EXPECT_LE(different, compared / 100);  // versions of the other symbolizer differ in odd cases
}

TEST(Oracle, AgreesOnThisProgram) {
    compare(fs::canonical("/proc/self/exe"));
}

TEST(Oracle, AgreesOnAGoogleTestProgram) {
    compare(test::fixture("gtest_pie"));
}

TEST(Oracle, AgreesOnAProgramAtAFixedAddress) {
    compare(test::fixture("gtest_fixed"));
}

TEST(Oracle, AgreesOnAClangProgram) {
    SKIP_WITHOUT("gtest_clang");
    compare(test::fixture("gtest_clang"));
}

}  // namespace
}  // namespace leakcheck
