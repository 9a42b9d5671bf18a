// SPDX-License-Identifier: Apache-2.0
#include "reporters/function_name.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "reporters/text.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_input = 65536;   // of a name looked into; the rest is cut first
constexpr std::size_t longest_arguments = 28;  // of a template argument list kept
constexpr std::size_t deepest_nesting = 8;     // of template argument lists looked into

constexpr std::array<std::string_view, 7> defaulted_arguments{"std::allocator<",
                                                              "std::char_traits<",
                                                              "std::less<",
                                                              "std::hash<",
                                                              "std::equal_to<",
                                                              "std::default_delete<",
                                                              "std::pmr::polymorphic_allocator<"};

// Longest first: these hold angle brackets that open or close nothing.
constexpr std::array<std::string_view, 11> angle_operators{"<=>", "<<=", ">>=", "->*", "<<", ">>",
                                                           "<=",  ">=",  "->",  "<",   ">"};

bool is_identifier(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Reads a name from left to right and writes it with its template argument lists shortened.
class TemplateShortener {
  public:
    explicit TemplateShortener(std::string_view name) : name_(name) {}

    // Nothing when the angle brackets do not match.
    std::optional<std::string> run() {
        std::string text = read_until_closed(0, Stop::at_end);
        if (failed_ || position_ != name_.size()) return std::nullopt;
        return text;
    }

  private:
    enum class Stop { at_end, at_argument_end };

    bool at(std::string_view text) const { return name_.substr(position_, text.size()) == text; }

    // Copies up to the end, or up to the comma or '>' that ends the argument being read.
    std::string read_until_closed(std::size_t depth, Stop stop) {
        std::string text;
        int brackets = 0;  // commas and '>' inside (), [] and {} belong to the argument
        while (!failed_ && position_ < name_.size()) {
            const char c = name_[position_];
            if (stop == Stop::at_argument_end && brackets == 0 && (c == ',' || c == '>')) break;
            if (copy_operator(text)) continue;
            if (c == '<' && (brackets == 0 || (!text.empty() && is_identifier(text.back())))) {
                text += read_arguments(depth + 1);
                continue;
            }
            brackets += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
            text += c;
            ++position_;
        }
        return text;
    }

    // "operator<" and its like, and the arrow of a trailing return type.
    bool copy_operator(std::string& text) {
        constexpr std::string_view keyword = "operator";
        if (at("->")) return copy(text, 2);
        if (!at(keyword) || (!text.empty() && is_identifier(text.back()))) return false;
        copy(text, keyword.size());
        for (std::string_view symbol : angle_operators) {
            if (at(symbol)) return copy(text, symbol.size());
        }
        return true;
    }

    bool copy(std::string& text, std::size_t length) {
        text += name_.substr(position_, length);
        position_ += length;
        return true;
    }

    // From '<' to the '>' that closes it.
    std::string read_arguments(std::size_t depth) {
        if (depth > deepest_nesting) return skip_arguments();
        std::vector<std::string> arguments;
        do {
            ++position_;  // '<' or ','
            if (at(" ")) ++position_;
            arguments.push_back(read_until_closed(depth, Stop::at_argument_end));
        } while (!failed_ && position_ < name_.size() && name_[position_] == ',');
        failed_ = failed_ || position_ >= name_.size();
        ++position_;  // '>'
        return joined(arguments);
    }

    // As read_arguments, without looking at what is skipped: so deep, nothing of it would be kept.
    std::string skip_arguments() {
        std::size_t open = 0;
        do {
            if (at("<")) ++open;
            if (at(">")) --open;
            position_ += at("->") ? 2 : 1;
        } while (open > 0 && position_ < name_.size());
        failed_ = failed_ || open > 0;
        return "<...>";
    }

    static std::string joined(std::vector<std::string>& arguments) {
        std::string text;
        for (std::size_t index = 0; index < arguments.size(); ++index) {
            std::string& argument = arguments[index];
            while (!argument.empty() && argument.back() == ' ') argument.pop_back();
            const bool defaulted = std::any_of(
                defaulted_arguments.begin(), defaulted_arguments.end(),
                [&](std::string_view prefix) { return argument.rfind(prefix, 0) == 0; });
            if (index > 0 && defaulted) continue;
            text += (index > 0 ? ", " : "") + argument;
        }
        return text.size() > longest_arguments ? "<...>" : "<" + text + ">";
    }

    std::string_view name_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// "List::append(int, char const*) const" -> "List::append(...) const".
std::string without_parameters(std::string text) {
    const auto close = text.rfind(')');
    if (close == std::string::npos) return text;
    std::size_t depth = 0;
    for (std::size_t at = close + 1; at-- > 0;) {
        if (text[at] == ')') ++depth;
        if (text[at] == '(' && --depth == 0) {
            return text.replace(at, close - at + 1, close - at > 1 ? "(...)" : "()");
        }
    }
    return text;
}

}  // namespace

std::string readable_function(std::string_view demangled, std::size_t limit) {
    const std::string name = cut(single_line(demangled.substr(0, longest_input)), longest_input);
    std::string text = name;
    replace_all(text, "std::__cxx11::", "std::");
    text = TemplateShortener(text).run().value_or(text);
    replace_all(text, "std::basic_string<char>", "std::string");
    if (text.size() > limit) text = without_parameters(std::move(text));
    return cut(std::move(text), limit);
}

}  // namespace leakcheck
