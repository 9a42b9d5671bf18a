// SPDX-License-Identifier: Apache-2.0
#include "analysis/stack_patterns.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "analysis/function_name.hpp"

namespace leakcheck {
namespace {

using Patterns = std::span<const FramePattern>;
using Frames = std::span<const Frame* const>;

// * and ? only: brackets and backslashes stand for themselves. Goes back to the last asterisk where it went wrong.
bool matches_wildcards(std::string_view glob, std::string_view text) {
    std::size_t g = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            star_text = t;
        } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    return glob.find_first_not_of('*', g) == std::string_view::npos;
}

bool matches_one_of(const std::vector<std::string>& globs, std::string_view text) {
    return std::any_of(globs.begin(), globs.end(),
                       [text](const std::string& glob) { return matches_wildcards(glob, text); });
}

constexpr std::array allocation_functions{"malloc",
                                          "calloc",
                                          "realloc",
                                          "reallocarray",
                                          "memalign",
                                          "posix_memalign",
                                          "aligned_alloc",
                                          "valloc",
                                          "pvalloc",
                                          "strdup",
                                          "operator new(unsigned long)",
                                          "operator new[](unsigned long)",
                                          "operator new(unsigned long, std::nothrow_t const&)",
                                          "operator new[](unsigned long, std::nothrow_t const&)",
                                          "operator new(unsigned long, std::align_val_t)",
                                          "operator new[](unsigned long, std::align_val_t)"};

bool is_allocation_function(const FramePattern& pattern) {
    if (pattern.kind != FramePattern::Kind::function) return false;
    return std::any_of(allocation_functions.begin(), allocation_functions.end(),
                       [&](const char* name) { return matches_one_of(pattern.globs, name); });
}

// Names are matched with their parameters, without, and as a C programmer writes them.
bool matches_function(const FramePattern& pattern, const std::string& function) {
    return matches_one_of(pattern.globs, function) ||
           matches_one_of(pattern.globs, qualified_name(function));
}

bool matches_source(const FramePattern& pattern, const Frame& frame) {
    if (pattern.line != 0 && pattern.line != frame.line) return false;
    const std::string& file = frame.file;
    return matches_one_of(pattern.globs, std::string_view(file).substr(file.rfind('/') + 1));
}

bool matches_frame(const FramePattern& pattern, const Frame& frame) {
    switch (pattern.kind) {
        case FramePattern::Kind::function:
            return !frame.function.empty() && matches_function(pattern, frame.function);
        case FramePattern::Kind::object:
            return !frame.module.empty() && matches_one_of(pattern.globs, frame.module);
        case FramePattern::Kind::source:
            return !frame.file.empty() && matches_source(pattern, frame);
        case FramePattern::Kind::frames:
            break;
    }
    return true;
}

// As matches_wildcards, with frames for characters and "..." for the asterisk; the stack may go on behind.
bool matches_frames(Patterns patterns, Frames stack) {
    std::size_t p = 0;
    std::size_t s = 0;
    std::size_t dots = patterns.size();
    std::size_t dots_frame = 0;
    while (p < patterns.size()) {
        if (patterns[p].kind == FramePattern::Kind::frames) {
            dots = p++;
            dots_frame = s;
        } else if (s < stack.size() && matches_frame(patterns[p], *stack[s])) {
            ++p;
            ++s;
        } else if (dots != patterns.size() && dots_frame < stack.size()) {
            p = dots + 1;
            s = ++dots_frame;
        } else {
            return false;
        }
    }
    return true;
}

std::vector<const Frame*> frames_of(const std::vector<Frame>& stack, bool with_inlined) {
    std::vector<const Frame*> frames;
    for (const Frame& frame : stack)
        if (with_inlined || !frame.inlined) frames.push_back(&frame);
    return frames;
}

}  // namespace

TextTemplate::TextTemplate(std::string_view text) {
    from_begin_ = text.starts_with('^');
    if (from_begin_) text.remove_prefix(1);
    const std::size_t end = text.find('$');
    to_end_ = end != std::string_view::npos;
    text = text.substr(0, end);
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t star = std::min(text.find('*', start), text.size());
        pieces_.emplace_back(text.substr(start, star - start));
        start = star + 1;
    }
}

bool TextTemplate::matches(std::string_view text) const {
    if (text.empty()) return false;
    if (from_begin_ && !text.starts_with(pieces_.front())) return false;
    std::size_t at = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        const bool is_last = i + 1 == pieces_.size();
        const bool is_tied = i == 0 && from_begin_;
        if (is_last && to_end_) {
            const std::size_t length = pieces_[i].size();
            return text.size() >= at + length && text.ends_with(pieces_[i]) &&
                   (!is_tied || text.size() == length);
        }
        const std::size_t found = is_tied ? 0 : text.find(pieces_[i], at);
        if (found == std::string_view::npos) return false;
        at = found + pieces_[i].size();
    }
    return true;
}

bool matches_any_frame(const TextTemplate& pattern, const std::vector<Frame>& stack,
                       const std::string& source_root) {
    return std::any_of(stack.begin(), stack.end(), [&](const Frame& frame) {
        if (pattern.matches(frame.function) || pattern.matches(frame.module)) return true;
        const std::string& file = frame.file;
        if (file.empty()) return false;
        return pattern.matches(file.front() == '/' ? file : source_root + "/" + file) ||
               pattern.matches(file);
    });
}

bool matches_innermost(const std::vector<FramePattern>& patterns, const std::vector<Frame>& stack) {
    const Patterns all(patterns);
    for (const bool with_inlined : {true, false}) {
        const std::vector<const Frame*> frames = frames_of(stack, with_inlined);
        if (matches_frames(all, frames)) return true;
        if (!all.empty() && is_allocation_function(all.front()) &&
            matches_frames(all.subspan(1), frames))
            return true;
    }
    return false;
}

}  // namespace leakcheck
