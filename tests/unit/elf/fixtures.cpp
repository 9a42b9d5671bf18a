// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/elf/fixtures.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <random>
#include <sstream>

namespace leakcheck::test {
namespace {

constexpr std::uint64_t kMappedAt = 0x7f0000000000;

}  // namespace

std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(LEAKCHECK_FIXTURE_DIR) / name;
}

std::string output_of(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) {
        ADD_FAILURE() << "cannot run " << command;
        return {};
    }
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe)) {
        output.append(buffer.data(), size);
    }
    EXPECT_EQ(pclose(pipe), 0) << command;
    return output;
}

std::vector<NotedCall> noted_calls(const std::filesystem::path& program) {
    std::istringstream lines(output_of("'" + program.string() + "'"));
    std::vector<NotedCall> calls;
    NotedCall call;
    while (lines >> call.name >> std::hex >> call.address >> std::dec >> call.lines[0] >>
           call.lines[1] >> call.lines[2]) {
        calls.push_back(call);
    }
    return calls;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::uint64_t test_seed() {
    const char* given = getenv("LEAKCHECK_TEST_SEED");
    const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::cout << "seed: " << seed << " (set LEAKCHECK_TEST_SEED to repeat)\n";
    return seed;
}

MappedFile::MappedFile(const std::filesystem::path& file, SymbolizerOptions options)
    : file_(elf::ElfFile::open(file, error_)), symbolizer_(std::move(options)) {
    ProcessRecord process;
    process.id = ProcessId{1};
    process.is_main = true;
    process.is_image = true;
    symbolizer_.add_process(process);
    Mapping mapping;
    mapping.process = process.id;
    mapping.start = kMappedAt;
    mapping.end = kMappedAt + std::filesystem::file_size(file);
    mapping.path = file.string();
    symbolizer_.add_mapping(mapping);
}

std::vector<Frame> MappedFile::frames_at(std::uint64_t return_address) {
    const auto offset = file_ ? file_->offset_of(return_address - 1) : std::nullopt;
    StackRecord stack;
    stack.process = ProcessId{1};
    stack.frames = {kMappedAt + offset.value_or(return_address - 1) + 1};
    return symbolizer_.symbolize(stack);
}

}  // namespace leakcheck::test
