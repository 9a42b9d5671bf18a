// SPDX-License-Identifier: Apache-2.0
//
// write_samples DIRECTORY writes every sample report in every format, for the validators:
// DIRECTORY/FORMAT.SAMPLE.EXTENSION. Without arguments it prints them for the console, in colour.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "reporters/reporters.hpp"
#include "tests/unit/reporters/rendering.hpp"

namespace {

using namespace leakcheck;

void print_samples() {
    for (const Sample& sample : all_samples()) {
        std::cout << "===== " << sample.name << " =====\n";
        render_console(sample.report, {Colour::on, 10, false, false}, std::cout);
    }
}

bool write_samples(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    for (const Sample& sample : all_samples()) {
        for (const Format& format : formats()) {
            std::ofstream file(
                directory / (format.name + "." + sample.name + "." + format.extension),
                std::ios::binary);
            file << format.render(sample);
            if (!file.flush()) return false;
        }
    }
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 1) {
        print_samples();
        return 0;
    }
    if (write_samples(argv[1])) return 0;
    std::cerr << "write_samples: cannot write to " << argv[1] << '\n';
    return 1;
}
