// SPDX-License-Identifier: Apache-2.0
#include "analysis/site.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "analysis/frame_class.hpp"

namespace leakcheck {
namespace {

using Classes = std::vector<FrameClass>;

std::optional<std::size_t> first_of(const Classes& classes, std::size_t count,
                                    std::initializer_list<FrameClass> wanted) {
    const auto end = classes.begin() + static_cast<std::ptrdiff_t>(count);
    const auto found = std::find_first_of(classes.begin(), end, wanted.begin(), wanted.end());
    if (found == end) return std::nullopt;
    return static_cast<std::size_t>(found - classes.begin());
}

std::optional<std::size_t> first_outside_machinery(const Classes& classes, std::size_t count) {
    if (const auto own = first_of(classes, count, {FrameClass::project})) return own;
    if (const auto other = first_of(classes, count, {FrameClass::other, FrameClass::vendored})) {
        return other;
    }
    return first_of(classes, count, {FrameClass::unknown});
}

}  // namespace

std::size_t count_frames_inside_test(const std::vector<Frame>& stack) {
    return static_cast<std::size_t>(std::find_if(stack.begin(), stack.end(), drives_tests) -
                                    stack.begin());
}

std::size_t find_site_frame(const std::vector<Frame>& stack, const FileGlobs& not_my_code) {
    Classes classes;
    classes.reserve(stack.size());
    for (const Frame& frame : stack) {
        const FrameClass found = classify_frame(frame);
        const bool excluded = found == FrameClass::project && not_my_code.match(frame.file);
        classes.push_back(excluded ? FrameClass::vendored : found);
    }

    if (const auto inside = first_outside_machinery(classes, count_frames_inside_test(stack))) {
        return *inside;
    }
    if (const auto any = first_outside_machinery(classes, classes.size())) return *any;
    return first_of(classes, classes.size(), {FrameClass::googletest}).value_or(0);
}

}  // namespace leakcheck
