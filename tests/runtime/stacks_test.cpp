// SPDX-License-Identifier: Apache-2.0
//
// Stacks are right: compared with libdw's by the oracle (oracle/stack_oracle.cpp), on a program made to be
// hard and on real ones; and right where only the program itself knows what they must be.
//
// LEAKCHECK_ORACLE_EVENTS: allocations to compare in each program, where the default is to be quick.
// LEAKCHECK_ORACLE_SEED: of the torture programs' random choices.
#include <boost/process.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::uint64_t events_or(std::uint64_t otherwise) {
    return number_from("LEAKCHECK_ORACLE_EVENTS", otherwise);
}

class StacksTest : public RuntimeTest {
  protected:
    // stack_oracle OPTIONS -- COMMAND; its report, whatever it says.
    json compare(const Strings& options, const Strings& command, const Setting& setting = {}) {
        const fs::path report = directory() / "report.json";
        Strings whole{STACK_ORACLE, "--report", report.string()};
        whole.insert(whole.end(), options.begin(), options.end());
        whole.push_back("--");
        whole.insert(whole.end(), command.begin(), command.end());
        outcome_ = run(whole, here(setting));
        return fs::exists(report) ? json::parse(read_file(report)) : json();
    }

    // No stack is wrong, none is missing and none is shorter than it must be; few are guessed, which are
    // those through code without call frame information.
    void expect_right(const json& report, std::uint64_t least_events) {
        ASSERT_FALSE(report.is_null()) << outcome_.err;
        SCOPED_TRACE(outcome_.out + outcome_.err);
        expect_nothing_lost(report);
        const std::uint64_t compared = report.at("compared");
        EXPECT_GE(compared, least_events);
        const json& verdicts = report.at("verdicts");
        for (const char* bad : {"different", "missing", "unconfirmed", "cut_early"})
            EXPECT_EQ(verdicts.at(bad), 0) << bad;
        EXPECT_LE(verdicts.at("guessed").get<std::uint64_t>() * 50, compared);
        RecordProperty("compared", std::to_string(compared));
        // The oracle's own buffer may be too small for a moment, which says nothing about leakcheck.
        RecordProperty("lost_by_the_oracle", report.at("lost").dump());
        RecordProperty("verdicts", verdicts.dump());
    }

    const Outcome& outcome() const { return outcome_; }

  private:
    void expect_nothing_lost(const json& report) {
        EXPECT_EQ(outcome_.status, 0);
        EXPECT_EQ(report.at("command_status"), 0);
        EXPECT_EQ(report.at("unrecorded"), 0);
        EXPECT_EQ(report.at("losses"), json::object());
    }

    Outcome outcome_;
};

// ---- The torture program ------------------------------------------------------------------------

class TorturedStacksTest : public StacksTest, public testing::WithParamInterface<std::string> {};

// One of the variants is run for long; the others differ from it in how they are compiled.
constexpr const char* kLongest = "gcc_O2";
constexpr std::uint64_t kManyEvents = 100'000;
constexpr std::uint64_t kSomeEvents = 4'000;
constexpr std::uint64_t kEventsARound = 9;  // at least, on average
constexpr std::uint64_t kScenarios = 40;    // at least

TEST_P(TorturedStacksTest, AreRight) {
    const std::uint64_t events = events_or(GetParam() == kLongest ? kManyEvents : kSomeEvents);
    const std::uint64_t seed = number_from("LEAKCHECK_ORACLE_SEED", std::random_device()());
    SCOPED_TRACE("LEAKCHECK_ORACLE_SEED=" + std::to_string(seed));
    const std::string rounds = std::to_string(events / kEventsARound);
    const std::string rounds_a_scenario = std::to_string(events / kEventsARound / kScenarios);
    const json report = compare({"--max-events", std::to_string(events * 4)},
                                {program("torture_" + GetParam()), rounds, std::to_string(seed)},
                                {.environment = {{"TORTURE_ROUNDS", rounds_a_scenario},
                                                 {"TORTURE_SEED", std::to_string(seed)}}});
    expect_right(report, events);
}

Strings torture_variants() {
    Strings names;
    std::istringstream list(TORTURE_VARIANTS);
    for (std::string name; list >> name;) names.push_back(name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Variants, TorturedStacksTest, testing::ValuesIn(torture_variants()),
                         [](const auto& variant) { return variant.param; });

TEST_F(StacksTest, CutAtTheDepthLimitAreTheBeginning) {
    const json report = compare({"--stack-depth", "5"}, {program("torture_gcc_O0"), "300", "1"});
    SCOPED_TRACE(outcome().err);
    ASSERT_FALSE(report.is_null());
    EXPECT_EQ(outcome().status, 0);
    const json& verdicts = report.at("verdicts");
    EXPECT_GT(verdicts.at("cut_at_depth"), 1000);
    EXPECT_EQ(verdicts.at("cut_early"), 0);
    EXPECT_EQ(verdicts.at("different"), 0);
}

// ---- Real programs ------------------------------------------------------------------------------

class RealStacksTest : public StacksTest {
  protected:
    // Where the program is not there: `needed` says whether that may be.
    enum class Need { always, where_found };
    void compare_program(const std::string& name, Need need, const Strings& arguments,
                         std::uint64_t every, const Setting& setting = {}) {
        const fs::path found = fs::path(boost::process::search_path(name).string());
        if (found.empty() && need == Need::always) return unavailable(name + " is not installed");
        if (found.empty()) GTEST_SKIP() << name << " is not installed";
        Strings command{found.string()};
        command.insert(command.end(), arguments.begin(), arguments.end());
        const std::uint64_t events = events_or(kSomeEvents);
        const json report =
            compare({"--every", std::to_string(every), "--max-events", std::to_string(events)},
                    command, setting);
        expect_right(report, std::min<std::uint64_t>(events, kSomeEvents / 4));
    }
    std::string write(const std::string& name, const std::string& text) {
        const fs::path path = directory() / name;
        std::ofstream(path) << text;
        return path.string();
    }
};

TEST_F(RealStacksTest, OfCMake) {
    const std::string script = write("script.cmake", R"cmake(
foreach(i RANGE 50)
  string(REGEX REPLACE "([a-z]+)([0-9]+)" "\\2\\1" text "word${i}")
  list(APPEND texts ${text})
  list(SORT texts)
  math(EXPR n "${i} * ${i}")
endforeach()
file(GLOB_RECURSE files ${
        CMAKE_CURRENT_LIST_DIR}/*)
string(JSON value GET "{\"a\": [1, 2, {\"b\": 3}]}" a 2 b)
)cmake");
    compare_program("cmake", Need::always, {"-P", script}, 1);
}

TEST_F(RealStacksTest, OfClang) {
    const std::string source = write("source.cpp", R"(
#include <string>
#include <vector>
std::string join(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += word;
    return all;
}
)");
    compare_program("clang++", Need::always, {"-O1", "-c", source, "-o", "/dev/null"}, 20);
}

TEST_F(RealStacksTest, OfPerl) {
    const std::string script =
        "use POSIX; use Data::Dumper; my %h;"
        "for my $i (1..200) { $h{$i} = [map { sprintf('%d-%s', $_, 'x' x $_) } 1..$i % 9]; }"
        "sub f { my $n = shift; return $n ? [f($n - 1), qr/a$n+/] : {} }"
        "my $text = Dumper(f(20), sort { $a <=> $b } keys %h); $text =~ s/(\\d+)/<$1>/g;";
    compare_program("perl", Need::always, {"-e", script}, 1);
}

TEST_F(RealStacksTest, OfPython) {
    const std::string script =
        "import json, re, collections, functools\n"
        "words = [str(i) * 3 for i in range(200)]\n"
        "text = json.dumps({w: list(w) for w in words})\n"
        "counts = collections.Counter(re.findall('[0-9]+', text))\n"
        "sorted(words, key=functools.cmp_to_key(lambda a, b: len(a + b) % 3 - 1))\n";
    compare_program("python3", Need::where_found, {"-c", script}, 5,
                    {.environment = {{"PYTHONMALLOC", "malloc"}}});
}

TEST_F(RealStacksTest, OfGdb) {
    compare_program("gdb", Need::where_found,
                    {"-batch", "-nx", "-ex", "info functions work", "-ex", "info line main",
                     program("torture_gcc_O0")},
                    20);
}

// ---- Libraries at one address -------------------------------------------------------------------

constexpr std::uint64_t kCycles = 1000;

Strings twins_command() {
    return {program("twins"), program("libtwin_alpha.so"), program("libtwin_omega.so"),
            std::to_string(kCycles)};
}

TEST_F(StacksTest, ThroughLibrariesAtOneAddressAreRight) {
    const json report = compare({}, twins_command());
    EXPECT_EQ(outcome().out, std::to_string(kCycles) + "\n") << "the libraries lay elsewhere";
    expect_right(report, kCycles * 6);
    EXPECT_EQ(report.at("verdicts").at("guessed"), 0);
}

// What twin.cpp says of a block by its size.
struct Twin {
    std::string name;
    std::string root;  // the function of the library that was called from outside
};

std::optional<Twin> twin_of(std::uint64_t size) {
    const std::string name = size / 100 == 11 ? "alpha" : "omega";
    const std::map<std::uint64_t, std::string> roots{
        {0, name + "_begin"}, {1, "work"}, {2, name + "_end"}};
    const auto root = roots.find(size % 100);
    if ((size / 100 != 11 && size / 100 != 22) || root == roots.end()) return std::nullopt;
    return Twin{name, root->second};
}

// The frames in the library, as "function function ...".
std::string frames_in_library(const json& leak) {
    std::string names;
    for (const json& frame : leak.at("stack")) {
        const std::string module =
            frame.at("module").is_string() ? frame.at("module").get<std::string>() : "";
        if (module.find("libtwin_") == std::string::npos) continue;
        names += fs::path(module).stem().string().substr(3) + ":" +
                 frame.at("function").get<std::string>() + " ";
    }
    return names;
}

// All of the blocks of a leak are of one size, and so of one library.
void expect_named_rightly(const json& leak) {
    const std::uint64_t blocks = leak.at("blocks").at("observed");
    const std::uint64_t bytes = leak.at("bytes").at("observed");
    const std::optional<Twin> twin = bytes % blocks == 0 ? twin_of(bytes / blocks) : std::nullopt;
    ASSERT_TRUE(twin) << leak;
    const std::string frames = frames_in_library(leak);
    const std::string own = "twin_" + twin->name + ":";
    const std::string other = twin->name == "alpha" ? "omega" : "alpha";
    EXPECT_EQ(frames.find(other), std::string::npos) << frames;
    EXPECT_NE(frames.find(own + twin->name + "_descend "), std::string::npos) << frames;
    EXPECT_NE(frames.find(own + twin->root + " "), std::string::npos) << frames;
    EXPECT_EQ(leak.at("stack_status"), "complete") << frames;
}

TEST_F(StacksTest, NameTheLibraryThatWasThere) {
    const Traced traced = trace({}, twins_command());
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    for (const json& leak : traced.result.at("leaks")) expect_named_rightly(leak);
    EXPECT_EQ(leaked(traced.result).blocks, kCycles * 6);
    EXPECT_EQ(traced.result.at("losses"), json::object());
}

// ---- Many stacks --------------------------------------------------------------------------------

constexpr unsigned kManyStacks = 60'000;
constexpr std::size_t kBits = 16;

struct CodeRange {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    // Of the call that returns there.
    bool holds_call(std::uint64_t return_address) const {
        return return_address > start && return_address <= end;
    }
};

// The number that the innermost frames spell: nothing where one is in neither function.
std::optional<unsigned> spelled_by(const std::vector<std::uint64_t>& frames, const CodeRange& zero,
                                   const CodeRange& one) {
    unsigned number = 0;
    if (frames.size() < kBits) return std::nullopt;
    for (std::size_t bit = 0; bit < kBits; ++bit) {
        if (one.holds_call(frames[bit]))
            number |= 1u << bit;
        else if (!zero.holds_call(frames[bit]))
            return std::nullopt;
    }
    return number;
}

struct WrittenStack {  // a line of stack_oracle --stacks
    std::uint64_t size = 0;
    std::string status;
    std::vector<std::uint64_t> frames;
};

std::vector<WrittenStack> read_stacks(const fs::path& path) {
    std::vector<WrittenStack> stacks;
    std::ifstream lines(path);
    for (std::string line; std::getline(lines, line);) {
        WrittenStack& stack = stacks.emplace_back();
        std::istringstream words(line);
        words >> stack.size >> stack.status >> std::hex;
        for (std::uint64_t frame = 0; words >> frame;) stack.frames.push_back(frame);
    }
    return stacks;
}

TEST_F(StacksTest, OfManyKindsAreNeitherMixedNorLost) {
    const fs::path written = directory() / "stacks";
    const json report = compare({"--stacks", written.string(), "--max-events", "100000"},
                                {program("many_stacks"), std::to_string(kManyStacks)});
    expect_right(report, kManyStacks);
    EXPECT_GE(report.at("distinct_stacks"), kManyStacks);

    CodeRange zero;
    CodeRange one;
    std::istringstream ranges(outcome().out);
    ranges >> std::hex >> zero.start >> zero.end >> one.start >> one.end;
    ASSERT_TRUE(ranges) << outcome().out;
    std::set<unsigned> seen;
    for (const WrittenStack& stack : read_stacks(written)) {
        const std::optional<unsigned> number = spelled_by(stack.frames, zero, one);
        if (!number) continue;  // the C library's, for standard output
        EXPECT_EQ(*number + 1, stack.size);
        EXPECT_EQ(stack.status, "complete");
        seen.insert(*number);
    }
    EXPECT_EQ(seen.size(), kManyStacks);
}

// The same addresses, in many processes and at many times: kept apart, however many there are.
TEST_F(StacksTest, OfForkedChildrenAreKeptApart) {
    constexpr std::uint64_t kRounds = 100;
    constexpr std::uint64_t kChildren = 1;
    const json report = compare({}, {program("forks_between_unloads"), program("libtwin_alpha.so"),
                                     std::to_string(kRounds), std::to_string(kChildren)});
    expect_right(report, kRounds * kChildren);
}

// ---- Code without call frame information --------------------------------------------------------

TEST_F(StacksTest, ThroughFramePointersAreSaidToBeGuessed) {
    constexpr unsigned kBlocks = 50;
    const json report =
        compare({}, {program("without_tables_but_frame_pointers"), std::to_string(kBlocks)});
    SCOPED_TRACE(outcome().err);
    ASSERT_FALSE(report.is_null());
    EXPECT_EQ(report.at("verdicts").at("guessed"), kBlocks);
    EXPECT_EQ(report.at("verdicts").at("different"), 0);
    const Traced traced =
        trace({}, {program("without_tables_but_frame_pointers"), std::to_string(kBlocks)});
    for (const json& leak : traced.result.at("leaks")) {
        EXPECT_EQ(leak.at("stack_status"), "frame_pointer");
        EXPECT_NE(leak.at("stack").dump().find("\"main\""), std::string::npos) << leak;
    }
}

TEST_F(StacksTest, ByInformationInDebugSectionsAreRight) {
    constexpr unsigned kBlocks = 50;
    const json report =
        compare({}, {program("without_tables_but_debug_frame"), std::to_string(kBlocks)});
    expect_right(report, kBlocks);
    EXPECT_EQ(report.at("verdicts").at("identical"), report.at("compared"));
}

TEST_F(StacksTest, ThroughNothingAreSaidToBeMissing) {
    constexpr unsigned kBlocks = 50;
    const json report = compare({}, {program("without_tables"), std::to_string(kBlocks)});
    SCOPED_TRACE(outcome().err);
    ASSERT_FALSE(report.is_null());
    EXPECT_EQ(report.at("verdicts").at("different"), 0);
    EXPECT_EQ(report.at("verdicts").at("missing"), kBlocks);
}

// ---- Stacks that are not in memory --------------------------------------------------------------

constexpr unsigned kAbsentBlocks = 50;

// Brought in where the kernel can do that from a probe, or said to be truncated.
TEST_F(StacksTest, WithAbsentPagesAreWholeOrSaidToBeTruncated) {
    constexpr std::size_t kFrames = 23;  // at least: descend 21 times, two more
    const Traced traced = trace({}, {program("absent_stack"), std::to_string(kAbsentBlocks)});
    ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
    for (const json& leak : traced.result.at("leaks")) {
        const bool is_whole = leak.at("stack").size() >= kFrames;
        EXPECT_EQ(leak.at("stack_status"), is_whole ? "complete" : "truncated") << leak;
    }
    EXPECT_EQ(leaked(traced.result).blocks, kAbsentBlocks);
}

TEST_F(StacksTest, WithAbsentPagesAreRight) {
    const json report = compare({}, {program("absent_stack"), std::to_string(kAbsentBlocks)});
    SCOPED_TRACE(outcome().err);
    ASSERT_FALSE(report.is_null());
    EXPECT_EQ(outcome().status, 0);
    EXPECT_GE(report.at("compared"), kAbsentBlocks);
    EXPECT_EQ(report.at("verdicts").at("different"), 0);
}

}  // namespace
}  // namespace leakcheck::runtime
