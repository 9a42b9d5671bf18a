// SPDX-License-Identifier: Apache-2.0
#include "runner/config/config_schema.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "runner/baseline/baseline_file.hpp"
#include "runner/config/suppression_files.hpp"

namespace leakcheck {
namespace {

void expect_published(const JsonSchema& schema, const std::string& name) {
    const std::string text = schema.dump(2) + "\n";
    std::ifstream file(PUBLISHED + name);
    const std::string published(std::istreambuf_iterator<char>(file), {});
    if (published == text) return;
    std::ofstream(RECEIVED + name) << text;
    ADD_FAILURE() << "differs: diff " << PUBLISHED << name << ' ' << RECEIVED << name
                  << "; if the second is right, copy it over the first";
}

TEST(Schemas, ThePublishedOnesAreThoseOfTheReaders) {
    expect_published(config_schema(), "leakcheck.schema.json");
    expect_published(baseline_schema(), "baseline.schema.json");
    expect_published(suppressions_schema(), "suppressions.schema.json");
}

}  // namespace
}  // namespace leakcheck
