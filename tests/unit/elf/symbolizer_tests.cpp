// SPDX-License-Identifier: Apache-2.0
//
// Programs print where they were called from (fixtures/note.hpp); the symbolizer has to say the
// same.
#include "runner/elf/symbolizer.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>

#include "tests/unit/elf/fixtures.hpp"

namespace leakcheck {
namespace {

using test::fixture;
using test::MappedFile;
using test::NotedCall;

SymbolizerOptions options() {
    return {LEAKCHECK_FIXTURE_SOURCES, {}, {fixture("debug")}};
}

// What the function of each noted call is called; a part of the name where compilers differ.
const std::map<std::string, std::string>& function_names() {
    static const std::map<std::string, std::string> names{
        {"constructor", "shop::Basket::Basket(int)"},
        {"member", "shop::Basket::add(int)"},
        {"static_member", "shop::Basket::tidy(char const*)"},
        {"template", "void shop::weigh<float>(float)"},
        {"anonymous_namespace", "(anonymous namespace)::hidden(int)"},
        {"inlined", "outer(long)"},
        {"lambda", "operator()(int) const"},
        {"local_class", "Local::act(int)"},
        {"recursive", "plain_c"},
        {"c", "plain_c"},
        {"main", "main"},
    };
    return names;
}

void expect_line(const Frame& frame, const NotedCall& call, std::size_t depth) {
    const bool in_c = call.name == "c" || call.name == "recursive";
    EXPECT_EQ(frame.file, in_c ? "calls_c.c" : "calls.cpp") << call.name;
    EXPECT_EQ(frame.line, call.lines[depth]) << call.name;
    EXPECT_TRUE(frame.in_project) << call.name;
}

void expect_inlined(const std::vector<Frame>& frames, const NotedCall& call) {
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_EQ(frames[0].function.str().find("(anonymous namespace)::inner"), 0U)
        << frames[0].function;
    EXPECT_EQ(frames[1].function.str().find("(anonymous namespace)::middle"), 0U)
        << frames[1].function;
    for (std::size_t depth = 0; depth < 3; ++depth) {
        expect_line(frames[depth], call, depth);
        EXPECT_EQ(frames[depth].inlined, depth < 2);
        EXPECT_EQ(frames[depth].address, call.address);
    }
}

class DebugInformation : public testing::TestWithParam<const char*> {};

TEST_P(DebugInformation, GivesFunctionFileLineAndInlinedCalls) {
    SKIP_WITHOUT(GetParam());
    const std::vector<NotedCall> calls = test::noted_calls(fixture(GetParam()));
    ASSERT_EQ(calls.size(), function_names().size());
    MappedFile program(fixture(GetParam()), options());
    for (const NotedCall& call : calls) {
        const std::vector<Frame> frames = program.frames_at(call.address);
        ASSERT_FALSE(frames.empty());
        const Frame& outer = frames.back();
        EXPECT_NE(outer.function.str().find(function_names().at(call.name)), std::string::npos)
            << call.name << ": " << outer.function;
        EXPECT_FALSE(outer.inlined);
        EXPECT_EQ(outer.module.str(), fixture(GetParam()));
        if (call.name == "inlined") {
            expect_inlined(frames, call);
        } else {
            ASSERT_EQ(frames.size(), 1U) << call.name;
            expect_line(outer, call, 0);
        }
    }
    EXPECT_TRUE(program.symbolizer().warnings().empty());
}

INSTANTIATE_TEST_SUITE_P(Builds, DebugInformation,
                         testing::Values("calls_pie", "calls_fixed", "calls_unoptimised",
                                         "calls_dwarf4", "calls_compressed", "calls_lto",
                                         "calls_sections", "calls_mapped", "calls_split",
                                         "calls_static", "calls_clang", "calls_debuglink",
                                         "calls_buildid", "calls_dwz", "calls_dwz2"),
                         [](const auto& build) { return std::string(build.param); });

TEST(Symbolizer, ReadsLineTablesWithoutTypes) {
    SKIP_WITHOUT("calls_clang_lines");
    MappedFile program(fixture("calls_clang_lines"), options());
    for (const NotedCall& call : test::noted_calls(fixture("calls_clang_lines"))) {
        const std::vector<Frame> frames = program.frames_at(call.address);
        ASSERT_EQ(frames.size(), call.name == "inlined" ? 3U : 1U) << call.name;
        for (std::size_t depth = 0; depth < frames.size(); ++depth) {
            expect_line(frames[depth], call, depth);
        }
        EXPECT_NE(frames.back().function.str().find(function_names().at(call.name)),
                  std::string::npos)
            << call.name << ": " << frames.back().function;
    }
}

class SymbolsOnly : public testing::TestWithParam<const char*> {};

TEST_P(SymbolsOnly, GiveTheFunctionAlone) {
    MappedFile program(fixture(GetParam()), options());
    const bool stripped = std::string(GetParam()) == "calls_stripped";
    for (const NotedCall& call : test::noted_calls(fixture(GetParam()))) {
        const std::vector<Frame> frames = program.frames_at(call.address);
        ASSERT_EQ(frames.size(), 1U) << call.name;
        const std::string& function = frames[0].function;
        const bool exported = function_names().at(call.name).find("shop::") != std::string::npos;
        if (!stripped || exported) {
            EXPECT_NE(function.find(function_names().at(call.name)), std::string::npos)
                << call.name << ": " << function;
        } else if (call.name == "c" || call.name == "anonymous_namespace") {
            // Not exported: better no name than that of the function before it.
            EXPECT_EQ(function, "") << call.name;
        }
        EXPECT_TRUE(frames[0].file.empty());
        EXPECT_EQ(frames[0].line, 0U);
        EXPECT_FALSE(frames[0].in_project);
        EXPECT_EQ(frames[0].address, call.address);
    }
}

INSTANTIATE_TEST_SUITE_P(Builds, SymbolsOnly,
                         testing::Values("calls_symbols", "calls_exporting", "calls_stripped"),
                         [](const auto& build) { return std::string(build.param); });

TEST(Symbolizer, TellsTheBuildId) {
    const std::uint64_t address = test::noted_calls(fixture("calls_buildid")).front().address;
    MappedFile program(fixture("calls_buildid"));
    EXPECT_EQ(program.frames_at(address)[0].build_id, "1122334455667788990011223344556677889900");
    MappedFile without(fixture("calls_symbols"));
    EXPECT_EQ(without.frames_at(address)[0].build_id, "");
}

TEST(Symbolizer, FindsDebugFilesOnlyInTheGivenDirectories) {
    const std::uint64_t address = test::noted_calls(fixture("calls_buildid")).front().address;
    MappedFile with(fixture("calls_buildid"), options());
    EXPECT_NE(with.frames_at(address)[0].line, 0U);
    MappedFile without(fixture("calls_buildid"), {LEAKCHECK_FIXTURE_SOURCES, {}, {}});
    EXPECT_EQ(without.frames_at(address)[0].line, 0U);
}

TEST(Symbolizer, RefusesADebugFileOfAnotherBuild) {
    const test::TemporaryDirectory directory;
    const std::uint64_t address = test::noted_calls(fixture("calls_debuglink")).front().address;
    const auto program = directory.path() / "calls_debuglink";
    std::filesystem::copy_file(fixture("calls_debuglink"), program);
    std::string debug_file = test::read_file(fixture("calls_debuglink.debug"));
    debug_file += '\0';  // the checksum no longer fits
    directory.write("calls_debuglink.debug", debug_file);
    MappedFile mapped(program, options());
    EXPECT_EQ(mapped.frames_at(address)[0].line, 0U);
}

// A server of debug files, as far as libdebuginfod needs one: a folder named by a file:// address.
class DebugServer {
  public:
    DebugServer() {
        const auto served = files_.path() / "buildid/1122334455667788990011223344556677889900";
        std::filesystem::create_directories(served);
        std::filesystem::copy_file(
            fixture("debug/.build-id/11/22334455667788990011223344556677889900.debug"),
            served / "debuginfo");
        setenv("DEBUGINFOD_CACHE_PATH", (files_.path() / "cache").c_str(), 1);
    }
    ~DebugServer() {
        unsetenv("DEBUGINFOD_URLS");
        unsetenv("DEBUGINFOD_CACHE_PATH");
    }
    DebugServer(const DebugServer&) = delete;
    DebugServer& operator=(const DebugServer&) = delete;

    std::string address() const { return "file://" + files_.path().string(); }

  private:
    test::TemporaryDirectory files_;
};

TEST(Symbolizer, AsksAServerOfDebugFilesOnlyWhereTheEnvironmentNamesOne) {
    const std::unique_ptr<void, int (*)(void*)> library(dlopen("libdebuginfod.so.1", RTLD_LAZY),
                                                        dlclose);
    if (library == nullptr) GTEST_SKIP() << "libdebuginfod is not installed";
    const DebugServer server;
    const std::uint64_t address = test::noted_calls(fixture("calls_buildid")).front().address;
    const SymbolizerOptions no_directories{LEAKCHECK_FIXTURE_SOURCES, {}, {}};
    unsetenv("DEBUGINFOD_URLS");
    EXPECT_EQ(MappedFile(fixture("calls_buildid"), no_directories).frames_at(address)[0].line, 0U);
    setenv("DEBUGINFOD_URLS", server.address().c_str(), 1);
    EXPECT_NE(MappedFile(fixture("calls_buildid"), no_directories).frames_at(address)[0].line, 0U);
}

TEST(Symbolizer, MapsPathPrefixes) {
    const std::uint64_t address = test::noted_calls(fixture("calls_pie")).front().address;
    MappedFile program(fixture("calls_pie"),
                       {"/home/dev/shop", {{LEAKCHECK_FIXTURE_SOURCES, "/home/dev/shop/src"}}, {}});
    const Frame frame = program.frames_at(address)[0];
    EXPECT_EQ(frame.file, "src/calls.cpp");
    EXPECT_TRUE(frame.in_project);
}

TEST(Symbolizer, ShowsFilesOutsideTheProjectByTheirAbsolutePath) {
    const std::uint64_t address = test::noted_calls(fixture("calls_pie")).front().address;
    MappedFile program(fixture("calls_pie"), {"/nonexistent/project", {}, {}});
    const Frame frame = program.frames_at(address)[0];
    EXPECT_EQ(frame.file, std::string(LEAKCHECK_FIXTURE_SOURCES) + "/calls.cpp");
    EXPECT_FALSE(frame.in_project);
}

TEST(Symbolizer, AnswersTheSameTwice) {
    MappedFile program(fixture("calls_pie"), options());
    for (const NotedCall& call : test::noted_calls(fixture("calls_pie"))) {
        const std::vector<Frame> first = program.frames_at(call.address);
        const std::vector<Frame> second = program.frames_at(call.address);
        ASSERT_EQ(first.size(), second.size());
        EXPECT_EQ(first[0].function, second[0].function);
        EXPECT_EQ(first[0].line, second[0].line);
    }
}

}  // namespace
}  // namespace leakcheck
