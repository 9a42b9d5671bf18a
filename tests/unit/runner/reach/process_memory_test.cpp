// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/process_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {
namespace {

constexpr std::size_t pages = 5;

// Its second page, and its fourth, cannot be read.
class MemoryWithHoles : public testing::Test {
  protected:
    MemoryWithHoles() {
        for (std::size_t i = 0; i < pages * page_size; ++i) bytes_[i] = 'x';
        ::mprotect(bytes_ + page_size, page_size, PROT_NONE);
        ::munmap(bytes_ + 3 * page_size, page_size);
    }
    ~MemoryWithHoles() override { ::munmap(bytes_, pages * page_size); }

    std::uint64_t address() const { return reinterpret_cast<std::uint64_t>(bytes_); }

    char* const bytes_ = static_cast<char*>(::mmap(
        nullptr, pages* page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    const ProcessMemory memory_{::getpid()};
};

TEST_F(MemoryWithHoles, IsReadAroundThem) {
    std::vector<char> buffer(pages * page_size, '-');
    EXPECT_EQ(memory_.read(address(), std::as_writable_bytes(std::span(buffer))), 3 * page_size);
    for (std::size_t page = 0; page < pages; ++page)
        EXPECT_EQ(buffer[page * page_size + 17], page % 2 == 0 ? 'x' : '-') << "page " << page;
}

TEST_F(MemoryWithHoles, IsReadFromTheMiddleOfAHole) {
    std::vector<char> buffer(page_size, '-');
    const std::uint64_t start = address() + page_size + 100;
    EXPECT_EQ(memory_.read(start, std::as_writable_bytes(std::span(buffer))), 100u);
    EXPECT_EQ(buffer[page_size - 101], '-');
    EXPECT_EQ(buffer[page_size - 100], 'x');
}

TEST_F(MemoryWithHoles, AWordIsWholeOrNothing) {
    EXPECT_EQ(memory_.word_at(address()), 0x7878787878787878u);
    EXPECT_EQ(memory_.word_at(address() + page_size - 4), std::nullopt);
    EXPECT_FALSE(memory_.gone());
}

TEST(ProcessMemory, OfNoProcessIsGone) {
    const ProcessMemory memory(0x7fffffff);
    EXPECT_EQ(memory.word_at(page_size), std::nullopt);
    EXPECT_TRUE(memory.gone());
}

}  // namespace
}  // namespace leakcheck::reach
