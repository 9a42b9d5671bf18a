// SPDX-License-Identifier: Apache-2.0
//
// Values as they are in a recording, both ways. Numbers keep their exact value, texts every byte.
// Errors: reading throws RecordingError with the place. Thread safety: free functions without
// state.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace leakcheck {

// The way to a value from the top of the file: "snapshot.processes[3].pid". Refers to its parent.
class Place {
  public:
    Place() = default;
    Place(const Place& parent, const char* member) : parent_(&parent), member_(member) {}
    Place(const Place& parent, std::size_t index) : parent_(&parent), index_(index) {}

    std::string text() const;
    [[noreturn]] void fail(const std::string& problem) const;

  private:
    const Place* parent_ = nullptr;
    const char* member_ = nullptr;
    std::size_t index_ = 0;
};

// What a wrong value is called in a message: its text, cut where long, or its type.
std::string describe_value(const nlohmann::json& value);

// Whole numbers in their range.
std::uint64_t read_unsigned(const nlohmann::json& value, std::uint64_t max, const Place& place);
std::int64_t read_signed(const nlohmann::json& value, std::int64_t min, std::int64_t max,
                         const Place& place);
double read_number(const nlohmann::json& value, const Place& place);
bool read_flag(const nlohmann::json& value, const Place& place);

// A string, or {"bytes": "<hex digits>"} for a text that is not UTF-8.
std::string read_text(const nlohmann::json& value, const Place& place);
nlohmann::json write_text(const std::string& text);

}  // namespace leakcheck
