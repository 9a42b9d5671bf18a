// SPDX-License-Identifier: Apache-2.0
//
// The kinds of leaks, compared with those that valgrind and LeakSanitizer give for the same blocks. Where they differ,
// and why, stands in one table here (for users: docs/kinds-compared.md): a difference that is not in it
// fails, and so does one in it that is not seen.
#include <algorithm>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "tests/runtime/harness.hpp"
#include "tests/runtime/programs/kinds/cases.hpp"

namespace leakcheck::runtime {
namespace {

// What a tool says of the blocks, by their names: "Diamond+8" is the block of the case that is 8 bytes larger than
// the case's smallest. Several kinds where there are several blocks of that size.
using Kinds = std::map<std::string, std::set<std::string>>;

// ---- Names of blocks

std::string block_name(std::uint64_t size) {
    if (size == 0) return "NoBytes";
    const std::uint64_t small = size % kinds::large;
    if (small < kinds::first_size) return "";
    const std::uint64_t number = (small - kinds::first_size) / kinds::sizes_of_case;
    const std::string rest =
        "+" + std::to_string((small - kinds::first_size) % kinds::sizes_of_case);
    const std::uint64_t ends = number - std::size(kinds::case_names);
    if (number < std::size(kinds::case_names)) return std::string(kinds::case_names[number]) + rest;
    return ends < std::size(kinds::end_names) ? std::string(kinds::end_names[ends]) + rest : "";
}

std::string case_of(const std::string& block) {
    return block.substr(0, block.find('+'));
}

void add(Kinds& kinds, std::uint64_t size, const std::string& kind) {
    const std::string name = block_name(size);
    if (!name.empty()) kinds[name].insert(kind);
}

std::uint64_t number(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ','), text.end());
    return std::stoull(text);
}

// ---- What the tools say

// The text, since the XML of a process and of its forked children are mixed up.
Kinds kinds_in_valgrinds(const std::string& report) {
    static const std::map<std::string, std::string> names{{"definitely lost", "definite"},
                                                          {"indirectly lost", "indirect"},
                                                          {"possibly lost", "possible"},
                                                          {"still reachable", "reachable"}};
    static const std::regex record(
        R"(==\d+== ([\d,]+)(?: \(([\d,]+) direct, [\d,]+ indirect\))? bytes in ([\d,]+) blocks are )"
        R"((definitely lost|indirectly lost|possibly lost|still reachable))");
    Kinds kinds;
    for (std::sregex_iterator at(report.begin(), report.end(), record), end; at != end; ++at) {
        const std::smatch& match = *at;
        const std::uint64_t bytes = number(match[2].matched ? match[2] : match[1]);
        add(kinds, bytes / number(match[3]), names.at(match[4]));
    }
    return kinds;
}

// It knows only whether a block is leaked.
Kinds kinds_in_sanitizers(const std::string& report) {
    static const std::regex record(
        R"((?:Direct|Indirect) leak of (\d+) byte\(s\) in (\d+) object)");
    Kinds kinds;
    for (std::sregex_iterator at(report.begin(), report.end(), record), end; at != end; ++at)
        add(kinds, number((*at)[1]) / number((*at)[2]), "leaked");
    return kinds;
}

Kinds kinds_in(const nlohmann::json& result) {
    Kinds kinds;
    for (const auto& leak : result.at("leaks")) {
        const auto bytes = leak.at("bytes").at("observed").get<std::uint64_t>();
        add(kinds, bytes / leak.at("blocks").at("observed").get<std::uint64_t>(), leak.at("kind"));
    }
    return kinds;
}

Kinds leaked_of(const Kinds& kinds) {
    Kinds leaked;
    for (const auto& [block, some] : kinds)
        if (some.contains("definite") || some.contains("indirect")) leaked[block] = {"leaked"};
    return leaked;
}

// ---- The differences

enum class Tool { valgrind, sanitizer };

struct Difference {
    Tool tool;
    const char* block;
    std::set<std::string> theirs;
    std::set<std::string> ours;
    const char* reason;
};

constexpr const char* libc_freed =
    "valgrind has the C library free its own memory before it looks (__libc_freeres)";
constexpr const char* lowest_leads =
    "in a ring the block at the lowest address leads, and valgrind's allocator gives other ones";
constexpr const char* mapped_memory =
    "LeakSanitizer takes no pointers from memory that the program has mapped itself";
constexpr const char* only_at_exit = "LeakSanitizer only looks when exit() is called";
constexpr const char* in_both =
    "a block that a child inherits is told of once, as the parent's; the others tell of it in the "
    "child, too, where it is lost";

const Difference differences[] = {
    {Tool::valgrind, "MapLeaked+0", {"indirect"}, {"definite"}, lowest_leads},
    {Tool::valgrind, "MapLeaked+40", {"definite", "indirect"}, {"indirect"}, lowest_leads},
    {Tool::valgrind, "Putenv+0", {"definite"}, {"reachable"}, libc_freed},
    {Tool::valgrind, "FileBuffer+0", {"definite"}, {"reachable"}, libc_freed},
    {Tool::valgrind,
     "ReadOnlyPage+0",
     {"definite"},
     {"reachable"},
     "valgrind takes no pointers from memory that is read-only now, though it was written"},
    {Tool::valgrind,
     "AlternateStack+8",
     {"definite"},
     {"reachable"},
     "valgrind knows which words of a block that served as a stack are given up"},
    {Tool::valgrind,
     "RunningThreadVector+0",
     {"definite"},
     {"reachable"},
     "valgrind takes no pointers from vector registers"},
    {Tool::valgrind, "InheritedByChild+0", {"definite", "reachable"}, {"reachable"}, in_both},
    {Tool::valgrind, "InheritedByChild+8", {"indirect", "reachable"}, {"reachable"}, in_both},
    {Tool::sanitizer,
     "NoBytes",
     {},
     {"leaked"},
     "to LeakSanitizer a block of no bytes is one of one byte: the size by which it is known here"},
    {Tool::sanitizer, "AnonymousMemory+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer, "SharedAnonymousMemory+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer, "Memfd+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer, "SystemVSharedMemory+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer, "PrivateFile+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer, "ReadOnlyPage+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer, "PoolOnMmap+0", {"leaked"}, {}, mapped_memory},
    {Tool::sanitizer,
     "ResultNotJoined+0",
     {"leaked"},
     {},
     "LeakSanitizer forgets the result of a thread that may still be joined"},
    {Tool::sanitizer,
     "ThreadArgument+0",
     {"leaked"},
     {},
     "the C library keeps a thread's argument; LeakSanitizer puts its own in that place"},
    {Tool::sanitizer, "UnderscoreExit+16", {}, {"leaked"}, only_at_exit},
    {Tool::sanitizer, "UnderscoreExit+24", {}, {"leaked"}, only_at_exit},
    {Tool::sanitizer, "QuickExit+16", {}, {"leaked"}, only_at_exit},
    {Tool::sanitizer, "QuickExit+24", {}, {"leaked"}, only_at_exit},
    {Tool::sanitizer, "ForkedChildAddsToInherited+96", {}, {"leaked"}, only_at_exit},
    {Tool::sanitizer, "ForkedChildAddsToInherited+104", {}, {"leaked"}, only_at_exit},
    {Tool::sanitizer, "InheritedByChild+0", {"leaked"}, {}, in_both},
    {Tool::sanitizer, "InheritedByChild+8", {"leaked"}, {}, in_both},
};

const Difference* known_difference(Tool tool, const std::string& block) {
    const auto* const found =
        std::find_if(std::begin(differences), std::end(differences),
                     [&](const Difference& one) { return one.tool == tool && one.block == block; });
    return found == std::end(differences) ? nullptr : found;
}

std::set<std::string> at(const Kinds& kinds, const std::string& block) {
    const auto found = kinds.find(block);
    return found == kinds.end() ? std::set<std::string>{} : found->second;
}

void expect_equal(Tool tool, const std::string& block, const std::set<std::string>& theirs,
                  const std::set<std::string>& ours) {
    SCOPED_TRACE(block);
    const Difference* const known = known_difference(tool, block);
    EXPECT_EQ(ours, known == nullptr ? theirs : known->ours);
    if (known == nullptr) return;
    EXPECT_EQ(theirs, known->theirs) << "the table says: " << known->reason;
    EXPECT_NE(theirs, ours) << "no difference any more: " << known->reason;
}

// `cases`: those that the program has planted.
void compare(Tool tool, const Kinds& theirs, const Kinds& ours,
             const std::set<std::string>& cases) {
    std::set<std::string> blocks;
    for (const Kinds* kinds : {&theirs, &ours})
        for (const auto& [block, some] : *kinds) blocks.insert(block);
    for (const Difference& difference : differences)
        if (difference.tool == tool && cases.contains(case_of(difference.block)))
            blocks.insert(difference.block);
    for (const std::string& block : blocks)
        expect_equal(tool, block, at(theirs, block), at(ours, block));
}

// Cases whose blocks are all freed: nobody must tell of any.
bool frees_all(const std::string& name) {
    static const std::set<std::string> names{"FreedByStaticDestructor", "FreedByAtexit",
                                             "ThreadLocalObject", "EndedThreadObject"};
    return names.contains(name);
}

void expect_all_planted(const Kinds& kinds, const std::set<std::string>& cases) {
    std::set<std::string> seen;
    for (const auto& [block, some] : kinds) seen.insert(case_of(block));
    for (const std::string& name : cases) EXPECT_EQ(seen.contains(name), !frees_all(name)) << name;
}

// ---- Runs

// Valgrind takes registers and what is left on stacks for pointers as well, so that once in a while a lost block is
// possibly lost to it: what it says twice is its answer.
Kinds valgrinds_answer(const Strings& command) {
    constexpr int most_runs = 5;
    std::vector<Kinds> answers;
    for (int i = 0; i < most_runs; ++i) {
        answers.push_back(kinds_in_valgrinds(run(command).err));
        if (std::count(answers.begin(), answers.end(), answers.back()) == 2) break;
    }
    return answers.back();
}

class KindsTest : public RuntimeTest {
  protected:
    void compare_with_valgrind(const Strings& command, const std::set<std::string>& cases) {
        if (run({"sh", "-c", "command -v valgrind"}).status != 0)
            return unavailable("valgrind is not installed");
        Strings whole{"valgrind", "--leak-check=full", "--show-leak-kinds=all",
                      "--trace-children=yes"};
        whole.insert(whole.end(), command.begin(), command.end());
        const Kinds theirs = valgrinds_answer(whole);
        expect_all_planted(theirs, cases);
        for (const char* mode : {"counted", "1:1"}) {
            SCOPED_TRACE(mode);
            compare(Tool::valgrind, theirs, kinds_of(command, mode), cases);
        }
    }

    void compare_with_sanitizer(const Strings& command, const std::set<std::string>& cases) {
        Strings sanitized = command;
        sanitized[0] += "_lsan";
        const Outcome outcome =
            run(sanitized, {.environment = {{"LSAN_OPTIONS", "exitcode=0:max_leaks=0"}}});
        compare(Tool::sanitizer, kinds_in_sanitizers(outcome.err),
                leaked_of(kinds_of(command, "counted")), cases);
    }

  private:
    // The program does not notice that it is looked at.
    Kinds kinds_of(const Strings& command, const std::string& mode) {
        const Outcome alone = run(command);
        const Traced traced =
            trace({"--sampling", mode, "--no-confirm", "--exit-zero", "--quiet"}, command);
        EXPECT_EQ(traced.outcome.status, alone.status);
        EXPECT_EQ(traced.outcome.out, alone.out);
        EXPECT_FALSE(traced.result.is_null()) << traced.outcome.err;
        return traced.result.is_null() ? Kinds{} : kinds_in(traced.result);
    }
};

class PlantedKindsTest : public KindsTest {
  protected:
    static Strings command() {
        return {program("kinds_kinds"), program("kinds_library.so"),
                program("kinds_library_to_close.so")};
    }
    static std::set<std::string> cases() {
        return {std::begin(kinds::case_names), std::end(kinds::case_names)};
    }
};

TEST_F(PlantedKindsTest, EqualValgrinds) {
    compare_with_valgrind(command(), cases());
}

TEST_F(PlantedKindsTest, EqualLeakSanitizers) {
    compare_with_sanitizer(command(), cases());
}

class EndKindsTest : public KindsTest, public testing::WithParamInterface<std::string_view> {
  protected:
    static Strings command() { return {program("kinds_ends"), std::string(GetParam())}; }
};

TEST_P(EndKindsTest, EqualValgrinds) {
    compare_with_valgrind(command(), {std::string(GetParam())});
}

TEST_P(EndKindsTest, EqualLeakSanitizers) {
    compare_with_sanitizer(command(), {std::string(GetParam())});
}

INSTANTIATE_TEST_SUITE_P(Ends, EndKindsTest, testing::ValuesIn(kinds::end_names),
                         [](const auto& which) { return std::string(which.param); });

}  // namespace
}  // namespace leakcheck::runtime
