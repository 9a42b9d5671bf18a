// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/resident_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

#include "runner/reach/live_block.hpp"

namespace leakcheck::reach {
namespace {

class OwnMapping {
  public:
    OwnMapping(std::size_t size, int flags, int file = -1)
        : size_(size),
          memory_(
              static_cast<char*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, file, 0))) {}
    ~OwnMapping() { ::munmap(memory_, size_); }
    OwnMapping(const OwnMapping&) = delete;
    OwnMapping& operator=(const OwnMapping&) = delete;

    char* memory() const { return memory_; }
    std::uint64_t address() const { return reinterpret_cast<std::uint64_t>(memory_); }
    AddressRange page(std::uint64_t number) const {
        return {address() + number * page_size, address() + (number + 1) * page_size};
    }
    // As the kernel lists it; it may be part of a larger one.
    ProcessMap map() const {
        for (const ProcessMap& map : read_process_maps(::getpid(), MapsWanted::all))
            if (map.start <= address() && address() < map.end) return map;
        return {};
    }
    AddressRanges written(ResidentMemory::Method method) const {
        return intersection(ResidentMemory(::getpid(), method).written(map()),
                            {{address(), address() + size_}});
    }

  private:
    std::size_t size_;
    char* memory_;
};

class ResidentPages : public testing::TestWithParam<ResidentMemory::Method> {};

TEST_P(ResidentPages, AreThoseThatWereWritten) {
    const OwnMapping mapping(std::size_t{1} << 30, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
    ::madvise(mapping.memory(), std::size_t{1} << 30, MADV_NOHUGEPAGE);
    mapping.memory()[5 * page_size] = 1;
    mapping.memory()[6 * page_size] = 1;
    mapping.memory()[100'000 * page_size] = 1;
    EXPECT_EQ(mapping.written(GetParam()),
              (AddressRanges{{mapping.page(5).start, mapping.page(6).end}, mapping.page(100'000)}));
}

TEST_P(ResidentPages, OfAPrivateFileAreThoseThatAreNoLongerTheFiles) {
    const UniqueFd file(::memfd_create("test", MFD_CLOEXEC));
    ASSERT_EQ(::ftruncate(file.get(), 10 * page_size), 0);
    const OwnMapping mapping(10 * page_size, MAP_PRIVATE, file.get());
    const volatile char read = mapping.memory()[3 * page_size];
    EXPECT_EQ(read, 0);
    mapping.memory()[7 * page_size] = 1;
    EXPECT_EQ(mapping.written(GetParam()), AddressRanges{mapping.page(7)});
}

TEST_P(ResidentPages, OfSharedMemoryAreThoseThatAnyoneWrote) {
    const UniqueFd file(::memfd_create("test", MFD_CLOEXEC));
    ASSERT_EQ(::ftruncate(file.get(), 1000 * page_size), 0);
    const OwnMapping mapping(1000 * page_size, MAP_SHARED, file.get());
    if (::access(("/proc/self/map_files"), X_OK) != 0 || ::geteuid() != 0)
        GTEST_SKIP() << "whose files are mapped can only be asked with privileges";
    ASSERT_EQ(::pwrite(file.get(), "x", 1, 500 * page_size), 1);
    EXPECT_EQ(mapping.written(GetParam()), AddressRanges{mapping.page(500)});
}

INSTANTIATE_TEST_SUITE_P(ResidentMemory, ResidentPages,
                         testing::Values(ResidentMemory::Method::best,
                                         ResidentMemory::Method::pagemap_file),
                         [](const auto& one) {
                             return one.param == ResidentMemory::Method::best ? "best"
                                                                              : "pagemap_file";
                         });

TEST(ResidentMemory, OfNoProcessCannotBeAsked) {
    EXPECT_FALSE(ResidentMemory(0x7fffffff));
}

}  // namespace
}  // namespace leakcheck::reach
