// SPDX-License-Identifier: Apache-2.0
//
// JSON with comments (// and /* */), each part with its place in the text, so that what is wrong with a value
// can be said with line and column. nlohmann/json checks the syntax and decodes; the places are found by walking
// along the text with it. Ownership: plain values. Thread safety: free functions without state.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runner/cli/outcome.hpp"

namespace leakcheck {

// What is wrong at one place of a document. The message has neither place nor line feed.
class JsonError : public std::runtime_error {
  public:
    JsonError(std::size_t offset, const std::string& message)
        : std::runtime_error(message), offset_(offset) {}
    std::size_t offset() const { return offset_; }  // in bytes

  private:
    std::size_t offset_;
};

struct JsonMember;

struct LocatedJson {
    struct Null {};
    struct Number {
        std::string text;  // as written
    };
    using Array = std::vector<LocatedJson>;
    using Object = std::vector<JsonMember>;  // in the order written; no key twice

    std::size_t begin = 0;  // bytes, from the start of the text
    std::size_t end = 0;
    std::variant<Null, bool, Number, std::string, Array, Object> value;

    // "an array", "a string", ...: as it stands behind "not".
    std::string_view type_name() const;
    // Null unless it is an object with that member.
    const LocatedJson* find(std::string_view key) const;
};

struct JsonMember {
    std::string key;
    std::size_t key_begin = 0;
    LocatedJson value;
};

// Throws JsonError: no JSON, a key that is given twice, more than a hundred levels.
LocatedJson parse_located_json(const std::string& text);

// "FILE:LINE:COLUMN: message": lines and columns from 1, columns in characters.
Problem problem_at(const std::string& file, const std::string& text, const JsonError& error);

}  // namespace leakcheck
