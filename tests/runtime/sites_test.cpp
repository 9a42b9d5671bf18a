// SPDX-License-Identifier: Apache-2.0
//
// The site of a leak is the line that a person would name: for programs built in many ways, and for
// the examples.
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

namespace fs = std::filesystem;

using Place = std::string;  // "file:line"

Place place(const std::string& file, std::size_t line) {
    return file + ":" + std::to_string(line);
}

// Calls visit(line, number) for each line of a file.
template <typename Visit>
void for_each_line(const fs::path& file, Visit&& visit) {
    std::ifstream stream(file);
    EXPECT_TRUE(stream) << file;
    std::string line;
    for (std::size_t number = 1; std::getline(stream, line); ++number) visit(line, number);
}

using Markers = std::map<Place, std::string>;  // to the name behind "// leak: " or "// or leak: "

void add_markers(Markers& markers, const fs::path& root, const std::string& file) {
    static const std::regex marker(R"(// (?:or )?leak: ([^(]*[^( ])(?: \(.*\))?$)");
    for_each_line(root / file, [&](const std::string& line, std::size_t number) {
        std::smatch match;
        if (std::regex_search(line, match, marker)) markers[place(file, number)] = match[1];
    });
}

Place site_of(const nlohmann::json& leak) {
    const nlohmann::json& site = leak.at("site");
    if (site.at("file").is_null() || site.at("line").is_null()) return "unknown";
    return place(site.at("file").get<std::string>(), site.at("line").get<std::size_t>());
}

// What the runtime allocates for itself before main is nobody's line.
bool leads_through_project(const nlohmann::json& leak) {
    for (const nlohmann::json& frame : leak.at("stack"))
        if (frame.at("in_project")) return true;
    return false;
}

std::string stack_text(const nlohmann::json& leak) {
    std::ostringstream text;
    text << leak.at("stack_status") << '\n';
    for (const nlohmann::json& frame : leak.at("stack"))
        text << "  " << frame.at("function") << ' ' << frame.at("file") << ':' << frame.at("line")
             << ' ' << frame.at("module") << '\n';
    return text.str();
}

class SitesTest : public RuntimeTest {
  protected:
    // Every leak has a site among those expected, and each name's line, or one of them, is the site
    // of a leak.
    void expect_sites(const std::string& program, const fs::path& root, const Markers& expected,
                      const Strings& options = {}) {
        Strings all{"--source-root", root.string(), "--exit-zero", "--quiet"};
        all.insert(all.end(), options.begin(), options.end());
        const Traced traced = trace(all, {program});
        ASSERT_FALSE(traced.result.is_null()) << traced.outcome.err;
        std::set<std::string> seen;
        for (const nlohmann::json& leak : traced.result.at("leaks")) {
            if (!leads_through_project(leak)) continue;
            const Place site = site_of(leak);
            const auto found = expected.find(site);
            if (found != expected.end()) {
                seen.insert(found->second);
            } else {
                ADD_FAILURE() << "no leak of ours: " << site << '\n' << stack_text(leak);
            }
        }
        for (const auto& [site, name] : expected)
            EXPECT_TRUE(seen.count(name)) << "not found: " << name << " at " << site;
    }
};

class BuildsTest : public SitesTest, public testing::WithParamInterface<std::string> {};

TEST_P(BuildsTest, NameTheMarkedLines) {
    const std::string file = program("sites_" + GetParam());
    if (!fs::exists(file)) GTEST_SKIP() << "no compiler or linker for this build";
    const fs::path root = LEAKCHECK_SITES_SOURCES;
    Markers markers;
    add_markers(markers, root, "sites.cpp");
    add_markers(markers, root, "template.hpp");
    expect_sites(file, root, markers);
}

Strings builds() {
    Strings names;
    for (const std::string compiler : {"gcc", "clang"}) {
        for (const std::string build :
             {"O0", "O0_frames", "O2", "O2_frames", "O2_lto", "O3", "O3_frames", "O3_lto"}) {
            names.push_back(compiler + "_" + build);
        }
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Sites, BuildsTest, testing::ValuesIn(builds()),
                         [](const auto& which) { return which.param; });

TEST_F(SitesTest, NotMyCodeIsPassedOver) {
    const std::string file = program("sites_gcc_O2");
    if (!fs::exists(file)) GTEST_SKIP() << "no compiler for this build";
    const fs::path root = LEAKCHECK_SITES_SOURCES;
    Markers markers;
    add_markers(markers, root, "sites.cpp");
    for_each_line(root / "sites.cpp", [&](const std::string& line, std::size_t number) {
        if (line.find("make_pair_of<long>") == std::string::npos) return;
        markers[place("sites.cpp", number)] = "caller of a template that is not mine";
    });
    expect_sites(file, root, markers, {"--not-my-code", "*.hpp"});
}

TEST_F(SitesTest, PathPrefixesAreMapped) {
    const std::string file = program("sites_gcc_O2");
    if (!fs::exists(file)) GTEST_SKIP() << "no compiler for this build";
    const fs::path sources = LEAKCHECK_SITES_SOURCES;
    const fs::path root = directory() / "project";
    fs::create_directories(root / "src");
    Markers markers;
    for (const std::string name : {"sites.cpp", "template.hpp"}) {
        fs::copy_file(sources / name, root / "src" / name);
        add_markers(markers, root, "src/" + name);
    }
    expect_sites(file, root, markers, {"--path-prefix-map", sources.string() + "=project/src"});
}

// Where examples leak: a file below examples/, and what only the line to be named holds.
struct Example {
    std::string name;
    std::string program;
    std::vector<std::pair<std::string, std::string>> lines;
};

void PrintTo(const Example& example, std::ostream* out) {
    *out << example.name;
}

class ExamplesTest : public SitesTest, public testing::WithParamInterface<Example> {};

TEST_P(ExamplesTest, NameTheLineThatLeaks) {
    const Example& example = GetParam();
    if (example.program.empty()) GTEST_SKIP() << "the examples are not built";
    const fs::path root = LEAKCHECK_EXAMPLE_SOURCES;
    Markers expected;
    for (const auto& [file, code] : example.lines) {
        for_each_line(root / file, [&](const std::string& line, std::size_t number) {
            if (line.find(code) != std::string::npos) expected[place(file, number)] = code;
        });
    }
    EXPECT_EQ(expected.size(), example.lines.size());
    expect_sites(example.program, root, expected);
}

INSTANTIATE_TEST_SUITE_P(
    Sites, ExamplesTest,
    testing::Values(Example{"Inventory",
                            LEAKCHECK_EXAMPLE_INVENTORY,
                            {{"inventory/parser.cpp", "new Item()"},
                             {"inventory/label.c", "malloc("},
                             {"inventory/price_cache.cpp", "new std::vector<Price>()"},
                             {"inventory/price_cache.cpp", "prices->reserve("},
                             {"inventory/tests/warehouse_tests.cpp", "new inventory::Journal()"}}},
                    Example{"PlainProgram",
                            LEAKCHECK_EXAMPLE_PLAIN,
                            {{"plain_program/word_count.cpp", "new Word{"},
                             {"plain_program/word_count.cpp", "= strdup("}}},
                    Example{"WithListener",
                            LEAKCHECK_EXAMPLE_LISTENER,
                            {{"with_listener/session_tests.cpp", "std::malloc(bytes)"},
                             {"with_listener/session_tests.cpp", "new Settings{"}}}),
    [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace leakcheck::runtime
