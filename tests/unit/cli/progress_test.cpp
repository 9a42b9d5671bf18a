// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace leakcheck {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Progress : public testing::Test {
  protected:
    std::chrono::steady_clock::time_point now_{};
    std::size_t columns_ = 80;
    std::ostringstream out_;
    ProgressLine line_{out_, [this] { return now_; }, [this] { return columns_; }};

    std::string taken() {
        std::string text = out_.str();
        out_.str("");
        return text;
    }
};

TEST_F(Progress, ShowsTheState) {
    now_ += 12s;
    line_.update({3, "Suite.Test", 1234567});
    EXPECT_EQ(taken(), "\r\x1b[Kleakcheck: 3 tests done, 1.2 MB live, 12 s, in Suite.Test");
}

TEST_F(Progress, NotForAShortRunAndNotTooOften) {
    line_.update({});
    now_ += 249ms;
    line_.update({});
    EXPECT_EQ(taken(), "");
    now_ += 1ms;
    line_.update({});
    EXPECT_NE(taken(), "");
    now_ += 249ms;
    line_.update({});
    EXPECT_EQ(taken(), "");
    now_ += 1ms;
    line_.update({});
    EXPECT_NE(taken(), "");
}

TEST_F(Progress, ErasesOnceWhatItShowed) {
    line_.erase();
    EXPECT_EQ(taken(), "");
    now_ += 1s;
    line_.update({});
    taken();
    line_.erase();
    EXPECT_EQ(taken(), "\r\x1b[K");
    line_.erase();
    EXPECT_EQ(taken(), "");
}

TEST_F(Progress, CountsStacksThatAreSymbolized) {
    now_ += 1s;
    line_.update_symbolizing(3200, 10000);
    EXPECT_EQ(taken(), "\r\x1b[Kleakcheck: symbolizing 3,200 of 10,000 stacks");
    line_.update_symbolizing(3201, 10000);
    EXPECT_EQ(taken(), "") << "too soon";
    columns_ = 12;
    now_ += 1s;
    line_.update_symbolizing(3202, 10000);
    EXPECT_EQ(taken(), "\r\x1b[Kleakcheck: ");
}

TEST(ProgressStart, IsQuietAsLongAsAskedFor) {
    std::ostringstream out;
    std::chrono::steady_clock::time_point now{};
    ProgressLine line(
        out, [&now] { return now; }, [] { return std::size_t{80}; }, 1s);
    now += 999ms;
    line.update_symbolizing(1, 2);
    EXPECT_EQ(out.str(), "");
    now += 1ms;
    line.update_symbolizing(1, 2);
    EXPECT_NE(out.str(), "");
}

TEST(ProgressEnd, ErasesAtTheEnd) {
    std::ostringstream out;
    std::chrono::steady_clock::time_point now{};
    {
        ProgressLine line(
            out, [&now] { return now; }, [] { return std::size_t{80}; });
        now += 1s;
        line.update({});
    }
    EXPECT_TRUE(out.str().ends_with("\r\x1b[K"));
}

TEST_F(Progress, NeverFillsTheLastColumn) {
    for (const std::size_t columns : {0u, 1u, 2u, 20u}) {
        columns_ = columns;
        now_ += 1s;
        line_.update({1, std::string(1000, 'x'), 0});
        const std::size_t escape = 4;
        EXPECT_EQ(taken().size() - escape, columns == 0 ? 0 : columns - 1);
    }
}

TEST(ProgressText, HostileNamesDoNotReachTheTerminal) {
    const std::string text = progress_text({1, "A.\x1b]0;x\x07\n\r\xff\xe2\x82\xac", 999}, 0s, 200);
    EXPECT_EQ(text, "leakcheck: 1 test done, 999 B live, 0 s, in A.?]0;x???????");
}

TEST(ProgressText, BytesFromNoneToAll) {
    EXPECT_THAT(progress_text({0, "", 0}, 0s, 200), HasSubstr("0 B live"));
    EXPECT_THAT(progress_text({0, "", 1000}, 0s, 200), HasSubstr("1.0 kB live"));
    EXPECT_THAT(progress_text({0, "", 999949}, 0s, 200), HasSubstr("999.9 kB live"));
    EXPECT_THAT(progress_text({0, "", 999950}, 0s, 200), HasSubstr("1.0 MB live"));
    EXPECT_THAT(progress_text({0, "", UINT64_MAX}, 0s, 200), HasSubstr("18.4 EB live"));
}

}  // namespace
}  // namespace leakcheck
