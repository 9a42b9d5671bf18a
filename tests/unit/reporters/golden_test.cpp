// SPDX-License-Identifier: Apache-2.0
//
// Every sample in every format against tests/golden/FORMAT.SAMPLE.approved.EXTENSION. What differs
// is written beside it as ".received."; tests/golden/approve.sh takes it over once it was looked
// at.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/reporters/rendering.hpp"

namespace leakcheck {
namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::filesystem::path golden(const Format& format, const Sample& sample, const std::string& state) {
    const std::string name = format.name + "." + sample.name + "." + state + "." + format.extension;
    return std::filesystem::path(REPORTERS_GOLDEN) / name;
}

void compare(const Format& format, const Sample& sample) {
    const std::string text = format.render(sample);
    const auto approved = golden(format, sample, "approved");
    const auto received = golden(format, sample, "received");
    if (std::filesystem::exists(approved) && read(approved) == text) {
        std::filesystem::remove(received);
        return;
    }
    std::ofstream(received, std::ios::binary) << text;
    ADD_FAILURE() << "differs from what was approved: diff " << approved << ' ' << received
                  << "; if it is better, run tests/golden/approve.sh";
}

TEST(Golden, EverySampleInEveryFormatIsAsApproved) {
    for (const Sample& sample : all_samples()) {
        for (const Format& format : formats()) compare(format, sample);
    }
}

TEST(Golden, RenderingTwiceGivesTheSameText) {
    for (const Sample& sample : all_samples()) {
        for (const Format& format : formats())
            EXPECT_EQ(format.render(sample), format.render(sample));
    }
}

}  // namespace
}  // namespace leakcheck
