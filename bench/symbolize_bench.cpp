// SPDX-License-Identifier: Apache-2.0
//
// How long it takes to symbolize many distinct stacks of one program, and how much memory:
//   symbolize_bench PROGRAM [STACKS [DEPTH]]
// The stacks are random return addresses in the program's functions, so that nothing is asked for
// twice but by chance; those of a real program share most of their frames.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "runner/elf/elf_file.hpp"
#include "runner/elf/symbolizer.hpp"

namespace leakcheck {
namespace {

constexpr std::uint64_t seed = 1;
constexpr ProcessId process{1};

struct Function {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t size = 0;
};

std::vector<Function> functions_of(const elf::ElfFile& file) {
    std::vector<Function> functions;
    file.for_each_symbol(SHT_SYMTAB, [&](const char*, const GElf_Sym& symbol) {
        if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || symbol.st_size == 0) return;
        if (const auto offset = file.offset_of(symbol.st_value)) {
            functions.push_back({*offset, symbol.st_size});
        }
    });
    return functions;
}

class RandomStacks {
  public:
    RandomStacks(std::vector<Function> functions, std::size_t depth)
        : functions_(std::move(functions)), depth_(depth) {}

    StackRecord next() {
        StackRecord stack;
        stack.process = process;
        while (stack.frames.size() < depth_) {
            const Function& function = functions_[random_() % functions_.size()];
            stack.frames.push_back(function.offset + 1 + random_() % function.size);
        }
        return stack;
    }

  private:
    std::mt19937_64 random_{seed};
    std::vector<Function> functions_;
    std::size_t depth_;
};

double resident_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

int run(const std::string& program, std::size_t count, std::size_t depth) {
    std::string error;
    const auto file = elf::ElfFile::open(program, error);
    if (!file) {
        fmt::print(stderr, "{}: {}\n", program, error);
        return EXIT_FAILURE;
    }
    RandomStacks stacks(functions_of(*file), depth);
    Symbolizer symbolizer({});
    symbolizer.add_mapping({process, 0, file->bytes().size(), 0, 0, program});

    const auto start = std::chrono::steady_clock::now();
    std::vector<std::vector<Frame>> symbolized;  // kept, as the analysis does
    for (std::size_t i = 0; i < count; ++i) {
        symbolized.push_back(symbolizer.symbolize(stacks.next()));
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    std::size_t frames = 0;
    std::size_t with_line = 0;
    for (const std::vector<Frame>& stack : symbolized) {
        frames += stack.size();
        with_line += static_cast<std::size_t>(std::count_if(
            stack.begin(), stack.end(), [](const Frame& frame) { return frame.line != 0; }));
    }
    fmt::print(
        "{} stacks of {} return addresses (seed {}): {:.2f} s, {:.0f} MB resident; {} frames, "
        "{} with a line\n",
        count, depth, seed, time.count(), resident_megabytes(), frames, with_line);
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace leakcheck

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: symbolize_bench PROGRAM [STACKS [DEPTH]]\n");
        return EXIT_FAILURE;
    }
    const auto number = [&](int index, std::size_t otherwise) {
        return argc > index ? std::strtoull(argv[index], nullptr, 10) : otherwise;
    };
    return leakcheck::run(argv[1], number(2, 10'000), number(3, 32));
}
