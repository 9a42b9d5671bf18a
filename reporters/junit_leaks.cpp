// SPDX-License-Identifier: Apache-2.0
#include "reporters/junit_leaks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reporters/baseline_words.hpp"
#include "reporters/confirm_words.hpp"
#include "reporters/kind_words.hpp"
#include "reporters/places.hpp"
#include "reporters/sampling_words.hpp"
#include "reporters/stack_words.hpp"
#include "reporters/text.hpp"
#include "reporters/wording.hpp"

namespace leakcheck {
namespace {

constexpr std::size_t most_frames = 40;
constexpr std::size_t most_remarks = 20;

std::string stack_lines(const Leak& leak) {
    std::string text;
    const std::size_t count = std::min(leak.stack.size(), most_frames);
    for (std::size_t index = 0; index < count; ++index) {
        text += fmt::format("  #{} {}\n", index, frame_line(leak.stack[index]));
    }
    if (count < leak.stack.size())
        text += fmt::format("  ... {} more frames\n", leak.stack.size() - count);
    const std::string remark = stack_remark(leak);
    return remark.empty() ? text : text + "  (" + remark + ")\n";
}

std::string process_line(const Leak& leak) {
    if (leak.processes > 1) return fmt::format("in {} processes\n", leak.processes);
    return leak.process.empty() ? "" : fmt::format("in {}\n", cut(single_line(leak.process), 300));
}

std::string confirm_lines(const Leak& leak) {
    std::string text;
    for (const std::string& remark : confirm_remarks(leak)) text += remark + "\n";
    return text;
}

// The kind, where pointers were looked at.
std::string kind_line(const Leak& leak) {
    if (leak.kind == LeakKind::outstanding) return "";
    const std::string indirect = indirect_words(leak, SizeStyle::plain);
    return fmt::format("{} {}{}\n", kind_verb(leak.kind),
                       by_owner(leak.owner_kind, owner_name(leak)),
                       indirect.empty() ? "" : ", " + indirect);
}

std::string baseline_line(const Leak& leak) {
    const std::string_view words = baseline_state_words(leak.baseline_state);
    return words.empty() ? "" : fmt::format("{}\n", words);
}

}  // namespace

std::string junit_message(const Leak& leak) {
    return fmt::format("{} at {}", amount(leak.bytes, leak.blocks, SizeStyle::plain),
                       site_place(leak));
}

std::string junit_text(const Report& report, const Leak& leak) {
    return fmt::format("{}\n{}{}{}{}{}fingerprint {}, {}", junit_message(leak), kind_line(leak),
                       stack_lines(leak), process_line(leak), confirm_lines(leak),
                       baseline_line(leak), single_line(leak.fingerprint),
                       coverage_of(report.sampling, {&leak}));
}

std::string junit_remarks(const Report& report, const std::vector<const Leak*>& leaks) {
    std::string text = "leakcheck: memory that was not freed and does not fail the run\n";
    const std::size_t count = std::min(leaks.size(), most_remarks);
    for (std::size_t index = 0; index < count; ++index) {
        const std::string reason = why_not_gated(*leaks[index]);
        text += fmt::format("\n{}\n{}\n", junit_text(report, *leaks[index]),
                            reason.empty() ? "within the budget" : "not counted: " + reason);
    }
    if (count < leaks.size()) text += fmt::format("\nand {} more\n", leaks.size() - count);
    return text;
}

}  // namespace leakcheck
