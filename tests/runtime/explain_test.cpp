// SPDX-License-Identifier: Apache-2.0
//
// What keeps a block, as the result file and `leakcheck explain` tell it of a real program (programs/held).
#include <algorithm>
#include <fstream>

#include "tests/runtime/harness.hpp"

namespace leakcheck::runtime {
namespace {

using nlohmann::json;

class ExplainTest : public RuntimeTest {
  protected:
    void SetUp() override {
        RuntimeTest::SetUp();
        if (IsSkipped()) return;
        traced_ = trace({"--exit-zero"}, {program("held")});
        ASSERT_FALSE(traced_.result.is_null()) << traced_.outcome.err;
    }

    // The leak whose blocks are of that size.
    const json& leak(std::uint64_t size, const std::string& kind) const {
        static const json none;
        for (const json& one : traced_.result.at("leaks"))
            if (one.at("largest_block") == size && one.at("kind") == kind) return one;
        ADD_FAILURE() << "no " << kind << " leak of " << size << " bytes in "
                      << traced_.result.at("leaks").dump(1);
        return none;
    }
    json path(std::uint64_t size, const std::string& kind = "reachable") const {
        const json& one = leak(size, kind);
        return one.is_null() || one.at("held_by").is_null() ? json() : one.at("held_by");
    }
    Outcome explain(const std::string& which) const {
        Strings command{leakcheck_program(), "explain", (directory() / "result.json").string()};
        if (!which.empty()) command.push_back(which);
        return run(command, here());
    }
    Outcome explain_leak(const json& leak) const {
        return explain(leak.at("fingerprint").get<std::string>());
    }

    Traced traced_;
};

struct Step {
    std::uint64_t bytes;
    std::uint64_t entered_at;
    std::uint64_t pointer_at;
    bool operator==(const Step&) const = default;
};

void PrintTo(const Step& step, std::ostream* out) {
    *out << step.bytes << " bytes, entered at " << step.entered_at << ", pointer at "
         << step.pointer_at;
}

std::vector<Step> steps(const json& path) {
    std::vector<Step> steps;
    for (const json& block : path.at("blocks"))
        steps.push_back({block.at("bytes"), block.at("entered_at"), block.at("pointer_at")});
    return steps;
}

void expect_variable(const json& root, const std::string& kind, const std::string& name,
                     const std::string& type, std::uint64_t offset) {
    EXPECT_EQ(root.at("kind"), kind);
    ASSERT_FALSE(root.at("variable").is_null()) << root.dump(1);
    EXPECT_EQ(root.at("variable").at("name"), name);
    EXPECT_EQ(root.at("variable").at("offset"), offset);
    EXPECT_EQ(root.at("variable").at("type").get<std::string>().substr(0, type.size()), type);
    EXPECT_EQ(root.at("object"), program("held"));
}

// libstdc++'s std::map: the root of the tree is behind the comparison, the colour and their padding; a node has four
// words of its own before key and value.
TEST_F(ExplainTest, AGlobalMapHoldsThroughItsNode) {
    const json held = path(1001);
    ASSERT_FALSE(held.is_null());
    expect_variable(held.at("root"), "static", "shop::catalogue", "std::map<int, void*", 16);
    EXPECT_EQ(steps(held), (std::vector<Step>{{48, 0, 40}, {1001, 0, 0}}));
    const json& site = held.at("blocks")[1].at("site");
    EXPECT_NE(site.at("function").get<std::string>().find("1001"), std::string::npos) << site;
    EXPECT_NE(site.at("line"), nullptr);
}

TEST_F(ExplainTest, ASingletonHoldsThroughItsObject) {
    const json held = path(1002);
    ASSERT_FALSE(held.is_null());
    expect_variable(held.at("root"), "static", "shop::Shop::instance()::the_only",
                    "std::unique_ptr<shop::Shop", 0);
    EXPECT_EQ(steps(held), (std::vector<Step>{{208, 0, 200}, {1002, 0, 0}}));
}

TEST_F(ExplainTest, AStaticMemberHolds) {
    const json held = path(1013);
    ASSERT_FALSE(held.is_null());
    expect_variable(held.at("root"), "static", "shop::Settings::text", "void*", 0);
    EXPECT_EQ(steps(held), (std::vector<Step>{{1013, 0, 0}}));
}

TEST_F(ExplainTest, ALongListIsCutInTheMiddle) {
    const json held = path(1003);
    ASSERT_FALSE(held.is_null());
    expect_variable(held.at("root"), "static", "shop::(anonymous namespace)::make_list()::head",
                    "shop::Node*", 0);
    EXPECT_EQ(held.at("left_out"), 15) << "of 30 nodes and the block";
    EXPECT_EQ(held.at("cut_at"), 8);
    const std::vector<Step> all = steps(held);
    ASSERT_EQ(all.size(), 16u);
    EXPECT_EQ(all[7], (Step{16, 0, 0}));
    EXPECT_EQ(all[14], (Step{16, 0, 8}));
    EXPECT_EQ(all[15], (Step{1003, 0, 0}));
    EXPECT_NE(explain_leak(leak(1003, "reachable")).out.find("15 more blocks"), std::string::npos);
}

TEST_F(ExplainTest, ThreadLocalVariablesHoldInTheirThreads) {
    const json of_main = path(1005);
    ASSERT_FALSE(of_main.is_null());
    expect_variable(of_main.at("root"), "thread_local", "shop::scratch", "std::array<void*, 4", 16);
    EXPECT_EQ(of_main.at("root").at("main_thread"), true);
    const json of_other = path(1004);
    ASSERT_FALSE(of_other.is_null());
    expect_variable(of_other.at("root"), "thread_local", "shop::scratch", "std::array<void*, 4", 8);
    EXPECT_EQ(of_other.at("root").at("main_thread"), false);
    EXPECT_NE(of_other.at("root").at("thread"), of_main.at("root").at("thread"));
}

TEST_F(ExplainTest, TheStackOfARunningThreadHolds) {
    const json held = path(1006);
    ASSERT_FALSE(held.is_null());
    EXPECT_EQ(held.at("root").at("kind"), "stack");
    EXPECT_EQ(held.at("root").at("main_thread"), false);
    EXPECT_EQ(held.at("root").at("thread"), path(1004).at("root").at("thread"));
    EXPECT_EQ(steps(held), (std::vector<Step>{{1006, 0, 0}}));
}

TEST_F(ExplainTest, WhatTheCLibraryKeepsOfAThreadHolds) {
    const json held = path(1011);
    ASSERT_FALSE(held.is_null());
    EXPECT_EQ(held.at("root").at("kind"), "thread");
    EXPECT_EQ(held.at("root").at("main_thread"), true);
}

TEST_F(ExplainTest, MappedMemoryHolds) {
    const json held = path(1012);
    ASSERT_FALSE(held.is_null());
    EXPECT_EQ(held.at("root").at("kind"), "memory");
    const auto address = std::stoull(held.at("root").at("address").get<std::string>(), nullptr, 16);
    EXPECT_EQ(address % 4096, 7u * 8);
}

TEST_F(ExplainTest, AnInteriorPointerSaysWhereItPointsTo) {
    const json held = path(1010, "possible");
    ASSERT_FALSE(held.is_null());
    expect_variable(held.at("root"), "static", "shop::(anonymous namespace)::into_the_middle",
                    "void* volatile", 0);
    EXPECT_EQ(steps(held), (std::vector<Step>{{1010, 500, 0}}));
    EXPECT_NE(traced_.outcome.err.find("kept by shop::(anonymous namespace)::into_the_middle"),
              std::string::npos)
        << traced_.outcome.err;
}

TEST_F(ExplainTest, AnIndirectBlockHangsOnALeakedOne) {
    const json held = path(1007, "indirect");
    ASSERT_FALSE(held.is_null());
    EXPECT_EQ(held.at("root").at("kind"), "lost_block");
    EXPECT_EQ(steps(held), (std::vector<Step>{{72, 0, 8}, {1007, 0, 0}}));
    const Outcome told = explain_leak(leak(1007, "indirect"));
    EXPECT_EQ(told.status, 0) << told.err;
    EXPECT_NE(told.out.find("72 bytes from"), std::string::npos) << told.out;
    EXPECT_NE(told.out.find("at +8 points to"), std::string::npos) << told.out;
}

TEST_F(ExplainTest, ARingIsToldOfADefiniteLeak) {
    const json held = path(1008, "definite");
    ASSERT_FALSE(held.is_null());
    EXPECT_EQ(held.at("root").at("kind"), "ring");
    EXPECT_EQ(steps(held), (std::vector<Step>{{1008, 0, 24}, {1008, 0, 24}}));
}

TEST_F(ExplainTest, NothingIsKnownOfALostBlocksHolder) {
    EXPECT_TRUE(path(1009, "definite").is_null());
    const Outcome told = explain_leak(leak(1009, "definite"));
    EXPECT_EQ(told.status, 0) << told.err;
    EXPECT_NE(told.out.find("Nothing points to it any more"), std::string::npos) << told.out;
}

TEST_F(ExplainTest, PathsAreTheSameWhereEveryAllocationIsTraced) {
    const json counted = path(1001);
    const Traced exact = trace({"-s", "1", "--exit-zero"}, {program("held")});
    ASSERT_FALSE(exact.result.is_null()) << exact.outcome.err;
    traced_ = exact;
    const json traced = path(1001);
    ASSERT_FALSE(traced.is_null());
    EXPECT_EQ(traced.at("root").at("variable"), counted.at("root").at("variable"));
    EXPECT_EQ(steps(traced), steps(counted));
    EXPECT_EQ(traced.at("blocks")[1].at("site").at("line"),
              counted.at("blocks")[1].at("site").at("line"));
}

TEST_F(ExplainTest, ExplainsByNumberAsTheReportCountsThem) {
    const Outcome list = explain("");
    EXPECT_EQ(list.status, 0) << list.err;
    const Outcome first = explain("1");
    EXPECT_EQ(first.status, 0) << first.err;
    EXPECT_TRUE(first.out.starts_with("Leak 1: ")) << first.out;
    EXPECT_EQ(static_cast<std::size_t>(std::count(list.out.begin(), list.out.end(), '\n')),
              traced_.result.at("leaks").size());
}

TEST_F(ExplainTest, WhatIsNotThereIsOneClearError) {
    const Outcome none = explain("no such thing");
    EXPECT_EQ(none.status, 125);
    EXPECT_EQ(none.out, "");
    EXPECT_NE(none.err.find("has no leak 'no such thing'"), std::string::npos) << none.err;
}

}  // namespace
}  // namespace leakcheck::runtime
