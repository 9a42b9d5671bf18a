// SPDX-License-Identifier: Apache-2.0
#include "reporters/json_writer.hpp"

namespace leakcheck {
namespace {

constexpr int indent = 2;

std::string dump(const JsonWriter::Json& value) {
    return value.dump(indent, ' ', false, JsonWriter::Json::error_handler_t::replace);
}

}  // namespace

void JsonWriter::begin_object() {
    next_part();
    begin('{');
}

void JsonWriter::element(const Json& item) {
    next_part();
    value(item);
}

void JsonWriter::begin_array(std::string_view name) {
    key(name);
    begin('[');
}

void JsonWriter::member(std::string_view name, const Json& item) {
    key(name);
    value(item);
}

void JsonWriter::members(const Json& object) {
    for (const auto& [name, item] : object.items()) member(name, item);
}

void JsonWriter::begin(char bracket) {
    out_ << bracket;
    ++depth_;
    is_first_ = true;
}

void JsonWriter::end(char bracket) {
    --depth_;
    if (!is_first_) next_line();
    out_ << bracket;
    is_first_ = false;
}

void JsonWriter::next_line() {
    out_ << '\n' << std::string(depth_ * indent, ' ');
}

void JsonWriter::next_part() {
    if (!is_first_) out_ << ',';
    if (depth_ > 0) next_line();
    is_first_ = false;
}

void JsonWriter::key(std::string_view name) {
    next_part();
    out_ << dump(name) << ": ";
}

// Texts in a dump hold no line feeds, so each one begins a line of the layout.
void JsonWriter::value(const Json& item) {
    const std::string text = dump(item);
    std::string_view rest = text;
    for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
        out_ << rest.substr(0, end);
        next_line();
        rest.remove_prefix(end + 1);
    }
    out_ << rest;
}

}  // namespace leakcheck
