// SPDX-License-Identifier: Apache-2.0
#include "runner/unwind/frame_expression.hpp"

#include <dwarf.h>
#include <gtest/gtest.h>

#include <vector>

namespace leakcheck::unwind {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Place = RegisterState::Place;

constexpr std::uint8_t kRbp = DW_OP_breg6;
constexpr std::uint8_t kRsp = DW_OP_breg7;

CfaState cfa(const Bytes& bytes) {
    return recognise_cfa({bytes.data(), bytes.data() + bytes.size()});
}

RegisterState place(const Bytes& bytes) {
    return recognise_place({bytes.data(), bytes.data() + bytes.size()});
}

CfaState expression(std::uint8_t meaning, std::int64_t offset, std::uint8_t addend) {
    return {CfaState::Form::Expression, meaning, addend, 0, offset};
}

const CfaState kUnsupported = expression(LEAKCHECK_CFA_UNSUPPORTED, 0, 0);

Bytes plt(std::uint8_t threshold) {
    return {kRsp,      8,        DW_OP_breg16, 0,         DW_OP_lit15, DW_OP_and,
            threshold, DW_OP_ge, DW_OP_lit3,   DW_OP_shl, DW_OP_plus};
}

TEST(CfaExpression, OfReAlignedFrames) {
    EXPECT_EQ(cfa({kRbp, 0x78, DW_OP_deref}), expression(LEAKCHECK_CFA_DEREF_RBP, -8, 0));
    EXPECT_EQ(cfa({kRsp, 0xa0, 0x01, DW_OP_deref}), expression(LEAKCHECK_CFA_DEREF_RSP, 160, 0));
    EXPECT_EQ(cfa({kRbp, 0x78, DW_OP_deref, DW_OP_plus_uconst, 16}),
              expression(LEAKCHECK_CFA_DEREF_RBP, -8, 16));
    EXPECT_EQ(cfa({kRbp, 0x78, DW_OP_deref, DW_OP_lit8, DW_OP_plus}),
              expression(LEAKCHECK_CFA_DEREF_RBP, -8, 8));
    EXPECT_EQ(cfa({kRsp, 0, DW_OP_deref, DW_OP_plus_uconst, 0xff, 0x01}),
              expression(LEAKCHECK_CFA_DEREF_RSP, 0, 255));
}

TEST(CfaExpression, OfTheProcedureLinkageTable) {
    EXPECT_EQ(cfa(plt(DW_OP_lit11)), expression(LEAKCHECK_CFA_PLT, 8, 11));
    EXPECT_EQ(cfa(plt(DW_OP_lit5)), expression(LEAKCHECK_CFA_PLT, 8, 5));
    EXPECT_EQ(cfa(plt(DW_OP_lit0)), expression(LEAKCHECK_CFA_PLT, 8, 0));
    EXPECT_EQ(cfa(plt(DW_OP_dup)), kUnsupported);
}

TEST(CfaExpression, AnythingElseIsUnsupported) {
    EXPECT_EQ(cfa({}), kUnsupported);
    EXPECT_EQ(cfa({kRbp}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8}), kUnsupported);
    EXPECT_EQ(cfa({DW_OP_breg3, 8, DW_OP_deref}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8, DW_OP_deref, DW_OP_deref}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8, DW_OP_deref, DW_OP_lit8}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8, DW_OP_deref, DW_OP_lit8, DW_OP_minus}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8, DW_OP_deref, DW_OP_lit8, DW_OP_plus, DW_OP_nop}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8, DW_OP_deref, DW_OP_plus_uconst}), kUnsupported);
    EXPECT_EQ(cfa({kRbp, 8, DW_OP_deref, DW_OP_plus_uconst, 0x80, 0x02}), kUnsupported);  // 256
}

TEST(CfaExpression, AllPrefixesOfKnownOnesAreUnsupported) {
    for (const Bytes& whole : {plt(DW_OP_lit11), Bytes{kRbp, 0x78, DW_OP_deref}}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            EXPECT_EQ(cfa(part), kUnsupported) << size;
        }
    }
}

TEST(PlaceExpression, OfRegistersSavedInReAlignedFrames) {
    EXPECT_EQ(place({kRbp, 0}), (RegisterState{Place::AtRbp, 0}));
    EXPECT_EQ(place({kRbp, 0x58}), (RegisterState{Place::AtRbp, -40}));
    EXPECT_EQ(place({kRsp, 0xa8, 0x01}), (RegisterState{Place::AtRsp, 168}));
}

TEST(PlaceExpression, AnythingElseIsElsewhere) {
    const RegisterState elsewhere{Place::Elsewhere, 0};
    EXPECT_EQ(place({}), elsewhere);
    EXPECT_EQ(place({kRbp}), elsewhere);
    EXPECT_EQ(place({DW_OP_breg3, 0}), elsewhere);
    EXPECT_EQ(place({kRbp, 0, DW_OP_deref}), elsewhere);
    EXPECT_EQ(place({kRbp, 0x80, 0x80, 0x80, 0x80, 0x10}), elsewhere);  // beyond 31 bits
}

}  // namespace
}  // namespace leakcheck::unwind
