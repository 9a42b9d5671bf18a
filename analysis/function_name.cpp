// SPDX-License-Identifier: Apache-2.0
#include "analysis/function_name.hpp"

#include <array>
#include <cctype>

namespace leakcheck {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

char closer_of(char c) {
    switch (c) {
        case '(':
            return ')';
        case '<':
            return '>';
        case '[':
            return ']';
        case '{':
            return '}';
        default:
            return '\0';
    }
}

// Walks a signature from the left, keeping where the last word outside all brackets begins.
class SignatureScanner {
  public:
    explicit SignatureScanner(std::string_view text) : text_(text) {}

    std::string_view name() {
        while (at_ < text_.size()) {
            if (at_operator()) {
                skip_operator();
            } else if (text_[at_] == '(') {
                const std::size_t opening = at_;
                if (!parentheses_belong_to_name()) return text_.substr(start_, opening - start_);
            } else if (closer_of(text_[at_]) != '\0') {
                skip_balanced();
            } else if (text_[at_++] == ' ') {
                start_ = at_;
            }
        }
        return text_.substr(start_);
    }

  private:
    bool rest_starts_with(std::string_view prefix) const {
        return text_.substr(at_, prefix.size()) == prefix;
    }

    bool at_operator() const {
        constexpr std::string_view keyword = "operator";
        if (!rest_starts_with(keyword) || (at_ > 0 && is_word(text_[at_ - 1]))) return false;
        const std::size_t after = at_ + keyword.size();
        return after < text_.size() && !is_word(text_[after]);
    }

    // Past "operator" and the brackets that are part of its symbol; a conversion's type, "new",
    // "delete" and literal suffixes reach up to the parameters.
    void skip_operator() {
        static constexpr std::array<std::string_view, 13> symbols = {
            "()", "[]", "<=>", "->*", "<<=", ">>=", "->", "<<", ">>", "<=", ">=", "<", ">"};
        at_ += std::string_view("operator").size();
        if (text_[at_] == ' ' || text_[at_] == '"') {
            at_ = std::min(text_.find('(', at_), text_.size());
            return;
        }
        for (const std::string_view symbol : symbols) {
            if (!rest_starts_with(symbol)) continue;
            at_ += symbol.size();
            break;
        }
        if (rest_starts_with(" <")) ++at_;  // "operator<< <char>"
    }

    // From an opening bracket to behind its closing one. Comparison signs inside parentheses are no
    // brackets. Iterative, since nesting is as deep as the input says.
    void skip_balanced() {
        std::string closers;
        do {
            if (at_operator()) {
                skip_operator();
                continue;
            }
            const char c = text_[at_];
            const bool in_parentheses = !closers.empty() && closers.back() == ')';
            if (const char closer = closer_of(c); closer != '\0' && !(c == '<' && in_parentheses)) {
                closers.push_back(closer);
            } else if (!closers.empty() && c == closers.back() && !is_arrow()) {
                closers.pop_back();
            }
            ++at_;
        } while (at_ < text_.size() && !closers.empty());
    }

    bool is_arrow() const { return text_[at_] == '>' && at_ > 0 && text_[at_ - 1] == '-'; }

    // Parentheses of "(anonymous namespace)", "decltype(...)" and of a function around a local name
    // ("f(int) const::Local::g()"); any others are the parameter list.
    bool parentheses_belong_to_name() {
        const std::string_view word = text_.substr(start_, at_ - start_);
        skip_balanced();
        if (word.empty() || word == "decltype") return true;
        while (skip_qualifier()) {
        }
        return rest_starts_with("::");
    }

    bool skip_qualifier() {
        for (const std::string_view qualifier : {" const", " volatile", " &&", " &"}) {
            if (!rest_starts_with(qualifier)) continue;
            at_ += qualifier.size();
            return true;
        }
        if (!rest_starts_with("[abi:")) return false;
        skip_balanced();
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t start_ = 0;
};

bool is_clone_suffix(std::string_view text) {
    for (const std::string_view name :
         {".constprop", ".isra", ".part", ".cold", ".lto_priv", ".localalias", ".llvm"}) {
        if (text.substr(0, name.size()) != name) continue;
        if (text.size() == name.size() || text[name.size()] == '.') return true;
    }
    return false;
}

std::string_view without_suffixes(std::string_view name) {
    name = name.substr(0, name.find(" [clone "));
    if (const std::size_t version = name.find('@'); version != 0) name = name.substr(0, version);
    for (std::size_t dot = name.find('.'); dot != npos; dot = name.find('.', dot + 1)) {
        if (is_clone_suffix(name.substr(dot))) return name.substr(0, dot);
    }
    return name;
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// Whether the digits at `at` number an entity without a name: "#2}".
bool numbers_the_nameless(std::string_view name, std::size_t at) {
    if (at == 0 || name[at - 1] != '#') return false;
    const std::size_t after = name.find_first_not_of("0123456789", at);
    return after != npos && name[after] == '}';
}

// The length of a balanced text that begins with a bracket of its own: "{...}" or "<...>"; 0 if it does not end.
std::size_t balanced_length(std::string_view text, char open, char close) {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == open) ++depth;
        if (text[at] == close && --depth == 0) return at + 1;
    }
    return 0;
}

// The length of a lambda's name at the beginning of `text`; 0 if there is none.
std::size_t lambda_length(std::string_view text) {
    if (text.starts_with("$_") && text.size() > 2 && is_digit(text[2]))
        return std::min(text.find_first_not_of("0123456789", 2), text.size());
    if (text.starts_with("{lambda(")) return balanced_length(text, '{', '}');
    if (text.starts_with("<lambda(")) return balanced_length(text, '<', '>');
    return 0;
}

// Whether the whole name is the call operator of a lambda.
bool calls_lambda(std::string_view name) {
    constexpr std::string_view call = "::operator()";
    const std::size_t at = name.rfind(call);
    if (at == npos) return false;
    const std::string_view behind = name.substr(at + call.size());
    if (!behind.empty() && behind.front() != '<') return false;
    const std::string_view closure = name.substr(0, at);
    if (closure.ends_with("(anonymous)")) return true;
    for (std::size_t begin = 0; begin < closure.size(); ++begin)
        if (lambda_length(closure.substr(begin)) == closure.size() - begin) return true;
    return false;
}

}  // namespace

std::string_view qualified_name(std::string_view function) {
    return SignatureScanner(function).name();
}

std::string stable_name(std::string_view function) {
    const std::string_view name = qualified_name(without_suffixes(function));
    if (calls_lambda(name)) return "{lambda}";
    std::string stable;
    for (std::size_t at = 0; at < name.size();) {
        if (const std::size_t length = lambda_length(name.substr(at)); length > 0) {
            stable += "$_";
            at += length;
        } else if (is_digit(name[at]) && numbers_the_nameless(name, at)) {
            stable.pop_back();  // the #
            at = std::min(name.find_first_not_of("0123456789", at), name.size());
        } else {
            const bool is_blank_between = name.substr(at).starts_with(" >");
            if (!is_blank_between) stable.push_back(name[at]);
            ++at;
        }
    }
    return stable;
}

}  // namespace leakcheck
