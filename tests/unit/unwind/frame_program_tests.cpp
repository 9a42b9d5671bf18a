// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_program.hpp"

#include <dwarf.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/unwind/fixtures.hpp"

namespace leakcheck::unwind {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Rules = std::map<std::uint64_t, leakcheck_unwind_rule>;  // by address

constexpr std::uint64_t kTable = 0x400;
constexpr CodeRange kRange{0x480, 0x4c0};

ByteReader reader_of(const Bytes& bytes) {
    return {bytes.data(), bytes.data() + bytes.size()};
}

constexpr std::uint8_t advance(int bytes) {
    return static_cast<std::uint8_t>(DW_CFA_advance_loc | bytes);
}
constexpr std::uint8_t offset(int reg) {
    return static_cast<std::uint8_t>(DW_CFA_offset | reg);
}
constexpr std::uint8_t restore(int reg) {
    return static_cast<std::uint8_t>(DW_CFA_restore | reg);
}

leakcheck_unwind_rule rsp(std::int32_t offset) {
    return plain_rule(LEAKCHECK_CFA_RSP, offset);
}
const leakcheck_unwind_rule kUnsupportedRule = plain_rule(LEAKCHECK_CFA_UNSUPPORTED);

class FrameProgramTest : public testing::Test {
  protected:
    FrameProgramTest() {
        common_.data_alignment = -8;
        set_initial({DW_CFA_def_cfa, 7, 8, offset(16), 1});
    }

    bool set_initial(const Bytes& program) {
        common_.initial.reset();
        common_.initial = FrameProgram(common_, {}).run_initial(reader_of(program));
        return common_.initial.has_value();
    }

    // The rules of a function from the address on where each begins.
    Rules run(const Bytes& program) {
        RuleSet rules;
        RowWriter writer;
        const PointerBase pointers{program.data(), 0, {}};
        FrameProgram(common_, pointers).run(reader_of(program), kRange, {writer, rules, kTable});
        Rules found;
        for (const CodeRow& row : writer.take()) found[kTable + row.offset] = rules.rule(row.rule);
        found.erase(kTable);  // before the function
        return found;
    }

    // Of a program that says one thing and does not advance.
    leakcheck_unwind_rule rule_after(const Bytes& program) { return run(program).at(kRange.start); }

    CommonInfo common_;
};

TEST_F(FrameProgramTest, WithoutInstructionsTheInitialStateHolds) {
    EXPECT_EQ(run({}), (Rules{{0x480, rsp(8)}}));
    EXPECT_EQ(run({DW_CFA_nop, DW_CFA_nop}), (Rules{{0x480, rsp(8)}}));
}

TEST_F(FrameProgramTest, APrologueMakesRows) {
    leakcheck_unwind_rule with_rbp = rsp(16);
    with_rbp.rbp = LEAKCHECK_REGISTER_AT_CFA;
    with_rbp.rbp_offset = -16;
    leakcheck_unwind_rule by_rbp = with_rbp;
    by_rbp.cfa = LEAKCHECK_CFA_RBP;
    EXPECT_EQ(run({advance(1), DW_CFA_def_cfa_offset, 16, offset(6), 2, advance(3),
                   DW_CFA_def_cfa_register, 6}),
              (Rules{{0x480, rsp(8)}, {0x481, with_rbp}, {0x484, by_rbp}}));
}

TEST_F(FrameProgramTest, AdvancesByAllSizes) {
    const Bytes grow{DW_CFA_def_cfa_offset, 16};
    const auto begins_at = [&](Bytes program) {
        program.insert(program.end(), grow.begin(), grow.end());
        return run(program).rbegin()->first;
    };
    EXPECT_EQ(begins_at({advance(5)}), 0x485u);
    EXPECT_EQ(begins_at({DW_CFA_advance_loc1, 6}), 0x486u);
    EXPECT_EQ(begins_at({DW_CFA_advance_loc2, 7, 0}), 0x487u);
    EXPECT_EQ(begins_at({DW_CFA_advance_loc4, 8, 0, 0, 0}), 0x488u);
    EXPECT_EQ(begins_at({DW_CFA_MIPS_advance_loc8, 9, 0, 0, 0, 0, 0, 0, 0}), 0x489u);
    EXPECT_EQ(begins_at({DW_CFA_set_loc, 0x8a, 0x04, 0, 0, 0, 0, 0, 0}), 0x48au);
    common_.code_alignment = 4;
    EXPECT_EQ(begins_at({advance(5)}), 0x494u);
}

TEST_F(FrameProgramTest, StopsAtTheEndOfTheFunction) {
    EXPECT_EQ(run({DW_CFA_advance_loc1, 0x40, DW_CFA_def_cfa_offset, 16}),
              (Rules{{0x480, rsp(8)}}));
    EXPECT_EQ(run({DW_CFA_advance_loc2, 0xff, 0xff, 0x3e}), (Rules{{0x480, rsp(8)}}));
}

TEST_F(FrameProgramTest, RemembersAndRestoresTheWholeState) {
    leakcheck_unwind_rule saved = rsp(24);
    saved.rbx = LEAKCHECK_REGISTER_AT_CFA;
    saved.rbx_offset = -24;
    EXPECT_EQ(run({DW_CFA_def_cfa_offset, 24, offset(3), 3, DW_CFA_remember_state, advance(1),
                   DW_CFA_def_cfa_offset, 8, restore(3), advance(1), DW_CFA_restore_state}),
              (Rules{{0x480, saved}, {0x481, rsp(8)}, {0x482, saved}}));
}

TEST_F(FrameProgramTest, RestoresWhatTheCommonProgramSays) {
    ASSERT_TRUE(set_initial({DW_CFA_def_cfa, 7, 8, offset(16), 1, offset(6), 2}));
    leakcheck_unwind_rule initial = rsp(8);
    initial.rbp = LEAKCHECK_REGISTER_AT_CFA;
    initial.rbp_offset = -16;
    EXPECT_EQ(rule_after({DW_CFA_same_value, 6}), rsp(8));
    EXPECT_EQ(rule_after({DW_CFA_same_value, 6, restore(6)}), initial);
    EXPECT_EQ(rule_after({DW_CFA_same_value, 6, DW_CFA_restore_extended, 6}), initial);
    EXPECT_EQ(rule_after({offset(3), 4, restore(3)}), initial);
}

TEST_F(FrameProgramTest, KnowsAllWaysToSayWhereARegisterIs) {
    const auto rbp = [](int kind, std::int32_t offset) {
        leakcheck_unwind_rule rule = rsp(8);
        rule.rbp = static_cast<std::uint8_t>(kind);
        rule.rbp_offset = offset;
        return rule;
    };
    const auto unknown = rbp(LEAKCHECK_REGISTER_UNKNOWN, 0);
    EXPECT_EQ(rule_after({offset(6), 3}), rbp(LEAKCHECK_REGISTER_AT_CFA, -24));
    EXPECT_EQ(rule_after({DW_CFA_offset_extended, 6, 3}), rbp(LEAKCHECK_REGISTER_AT_CFA, -24));
    EXPECT_EQ(rule_after({DW_CFA_offset_extended_sf, 6, 0x7d}), rbp(LEAKCHECK_REGISTER_AT_CFA, 24));
    EXPECT_EQ(rule_after({DW_CFA_GNU_negative_offset_extended, 6, 3}),
              rbp(LEAKCHECK_REGISTER_AT_CFA, 24));
    EXPECT_EQ(rule_after({DW_CFA_expression, 6, 2, DW_OP_breg6, 0x70}),
              rbp(LEAKCHECK_REGISTER_AT_RBP, -16));
    EXPECT_EQ(rule_after({DW_CFA_expression, 6, 2, DW_OP_breg7, 0x08}), unknown);
    EXPECT_EQ(rule_after({DW_CFA_val_expression, 6, 2, DW_OP_breg6, 0x70}), unknown);
    EXPECT_EQ(rule_after({DW_CFA_val_offset, 6, 3}), unknown);
    EXPECT_EQ(rule_after({DW_CFA_val_offset_sf, 6, 0x7d}), unknown);
    EXPECT_EQ(rule_after({DW_CFA_register, 6, 12}), unknown);
    EXPECT_EQ(rule_after({DW_CFA_undefined, 6}), unknown);
    EXPECT_EQ(rule_after({offset(6), 3, DW_CFA_same_value, 6}), rsp(8));
}

TEST_F(FrameProgramTest, TracksRbxAsWell) {
    leakcheck_unwind_rule rule = plain_rule(LEAKCHECK_CFA_RBX, 16);
    rule.rbx = LEAKCHECK_REGISTER_AT_CFA;
    rule.rbx_offset = -16;
    EXPECT_EQ(rule_after({DW_CFA_def_cfa, 3, 16, offset(3), 2}), rule);
    rule = rsp(8);
    rule.rbx = LEAKCHECK_REGISTER_UNKNOWN;
    EXPECT_EQ(rule_after({DW_CFA_undefined, 3}), rule);
}

TEST_F(FrameProgramTest, IgnoresOtherRegistersAndTheSizeOfArguments) {
    EXPECT_EQ(rule_after({offset(12), 3, DW_CFA_undefined, 0x90, 0x01, DW_CFA_GNU_args_size, 16,
                          DW_CFA_expression, 13, 1, DW_OP_nop}),
              rsp(8));
}

TEST_F(FrameProgramTest, KnowsAllWaysToSayWhereTheFrameIs) {
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_sf, 6, 0x7e}), plain_rule(LEAKCHECK_CFA_RBP, 16));
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_offset_sf, 0x7e}), rsp(16));
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_offset, 0x80, 0x80, 0x12}), rsp(294912));
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_expression, 3, DW_OP_breg6, 0x78, DW_OP_deref}),
              plain_rule(LEAKCHECK_CFA_DEREF_RBP, -8));
}

TEST_F(FrameProgramTest, FramesThatCannotBeExpressedAreUnsupported) {
    EXPECT_EQ(rule_after({DW_CFA_def_cfa, 10, 0}), kUnsupportedRule);          // r10
    EXPECT_EQ(rule_after({DW_CFA_def_cfa, 0x87, 0x02, 0}), kUnsupportedRule);  // 263, not 7
    EXPECT_EQ(rule_after({DW_CFA_def_cfa, 10, 0, DW_CFA_def_cfa_register, 7}), rsp(0));
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_offset, 0xff, 0xff, 0xff, 0xff, 0x7f}), kUnsupportedRule);
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_expression, 1, DW_OP_nop}), kUnsupportedRule);
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_expression, 1, DW_OP_nop, DW_CFA_def_cfa_offset, 8}),
              kUnsupportedRule);
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_expression, 1, DW_OP_nop, DW_CFA_def_cfa_register, 7}),
              kUnsupportedRule);
    EXPECT_EQ(rule_after({DW_CFA_def_cfa_expression, 1, DW_OP_nop, DW_CFA_def_cfa, 7, 8}), rsp(8));
}

TEST_F(FrameProgramTest, AReturnAddressElsewhereIsUnsupported) {
    EXPECT_EQ(rule_after({offset(16), 2}), kUnsupportedRule);
    EXPECT_EQ(rule_after({DW_CFA_register, 16, 5}), kUnsupportedRule);
    EXPECT_EQ(rule_after({DW_CFA_same_value, 16}), kUnsupportedRule);
    ASSERT_TRUE(set_initial({DW_CFA_def_cfa, 7, 8}));
    EXPECT_EQ(rule_after({}), kUnsupportedRule);
}

TEST_F(FrameProgramTest, AnUndefinedReturnAddressIsTheEnd) {
    EXPECT_EQ(rule_after({DW_CFA_undefined, 16}), plain_rule(LEAKCHECK_CFA_END));
    EXPECT_EQ(rule_after({DW_CFA_undefined, 16, DW_CFA_def_cfa, 10, 0}),
              plain_rule(LEAKCHECK_CFA_END));
}

Bytes signal_frame(std::uint8_t rbp_low) {
    return {DW_CFA_def_cfa_expression, 4,  DW_OP_breg7, 0xa0,        0x01,    DW_OP_deref,
            DW_CFA_expression,         16, 3,           DW_OP_breg7, 0xa8,    0x01,
            DW_CFA_expression,         3,  3,           DW_OP_breg7, 0x80,    0x01,
            DW_CFA_expression,         6,  3,           DW_OP_breg7, rbp_low, 0x00};
}

TEST_F(FrameProgramTest, RecognisesSignalFrames) {
    common_.kind = FrameKind::Signal;
    EXPECT_EQ(rule_after(signal_frame(0xf8)), plain_rule(LEAKCHECK_CFA_SIGNAL, 160));
    EXPECT_EQ(rule_after(signal_frame(0xf0)), kUnsupportedRule);  // rbp elsewhere
    EXPECT_EQ(rule_after({}), kUnsupportedRule);
    common_.kind = FrameKind::Ordinary;
    EXPECT_EQ(rule_after(signal_frame(0xf8)), kUnsupportedRule);
}

TEST_F(FrameProgramTest, AMalformedProgramLeavesWhatCameBefore) {
    const Bytes good{advance(1), DW_CFA_def_cfa_offset, 16, advance(1), DW_CFA_def_cfa_offset, 24};
    const std::vector<Bytes> endings{
        {0x3e},                                       // no such instruction
        {DW_CFA_restore_state},                       // without a state
        {DW_CFA_def_cfa_offset},                      // without its operand
        {DW_CFA_def_cfa_offset, 0x80},                // cut within it
        {DW_CFA_advance_loc4, 1, 0},                  // likewise
        {DW_CFA_expression, 6, 100, DW_OP_breg6, 0},  // a block that is too long
        {DW_CFA_set_loc, 0, 0, 0, 0, 0, 0, 0, 0},     // back
        {DW_CFA_GNU_window_save},                     // of other machines
        Bytes(100, DW_CFA_remember_state),            // too many
    };
    for (const Bytes& ending : endings) {
        Bytes program = good;
        program.insert(program.end(), ending.begin(), ending.end());
        EXPECT_EQ(run(program),
                  (Rules{{0x480, rsp(8)}, {0x481, rsp(16)}, {0x482, kUnsupportedRule}}))
            << int{ending[0]};
    }
}

TEST_F(FrameProgramTest, ACommonProgramNeitherAdvancesNorRestores) {
    EXPECT_FALSE(set_initial({DW_CFA_def_cfa, 7, 8, advance(1)}));
    EXPECT_FALSE(set_initial({DW_CFA_def_cfa, 7, 8, restore(6)}));
    EXPECT_FALSE(set_initial({DW_CFA_def_cfa, 7}));
    EXPECT_TRUE(set_initial({}));
}

}  // namespace
}  // namespace leakcheck::unwind
