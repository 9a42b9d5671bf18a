// SPDX-License-Identifier: Apache-2.0
//
// growth_suite TESTS [PAIRS] [GoogleTest's options]: nanoseconds of CPU time of a malloc/free pair made by TESTS tests,
// PAIRS by each. What GoogleTest itself does for a test is part of the time, natively as well. One more test
// comes first, so that start-up is not counted.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "bench/bench_program.hpp"

namespace {

std::size_t pairs_of_a_test = 0;
std::unique_ptr<bench::CpuTimer> timer;

class GrowthTest : public testing::Test {
  public:
    void TestBody() override {
        for (std::size_t i = 0; i < pairs_of_a_test; ++i) bench::make_pair_of(64);
        if (timer == nullptr) timer = std::make_unique<bench::CpuTimer>();
    }
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    const bench::Arguments arguments(argc, argv,
                                     "growth_suite [TESTS] [PAIRS] [GoogleTest's options]");
    const std::size_t tests = arguments.at(1, 1);
    pairs_of_a_test = arguments.at(2, 1000);
    for (std::size_t i = 0; i <= tests; ++i) {
        const std::string name = "Number" + std::to_string(i);
        testing::RegisterTest("Growth", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                              []() -> GrowthTest* { return new GrowthTest; });
    }
    const int status = RUN_ALL_TESTS();
    std::printf("%.2f\n", timer->seconds() * 1e9 / static_cast<double>(tests * pairs_of_a_test));
    return status;
}
