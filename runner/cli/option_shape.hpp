// SPDX-License-Identifier: Apache-2.0
//
// What values the options take, for those who give them otherwise than on the command line: the configuration
// file and its schema. Ownership: plain values. Thread safety: plain values.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace leakcheck {

// Inclusive.
struct Range {
    std::uint64_t lowest;
    std::uint64_t highest;
};

inline constexpr Range any_number{0, std::numeric_limits<std::uint64_t>::max()};

struct OptionShape {
    enum class Type {
        flag,
        number,  // in `range`
        size,    // bytes
        choice,  // one of `choices`
        text,
        texts,  // may be given several times
        kinds,
        path,
        paths,  // may be given several times
    };

    Type type = Type::text;
    Range range = any_number;
    std::vector<std::string> choices{};
};

using OptionShapes = std::map<std::string, OptionShape>;  // by long name, without dashes

}  // namespace leakcheck
