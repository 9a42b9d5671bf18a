// SPDX-License-Identifier: Apache-2.0
#include "reporters/places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reporters/function_name.hpp"
#include "reporters/text.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t longest_path = 1024;
constexpr std::size_t longest_function = 200;

std::string base_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

std::string path_text(const std::string& path) {
    return cut(single_line(path), longest_path);
}

// The command's own file, named as source files are.
std::string command_file(const Report& report) {
    if (report.command.empty() || report.command[0].empty()) return "unknown";
    const std::string& program = report.command[0];
    const std::string root = report.source_root + "/";
    if (program.rfind(root, 0) == 0) return program.substr(root.size());
    return program.rfind("./", 0) == 0 ? program.substr(2) : program;
}

// "libfoo.so.1+0x1234 (BuildId: 4f1c...)", in the spelling of the sanitizers.
std::string module_place(const Frame& frame) {
    const std::string place =
        fmt::format("{}+{:#x}", path_text(base_name(frame.module)), frame.address);
    if (frame.build_id.empty()) return place;
    return fmt::format("{} (BuildId: {})", place, cut(single_line(frame.build_id), 128));
}

bool is_annotatable(const Frame& frame) {
    return frame.in_project && has_line(frame);
}

SourceLocation location_of(const Frame& frame) {
    return {frame.function, frame.file, frame.line};
}

}  // namespace

TestIndex::TestIndex(const Report& report) {
    for (const TestResult& test : report.tests) tests_.emplace(test.name, &test);
}

const TestResult* TestIndex::find(const std::string& name) const {
    const auto found = tests_.find(name);
    return found != tests_.end() ? found->second : nullptr;
}

const TestResult* TestIndex::owner(const Leak& leak) const {
    return leak.test ? find(*leak.test) : nullptr;
}

bool has_line(const SourceLocation& location) {
    return !location.file.empty() && location.line > 0;
}
bool has_line(const Frame& frame) {
    return !frame.file.empty() && frame.line > 0;
}

SourceLocation annotated_place(const Report& report, const TestIndex& tests, const Leak& leak) {
    const auto& stack = leak.stack;
    const bool has_site = leak.site_frame < stack.size();
    if (has_site && is_annotatable(stack[leak.site_frame])) {
        return location_of(stack[leak.site_frame]);
    }
    const auto inside = std::find_if(stack.begin(), stack.end(), is_annotatable);
    if (inside != stack.end()) return location_of(*inside);
    const TestResult* test = tests.owner(leak);
    if (test != nullptr && test->definition && has_line(*test->definition))
        return *test->definition;
    if (has_line(leak.site)) return leak.site;
    const auto any = std::find_if(stack.begin(), stack.end(),
                                  [](const Frame& frame) { return has_line(frame); });
    if (any != stack.end()) return location_of(*any);
    return {leak.site.function, command_file(report), 1};
}

std::string frame_place(const Frame& frame) {
    if (has_line(frame)) return fmt::format("{}:{}", path_text(frame.file), frame.line);
    if (!frame.file.empty()) return path_text(frame.file);
    if (frame.module.empty()) return fmt::format("{:#x}", frame.address);
    return module_place(frame);
}

std::string site_place(const Leak& leak) {
    if (has_line(leak.site)) return fmt::format("{}:{}", path_text(leak.site.file), leak.site.line);
    if (leak.site_frame < leak.stack.size()) return frame_place(leak.stack[leak.site_frame]);
    return "an unknown place";
}

std::string frame_line(const Frame& frame) {
    if (frame.function.empty()) return frame_place(frame);
    return fmt::format("{} at {}{}", readable_function(frame.function, longest_function),
                       frame_place(frame), frame.inlined ? " (inlined)" : "");
}

FrameRange telling_frames(const Leak& leak, std::size_t limit) {
    const std::size_t size = leak.stack.size();
    const std::size_t first = leak.site_frame < size ? leak.site_frame : 0;
    std::size_t last = size;
    while (last > first && !leak.stack[last - 1].in_project) --last;
    if (last == first) last = size;  // nothing of the project's: whatever there is
    return {first, std::min(last, first + limit)};
}

std::string command_name(const Report& report) {
    const std::string name = report.command.empty() ? "" : base_name(report.command[0]);
    return name.empty() ? "process" : cut(single_line(name), 200);
}

}  // namespace leakcheck
