// SPDX-License-Identifier: Apache-2.0
#include "runner/config/suppression_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner/config/ready_suppressions.hpp"

namespace leakcheck {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

using Kind = FramePattern::Kind;
using Rules = std::vector<Suppression>;

Rules read(const std::string& text) {
    auto rules = read_suppressions("s.supp", text);
    if (const auto* problem = std::get_if<Problem>(&rules)) ADD_FAILURE() << problem->message;
    return std::holds_alternative<Rules>(rules) ? std::get<Rules>(rules) : Rules{};
}

std::string error_of(const std::string& text) {
    const auto rules = read_suppressions("s.supp", text);
    const auto* problem = std::get_if<Problem>(&rules);
    return problem == nullptr ? "(accepted)" : problem->message;
}

std::vector<Frame> stack_of(const std::vector<std::string>& functions) {
    std::vector<Frame> stack;
    for (const std::string& function : functions) {
        Frame frame;
        frame.function = function;
        stack.push_back(frame);
    }
    return stack;
}

TEST(LsanSuppressions, AreReadAsTheyAre) {
    const Rules rules = read("# a comment\n\n  leak:libfoo.so\nleak:^ns::make*(int)$  \r\n");
    ASSERT_EQ(rules.size(), 2u);
    EXPECT_EQ(rules[0].facts.name, "leak:libfoo.so");
    EXPECT_EQ(rules[0].facts.source, "s.supp:3");
    EXPECT_EQ(rules[1].facts.source, "s.supp:4");
    ASSERT_EQ(rules[1].any_frame.size(), 1u);
    EXPECT_TRUE(rules[1].any_frame[0].matches("ns::make_one(int)"));
    EXPECT_TRUE(read("").empty());
    EXPECT_TRUE(read("# nothing\n").empty());
}

TEST(LsanSuppressions, OthersAreRefused) {
    EXPECT_EQ(error_of("leak:a\n  race:b\n"),
              "s.supp:2:3: \"race:b\" is no suppression of leaks; LeakSanitizer has lines such as "
              "leak:function_name");
    EXPECT_THAT(error_of("leak:"), StartsWith("s.supp:1:1: this suppression would take every"));
}

constexpr const char* memcheck_file = R"(# of several tools
{
   <a conditional jump>
   Memcheck:Cond
   fun:foo
}
{
   the pool
   Memcheck,Helgrind:Leak
   match-leak-kinds: definite, possible
   fun:malloc
   fun:_ZN3net4Pool4makeEi
   ...
   obj:/usr/lib/*/libnet.so*
   src:main.cpp:12
}
{
   a race
   Helgrind:Race
   fun:bar
}
)";

TEST(MemcheckSuppressions, ThoseOfLeaksAreReadAsTheyAre) {
    const Rules rules = read(memcheck_file);
    ASSERT_EQ(rules.size(), 1u);
    const Suppression& rule = rules[0];
    EXPECT_EQ(rule.facts.name, "the pool");
    EXPECT_EQ(rule.facts.source, "s.supp:8");
    EXPECT_EQ(rule.kinds, (LeakKinds{LeakKind::definite, LeakKind::possible, LeakKind::unclassified,
                                     LeakKind::outstanding}));
    EXPECT_THAT(rule.innermost, ElementsAre(FramePattern{Kind::function, {"malloc"}},
                                            FramePattern{Kind::function, {"net::Pool::make(int)"}},
                                            FramePattern{Kind::frames},
                                            FramePattern{Kind::object, {"/usr/lib/*/libnet.so*"}},
                                            FramePattern{Kind::source, {"main.cpp"}, 12}));
}

TEST(MemcheckSuppressions, KindsAreAllWhereNoneAreGiven) {
    const Rules rules = read("{\n  n\n  Memcheck:Leak\n  fun:f\n}\n");
    ASSERT_EQ(rules.size(), 1u);
    EXPECT_FALSE(rules[0].kinds);
}

// Whether a suppression with this first frame takes a leak of that function.
bool takes(const std::string& pattern, const std::string& function) {
    const FramePattern frame = read_frame_pattern(pattern, 0);
    return matches_innermost({frame}, stack_of({function}));
}

TEST(MemcheckSuppressions, MangledNamesAreTakenForWhatTheyMean) {
    EXPECT_TRUE(takes("fun:_ZN3net4Pool4makeEi", "net::Pool::make(int)"));
    EXPECT_FALSE(takes("fun:_ZN3net4Pool4makeEi", "net::Pool::make(long)"));
    EXPECT_TRUE(takes("fun:_ZN3net4Pool4makeE*", "net::Pool::make(long)"));
    EXPECT_TRUE(takes("fun:_ZN3net4Pool*", "net::Pool::make(long)"));
    EXPECT_FALSE(takes("fun:_ZN3net4Pool*", "net::Tank::make(long)"));
    EXPECT_TRUE(takes("fun:_Z4makev", "make()"));
    EXPECT_TRUE(takes("fun:_Z4make*", "make(int)"));
    EXPECT_TRUE(takes("fun:make", "make(int)"));
    EXPECT_THAT(error_of("{\nn\nMemcheck:Leak\nfun:_ZN*Pool\n}\n"),
                StartsWith("s.supp:4:1: \"_ZN*Pool\": of mangled names only"));
}

TEST(MemcheckSuppressions, MistakesAreToldWithTheirPlace) {
    EXPECT_THAT(error_of("{\n  n\n  Memcheck:Leak\n  fun:f\n"),
                StartsWith("s.supp:1:1: this brace is not closed"));
    EXPECT_THAT(error_of("{\n  n\n  Memcheck:Leak\n  function:f\n}\n"),
                StartsWith("s.supp:4:3: \"function:f\" is no frame"));
    EXPECT_THAT(error_of("{\n  n\n  Memcheck:Leak\n}\n"), HasSubstr("names no frame"));
    EXPECT_THAT(error_of("{\n}\n"), HasSubstr("empty"));
    EXPECT_THAT(error_of("{\n n\n Memcheck:Leak\n fun:f\n}\nfun:g\n"),
                StartsWith("s.supp:6:1: \"fun:g\" stands outside"));
    EXPECT_THAT(error_of("{\n n\n Memcheck:Leak\n match-leak-kinds: definte\n fun:f\n}\n"),
                StartsWith("s.supp:4:2: \"definte\" is no kind"));
    EXPECT_THAT(error_of("{\n n\n Memcheck:Leak\n src:a.c:x\n}\n"), HasSubstr("no line"));
}

TEST(OwnSuppressions, HaveLimitsReasonAndEnd) {
    const Rules rules = read(R"({ // ours
      "suppressions": [
        {"name": "pool", "leak": "net::Pool", "tests": "Net*", "kinds": ["definite"],
         "max_bytes": "4 kB", "max_blocks": 2, "reason": "pools stay", "until": "2027-01-31"},
        {"name": "stack", "stack": ["fun:f", "...", "obj:*/libx.so"]}]})");
    ASSERT_EQ(rules.size(), 2u);
    EXPECT_EQ(rules[0].facts.max_bytes, 4000u);
    EXPECT_EQ(rules[0].facts.max_blocks, 2u);
    EXPECT_EQ(rules[0].facts.reason, "pools stay");
    EXPECT_EQ(rules[0].facts.until, "2027-01-31");
    EXPECT_EQ(rules[0].facts.source, "s.supp");
    EXPECT_EQ(rules[0].tests, "Net*");
    EXPECT_EQ(rules[1].innermost.size(), 3u);
    EXPECT_TRUE(read("{}").empty());
    EXPECT_TRUE(read("// nothing\n{\"suppressions\": []}").empty());
}

TEST(OwnSuppressions, MistakesAreToldWithTheirPlace) {
    EXPECT_THAT(error_of("{\"suppressions\": [{\"leak\": \"a\"}]}"),
                StartsWith("s.supp:1:19: this suppression has no \"name\""));
    EXPECT_THAT(error_of("{\"suppressions\": [{\"name\": \"a\"}]}"), HasSubstr("every leak"));
    EXPECT_THAT(error_of("{\"suppressions\": [{\"name\": \"a\", \"leak\": \"*\"}]}"),
                HasSubstr("\"*\" would match every frame"));
    EXPECT_THAT(error_of("{\"suppressions\": [{\"name\": \"a\", \"lek\": \"b\"}]}"),
                HasSubstr("did you mean \"leak\"?"));
    EXPECT_THAT(error_of("{\"supressions\": []}"), HasSubstr("did you mean \"suppressions\"?"));
}

TEST(ReadySuppressions, EachHasItsReasonAndTakesNothingThatIsLost) {
    for (const Suppression& rule : ready_suppressions()) {
        EXPECT_FALSE(rule.facts.reason.empty()) << rule.facts.name;
        EXPECT_TRUE(rule.facts.built_in);
        ASSERT_TRUE(rule.kinds);
        EXPECT_FALSE(rule.kinds->contains(LeakKind::definite));
        EXPECT_FALSE(rule.kinds->contains(LeakKind::indirect));
        EXPECT_THAT(rule.facts.name, AnyOf(StartsWith("glibc: "), StartsWith("libstdc++: "),
                                           StartsWith("GoogleTest: "), StartsWith("GoogleMock: "),
                                           StartsWith("OpenSSL: "), StartsWith("protobuf: ")));
    }
}

// What runs a test stands in the stack of everything that the test allocates.
TEST(ReadySuppressions, NoneTakesWhatATestAllocates) {
    const std::vector<Frame> stack =
        stack_of({"make(int)", "Suite_Test_Test::TestBody()",
                  "void testing::internal::HandleExceptionsInMethodIfSupported<testing::Test, "
                  "void>(testing::Test*, void (testing::Test::*)(), char const*)",
                  "testing::Test::Run()", "testing::TestInfo::Run()", "testing::TestSuite::Run()",
                  "testing::internal::UnitTestImpl::RunAllTests()", "testing::UnitTest::Run()",
                  "main", "__libc_start_call_main", "__libc_start_main", "_start"});
    for (const Suppression& rule : ready_suppressions())
        EXPECT_FALSE(matches_innermost(rule.innermost, stack)) << rule.facts.name;
}

}  // namespace
}  // namespace leakcheck
