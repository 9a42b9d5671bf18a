// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzzer's function on the files of folders, without the fuzzer.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

int replay(const std::filesystem::path& folder) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::string contents{std::istreambuf_iterator<char>(stream), {}};
        std::printf("%s: %zu bytes\n", entry.path().c_str(), contents.size());
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(contents.data()),
                               contents.size());
        ++files;
    }
    return files;
}

}  // namespace

int main(int argc, char** argv) {
    int files = 0;
    for (int i = 1; i < argc; ++i) files += replay(argv[i]);
    if (files == 0) std::fprintf(stderr, "usage: %s FOLDER... with files in them\n", argv[0]);
    return files > 0 ? 0 : 1;
}
