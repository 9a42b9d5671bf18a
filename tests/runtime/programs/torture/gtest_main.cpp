// SPDX-License-Identifier: Apache-2.0
//
// The torture program as a GoogleTest program: each scenario is a test.
#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "torture.hpp"

namespace torture {

namespace {

std::size_t number_from(const char* variable, std::size_t otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::vector<const Scenario*> all_scenarios() {
    std::vector<const Scenario*> all;
    for (const Scenario* one = Scenario::first; one != nullptr; one = one->next) all.push_back(one);
    return all;
}

class Torture : public testing::TestWithParam<const Scenario*> {};

TEST_P(Torture, Allocates) {
    const std::size_t seed = number_from("TORTURE_SEED", 1);
    RecordProperty("seed", static_cast<int>(seed));
    Random random(seed);
    for (std::size_t i = number_from("TORTURE_ROUNDS", 1); i > 0; --i) GetParam()->run(random);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Torture, testing::ValuesIn(all_scenarios()),
                         [](const auto& variant) { return variant.param->name; });

}  // namespace
}  // namespace torture

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
