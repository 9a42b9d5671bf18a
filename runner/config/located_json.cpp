// SPDX-License-Identifier: Apache-2.0
#include "runner/config/located_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace leakcheck {
namespace {

using Json = nlohmann::json;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t deepest = 100;

struct Span {
    std::size_t begin;
    std::size_t end;
};

// Walks along a text from token to token. What was walked over is valid JSON: the parser has seen it first.
class TokenWalk {
  public:
    explicit TokenWalk(std::string_view text) : text_(text) {
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    }

    Span string() {
        const std::size_t begin = find_token();
        for (at_ = begin + 1; at_ < text_.size() && text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\') ++at_;
        return {begin, ++at_};
    }

    // A bracket or brace.
    Span mark() {
        const std::size_t begin = find_token();
        return {begin, ++at_};
    }

    // A number, true, false or null.
    Span word() {
        const std::size_t begin = find_token();
        at_ = std::min(text_.find_first_of(",]}/ \t\r\n", begin), text_.size());
        return {begin, at_};
    }

  private:
    std::size_t find_token() {
        for (;;) {
            at_ = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size());
            const std::string_view rest = text_.substr(at_);
            if (rest.starts_with("//")) {
                skip_past("\n");
            } else if (rest.starts_with("/*")) {
                skip_past("*/");
            } else {
                return at_;
            }
        }
    }

    void skip_past(std::string_view end) {
        const std::size_t found = text_.find(end, at_ + 2);
        at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// nlohmann/json puts its own heading in front: "[...] parse error at line 1, column 2: ".
std::string bare_message(const std::string& what) {
    const std::size_t column = what.find("column ");
    const std::size_t colon = column == std::string::npos ? column : what.find(": ", column);
    return colon == std::string::npos ? what : what.substr(colon + 2);
}

class TreeBuilder : public nlohmann::json_sax<Json> {
  public:
    explicit TreeBuilder(const std::string& text) : text_(text), walk_(text) {}

    LocatedJson take() { return std::move(root_); }

    bool null() override { return add(walk_.word(), LocatedJson::Null{}); }
    bool boolean(bool value) override { return add(walk_.word(), value); }
    bool number_integer(number_integer_t) override { return number(); }
    bool number_unsigned(number_unsigned_t) override { return number(); }
    bool number_float(number_float_t, const string_t&) override { return number(); }
    bool string(string_t& value) override { return add(walk_.string(), std::move(value)); }
    bool binary(binary_t&) override { return false; }  // not in text

    bool start_object(std::size_t) override { return open(LocatedJson::Object{}); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(LocatedJson::Array{}); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        const Span span = walk_.string();
        auto& members = std::get<LocatedJson::Object>(path_.back()->value);
        const bool is_twice = std::any_of(members.begin(), members.end(),
                                          [&](const JsonMember& one) { return one.key == name; });
        if (is_twice) throw JsonError(span.begin, fmt::format("\"{}\" is given twice", name));
        key_ = JsonMember{name, span.begin, {}};
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        throw JsonError(std::min(position > 0 ? position - 1 : 0, text_.size()),
                        "this is no JSON: " + bare_message(error.what()));
    }

  private:
    bool number() {
        const Span span = walk_.word();
        return add(span, LocatedJson::Number{text_.substr(span.begin, span.end - span.begin)});
    }

    // The slot that the next value goes into.
    LocatedJson& slot() {
        if (path_.empty()) return root_;
        LocatedJson& parent = *path_.back();
        if (auto* array = std::get_if<LocatedJson::Array>(&parent.value))
            return array->emplace_back();
        auto& members = std::get<LocatedJson::Object>(parent.value);
        members.push_back(std::move(key_));
        return members.back().value;
    }

    template <typename Value>
    bool add(Span span, Value value) {
        slot() = {span.begin, span.end, std::move(value)};
        return true;
    }

    template <typename Container>
    bool open(Container container) {
        const Span span = walk_.mark();
        if (path_.size() == deepest) throw JsonError(span.begin, "this is nested too deeply");
        LocatedJson& node = slot();
        node = {span.begin, span.end, std::move(container)};
        path_.push_back(&node);
        return true;
    }

    bool close() {
        path_.back()->end = walk_.mark().end;
        path_.pop_back();
        return true;
    }

    const std::string& text_;
    TokenWalk walk_;
    LocatedJson root_;
    std::vector<LocatedJson*> path_;  // containers that are open; only the innermost one grows
    JsonMember key_;
};

}  // namespace

std::string_view LocatedJson::type_name() const {
    constexpr std::array<std::string_view, 6> names{"null",     "true or false", "a number",
                                                    "a string", "an array",      "an object"};
    return names[value.index()];
}

const LocatedJson* LocatedJson::find(std::string_view key) const {
    const auto* members = std::get_if<Object>(&value);
    if (members == nullptr) return nullptr;
    const auto found = std::find_if(members->begin(), members->end(),
                                    [&](const JsonMember& one) { return one.key == key; });
    return found == members->end() ? nullptr : &found->value;
}

LocatedJson parse_located_json(const std::string& text) {
    TreeBuilder builder(text);
    constexpr bool whole_text = true;
    constexpr bool with_comments = true;
    Json::sax_parse(text, &builder, nlohmann::detail::input_format_t::json, whole_text,
                    with_comments);
    return builder.take();
}

Problem problem_at(const std::string& file, const std::string& text, const JsonError& error) {
    const std::string_view before =
        std::string_view(text).substr(0, std::min(error.offset(), text.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto in_line = before.substr(line_begin);
    const auto column = 1 + std::count_if(in_line.begin(), in_line.end(), [](char c) {
                            return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                        });
    return {fmt::format("{}:{}:{}: {}", file, line, column, error.what())};
}

}  // namespace leakcheck
