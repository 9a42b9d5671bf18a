// SPDX-License-Identifier: Apache-2.0
//
// Writes a JSON document part by part, in the layout of nlohmann's dump(2), so that a report of many
// leaks is never whole in memory. Text that is not UTF-8 is repaired. Who calls keeps begin and end
// in pairs. Thread safety: none. Errors: a failing stream is left in its failed state.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>

namespace leakcheck {

class JsonWriter {
  public:
    using Json = nlohmann::ordered_json;

    // `out` outlives this.
    explicit JsonWriter(std::ostream& out) : out_(out) {}

    // Inside of an array, or the document itself.
    void begin_object();
    void element(const Json& value);

    // Inside of an object.
    void begin_array(std::string_view key);
    void member(std::string_view key, const Json& value);
    void members(const Json& object);

    void end_object() { end('}'); }
    void end_array() { end(']'); }

  private:
    void begin(char bracket);
    void end(char bracket);
    void next_line();
    void next_part();
    void key(std::string_view name);
    void value(const Json& value);

    std::ostream& out_;
    std::size_t depth_ = 0;
    bool is_first_ = true;  // in what was begun last
};

}  // namespace leakcheck
