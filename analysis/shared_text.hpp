// SPDX-License-Identifier: Apache-2.0
//
// A text that many hold and nobody changes: the names of functions and files, which the frames of
// thousands of stacks have in common. A copy shares the characters. Reads like a std::string.
// Ownership: shared. Thread safety: as std::shared_ptr<const T>: distinct objects may be used from
// several threads.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace leakcheck {

class SharedText {
  public:
    SharedText() = default;
    // Implicit, so that it is set as a string is.
    SharedText(std::string text) {
        if (!text.empty()) text_ = std::make_shared<const std::string>(std::move(text));
    }
    SharedText(const char* text) : SharedText(std::string(text)) {}

    const std::string& str() const {
        static const std::string empty;
        return text_ ? *text_ : empty;
    }
    operator const std::string&() const { return str(); }
    operator std::string_view() const { return str(); }
    bool empty() const { return text_ == nullptr; }

    friend bool operator==(const SharedText& a, const SharedText& b) {
        return a.text_ == b.text_ || a.str() == b.str();
    }
    friend auto operator<=>(const SharedText& a, const SharedText& b) {
        return a.str() <=> b.str();
    }
    friend std::ostream& operator<<(std::ostream& out, const SharedText& text) {
        return out << text.str();
    }

  private:
    std::shared_ptr<const std::string> text_;  // null for the empty text
};

}  // namespace leakcheck
