// SPDX-License-Identifier: Apache-2.0
//
// Broken objects: cut short, and with random bytes changed. Nothing is asked but that everything
// ends, keeps its promises, and takes no more memory than the object's size explains.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>
#include <random>

#include "runner/unwind/elf_image.hpp"
#include "runner/unwind/frame_section.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/unwind/fixtures.hpp"
#include "tests/unit/unwind/try_object.hpp"

namespace leakcheck {
namespace {

constexpr int kVariants = 1000;  // of each kind and object
// A byte of a program may make a row, and compressed ones are 64 times as many.
constexpr std::size_t kRowsPerByte = 66;

// Where in the file a part of it stands.
struct Part {
    std::size_t offset;
    std::size_t size;
};

// A copy that ends where readable memory does, so that no library reads past it unseen.
class GuardedCopy {
  public:
    explicit GuardedCopy(const std::string& contents)
        : room_((contents.size() / page() + 1) * page()), size_(contents.size()) {
        void* mapped = mmap(nullptr, room_ + page(), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) throw std::bad_alloc();
        memory_ = static_cast<char*>(mapped);
        std::memcpy(memory_ + room_ - size_, contents.data(), size_);
        mprotect(memory_ + room_, page(), PROT_NONE);
    }
    ~GuardedCopy() { munmap(memory_, room_ + page()); }
    GuardedCopy(const GuardedCopy&) = delete;
    GuardedCopy& operator=(const GuardedCopy&) = delete;

    std::string_view bytes() const { return {memory_ + room_ - size_, size_}; }

  private:
    static std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

    std::size_t room_;
    std::size_t size_;
    char* memory_ = nullptr;
};

class HostileObjects : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        original_ = test::read_file(test::fixture(GetParam()));
        ASSERT_FALSE(original_.empty());
    }

    void read_all(const std::string& contents) {
        const GuardedCopy copy(contents);
        const test::Tried tried = test::try_object(copy.bytes());
        EXPECT_LE(tried.rows, kRowsPerByte * contents.size() + 3);
    }

    // The object with up to `changes` random bytes in a part of it.
    std::string changed(const Part& part, unsigned changes) {
        std::string contents = original_;
        for (unsigned i = 0; i < changes; ++i) {
            const std::size_t place = part.offset + random_() % part.size;
            contents[place] = static_cast<char>(random_());
        }
        return contents;
    }

    void read_variants_of(const Part& part) {
        ASSERT_GT(part.size, 0u);
        for (unsigned i = 0; i < kVariants; ++i) read_all(changed(part, 1u << i % 6));
    }

    Part section(const char* name) {
        std::string error;
        const auto file = elf::ElfFile::open(test::fixture(GetParam()), error);
        GElf_Shdr header{};
        if (unwind::find_section(unwind::image_of(*file), name, header) == nullptr) return {0, 0};
        return {header.sh_offset, header.sh_size};
    }

    std::string original_;
    std::mt19937_64 random_{test::test_seed()};
};

// Larger ones at some of their lengths.
TEST_P(HostileObjects, CutShortAtEveryLength) {
    const std::size_t step = original_.size() < 10000 ? 1 : 7;
    for (std::size_t size = 0; size < original_.size(); size += step)
        read_all(original_.substr(0, size));
}

TEST_P(HostileObjects, WithRandomBytesInTheInformation) {
    const Part eh_frame = section(".eh_frame");
    const Part debug_frame = section(".debug_frame");
    ASSERT_GT(eh_frame.size + debug_frame.size, 0u);
    if (eh_frame.size > 0) read_variants_of(eh_frame);
    if (debug_frame.size > 0) read_variants_of(debug_frame);
}

TEST_P(HostileObjects, WithRandomBytesInTheHeaders) {
    read_variants_of({16, 1008});
}

// Section headers stand at the end of the file.
TEST_P(HostileObjects, WithRandomBytesInTheSectionHeaders) {
    const std::size_t size = std::min<std::size_t>(original_.size(), 2560);
    read_variants_of({original_.size() - size, size});
}

TEST_P(HostileObjects, WithRandomBytesAnywhere) {
    for (unsigned i = 0; i < kVariants; ++i) read_all(changed({0, original_.size()}, 200));
}

TEST_P(HostileObjects, WithoutSectionHeaders) {
    original_ = test::without_sections(original_);
    for (std::size_t size = 0; size < original_.size(); size += 7)
        read_all(original_.substr(0, size));
    if (const Part header = section(".eh_frame_hdr"); header.size > 0)
        read_variants_of({header.offset, 12});
    if (const Part eh_frame = section(".eh_frame"); eh_frame.size > 0) read_variants_of(eh_frame);
}

// The information ends where the object does, so that everything in it can lead past the end.
TEST_P(HostileObjects, CutBehindTheInformation) {
    original_ = test::without_sections(original_);
    const Part eh_frame = section(".eh_frame");
    if (eh_frame.size == 0) return;
    for (std::size_t cut = 0; cut < std::min<std::size_t>(eh_frame.size, 64); ++cut) {
        const Part left{eh_frame.offset, eh_frame.size - cut};
        original_.resize(left.offset + left.size);
        for (unsigned i = 0; i < kVariants / 10; ++i) read_all(changed(left, 1u << i % 6));
    }
}

// From a file, where separate debug information is looked for as well.
TEST_P(HostileObjects, AsFiles) {
    const test::TemporaryDirectory directory;
    for (unsigned i = 0; i < kVariants / 10; ++i) {
        const auto file = directory.write("object", changed({0, original_.size()}, 1u << i % 10));
        std::string error;
        unwind::RuleSet rules;
        if (const auto object = elf::ElfFile::open(file, error))
            unwind::read_code_table(*object, rules, {file, {directory.path()}});
    }
}

INSTANTIATE_TEST_SUITE_P(, HostileObjects,
                         testing::Values("odd_rules", "odd_rules_debug_frame", "frames_cet",
                                         "debug_frame_compressed"),
                         [](const auto& object) { return std::string(object.param); });

class CompressedSection : public testing::Test {
  protected:
    // The table when the section claims a size.
    unwind::CodeTable table_with_size(std::uint64_t claimed) {
        const auto path = test::fixture("debug_frame_compressed");
        std::string error;
        const auto file = elf::ElfFile::open(path, error);
        GElf_Shdr header{};
        unwind::find_section(unwind::image_of(*file), ".debug_frame", header);
        EXPECT_NE(header.sh_flags & SHF_COMPRESSED, 0u);
        std::string contents = test::read_file(path);
        std::memcpy(contents.data() + header.sh_offset + offsetof(Elf64_Chdr, ch_size), &claimed,
                    sizeof(claimed));
        return unwind::read_code_table(contents, rules_);
    }

    unwind::RuleSet rules_;
};

TEST_F(CompressedSection, IsNotReadWhenItClaimsToBeAbsurdlyLarge) {
    const std::size_t without = table_with_size(std::uint64_t{1} << 40).rows.size();
    EXPECT_GT(without, 1u);  // of .eh_frame
    EXPECT_EQ(table_with_size(std::uint64_t{200} << 20).rows.size(), without);
    EXPECT_EQ(table_with_size(1).rows.size(), without);
}

}  // namespace
}  // namespace leakcheck
