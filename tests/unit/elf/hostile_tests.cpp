// SPDX-License-Identifier: Apache-2.0
//
// Broken files: cut short, and with random bytes changed. Nothing is asked but that everything
// ends.
#include <gtest/gtest.h>

#include <random>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/gtest_sites.hpp"
#include "runner/elf/program_check.hpp"
#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

constexpr int kVariants = 100;  // of each kind and program
constexpr int kAddresses = 20;

class HostileFiles : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        original_ = test::read_file(test::fixture(GetParam()));
        random_.seed(test::test_seed());
        for (const auto& call : test::noted_calls(test::fixture(GetParam()))) {
            addresses_.push_back(call.address);
        }
    }

    std::size_t random_position(std::size_t size) { return random_() % size; }

    // Everything that reads ELF files, on one of them.
    void read_all(const std::string& contents) {
        const auto file = directory_.write("program", contents);
        std::filesystem::permissions(file, std::filesystem::perms{0755});
        find_test_sites(file);
        check_program(file, "");
        if (contents.empty()) return;
        test::MappedFile mapped(file, {LEAKCHECK_FIXTURE_SOURCES, {}});
        for (int i = 0; i < kAddresses; ++i) {
            const std::uint64_t address = random_position(contents.size()) + 1;
            EXPECT_FALSE(mapped.frames_at(address).empty());
        }
        for (const std::uint64_t address : addresses_) {
            EXPECT_FALSE(mapped.frames_at(address).empty());
        }
        mapped.symbolizer().test_definition("Plain", "Works");
    }

    std::string original_;
    std::vector<std::uint64_t> addresses_;  // return addresses in the code of the original
    std::mt19937_64 random_;
    test::TemporaryDirectory directory_;
};

TEST_P(HostileFiles, CutShort) {
    for (int i = 0; i < kVariants; ++i)
        read_all(original_.substr(0, random_position(original_.size())));
    read_all("");
}

TEST_P(HostileFiles, WithRandomBytesAnywhere) {
    for (int i = 0; i < kVariants; ++i) {
        std::string contents = original_;
        for (int change = 0; change < 200; ++change) {
            contents[random_position(contents.size())] = static_cast<char>(random_());
        }
        read_all(contents);
    }
}

TEST_P(HostileFiles, WithRandomBytesInTheHeaders) {
    const std::size_t headers = 1024;
    for (int i = 0; i < kVariants; ++i) {
        std::string contents = original_;
        for (int change = 0; change < 4; ++change) {
            contents[16 + random_position(headers)] = static_cast<char>(random_());
        }
        read_all(contents);
    }
}

// Section headers stand at the end of the file; sizes and offsets in them lead everywhere.
TEST_P(HostileFiles, WithRandomBytesInTheSectionHeaders) {
    const std::size_t headers = std::min<std::size_t>(original_.size(), 64 * 40);
    for (int i = 0; i < kVariants; ++i) {
        std::string contents = original_;
        for (int change = 0; change < 4; ++change) {
            contents[contents.size() - 1 - random_position(headers)] = static_cast<char>(random_());
        }
        read_all(contents);
    }
}

// Where in the file the sections stand whose names begin like this.
std::vector<std::pair<std::size_t, std::size_t>> sections(const std::filesystem::path& program,
                                                          const std::string& prefix) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    std::string error;
    const auto file = elf::ElfFile::open(program, error);
    std::size_t names = 0;
    elf_getshdrstrndx(file->handle(), &names);
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(file->handle(), section)) != nullptr) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr) continue;
        const char* name = elf_strptr(file->handle(), names, header.sh_name);
        if (std::string(name).starts_with(prefix) && header.sh_size > 0) {
            found.emplace_back(header.sh_offset, header.sh_size);
        }
    }
    return found;
}

class HostileDebugInformation : public HostileFiles {};

TEST_P(HostileDebugInformation, WithRandomBytes) {
    const auto debug = sections(test::fixture(GetParam()), ".debug");
    ASSERT_FALSE(debug.empty());
    for (int i = 0; i < kVariants; ++i) {
        std::string contents = original_;
        const int changes = 1 << (i % 8);
        for (int change = 0; change < changes; ++change) {
            const auto [offset, size] = debug[random_() % debug.size()];
            contents[offset + random_position(size)] = static_cast<char>(random_());
        }
        read_all(contents);
    }
}

INSTANTIATE_TEST_SUITE_P(Programs, HostileFiles,
                         testing::Values("calls_pie", "calls_dwarf4", "calls_compressed",
                                         "repeater_1_12", "repeater_1_12_stripped"),
                         [](const auto& build) { return std::string(build.param); });

INSTANTIATE_TEST_SUITE_P(Programs, HostileDebugInformation,
                         testing::Values("calls_pie", "calls_dwarf4", "calls_compressed"),
                         [](const auto& build) { return std::string(build.param); });

}  // namespace
}  // namespace leakcheck
