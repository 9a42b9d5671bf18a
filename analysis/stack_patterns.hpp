// SPDX-License-Identifier: Apache-2.0
//
// Patterns over stacks, as the suppressions of LeakSanitizer and of valgrind's memcheck have them. Thread safety:
// const after construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report.hpp"

namespace leakcheck {

// LeakSanitizer's "leak:TEMPLATE" (clang's documentation, "SanitizerSpecialCaseList" and "LeakSanitizer"): matches a
// text that contains the template; * stands for any characters, a ^ in front and a $ at the end tie it to the
// beginning and the end of the text. Nothing matches the empty text.
class TextTemplate {
  public:
    explicit TextTemplate(std::string_view text);
    bool matches(std::string_view text) const;

  private:
    bool from_begin_ = false;
    bool to_end_ = false;
    std::vector<std::string> pieces_;  // between the asterisks
};

// Whether the function, the file or the module of a frame matches. `source_root`: what relative files are
// relative to.
bool matches_any_frame(const TextTemplate& pattern, const std::vector<Frame>& stack,
                       const std::string& source_root);

// A line of a memcheck suppression ("Valgrind User Manual", 2.5): in globs * and ? stand for other characters,
// all else for itself.
struct FramePattern {
    enum class Kind {
        function,  // "fun:GLOB"
        object,    // "obj:GLOB", a module's path
        source,    // "src:FILE" or "src:FILE:LINE", the file's name without its folders
        frames,    // "...": any number of frames, none included
    };

    Kind kind = Kind::frames;
    std::vector<std::string>
        globs{};  // one of them has to match; several where a mangled name reads in several ways
    std::uint32_t line = 0;  // of `source`; 0: any

    bool operator==(const FramePattern&) const = default;
};

// Whether the patterns match the innermost frames of a stack, one by one. Ours begin with the caller of the
// allocation function, valgrind's with the function itself: a first "fun:malloc" is taken for that. Stacks
// are tried with and without inlined frames.
bool matches_innermost(const std::vector<FramePattern>& patterns, const std::vector<Frame>& stack);

}  // namespace leakcheck
