// SPDX-License-Identifier: Apache-2.0
#include "reporters/kind_words.hpp"

#include <fmt/format.h>

#include <array>

#include "reporters/text.hpp"

namespace leakcheck {
namespace {

struct KindWords {
    LeakKind kind;
    std::string_view verb, title, heading, why_not_gated;
};

// In the order of the enumerators.
constexpr std::array<KindWords, 7> words{{
    {LeakKind::definite, "definitely leaked", "Leak", "Definitely leaked", ""},
    {LeakKind::indirect, "indirectly leaked", "Leak", "Indirectly leaked", ""},
    {LeakKind::possible, "possibly leaked", "Possible leak", "Possibly leaked",
     "every way to it leads through a pointer into the middle of a block"},
    {LeakKind::reachable, "still reachable, allocated", "Still reachable, allocated",
     "Still reachable at the end", "pointers still lead to it"},
    {LeakKind::referenced, "still referenced, allocated", "Still referenced, allocated",
     "Still referenced at the end", "memory still holds its address"},
    {LeakKind::unclassified, "unclassified, allocated", "Leak", "Unclassified",
     "whether pointers lead to it could not be told"},
    {LeakKind::outstanding, "leaked", "Leak", "Not freed", ""},
}};

std::string milliseconds(std::uint64_t ns) {
    const double ms = static_cast<double>(ns) / 1e6;
    return ms < 100.0 ? fmt::format("{:.3g} ms", ms) : fmt::format("{:.0f} ms", ms);
}

const KindWords& words_of(LeakKind kind) {
    return words[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string_view kind_verb(LeakKind kind) {
    return words_of(kind).verb;
}

std::string_view kind_title(LeakKind kind) {
    return words_of(kind).title;
}

std::string_view kind_heading(LeakKind kind) {
    return words_of(kind).heading;
}

std::string indirect_words(const Leak& leak, SizeStyle style) {
    if (leak.indirect_blocks == 0) return "";
    return fmt::format("and {} that only it leads to",
                       exact_amount(leak.indirect_bytes, leak.indirect_blocks, style));
}

std::string indirect_suffix(const Leak& leak, SizeStyle style) {
    const std::string text = indirect_words(leak, style);
    return text.empty() ? "" : fmt::format(" ({})", text);
}

std::string why_kind_is_not_gated(LeakKind kind) {
    const std::string hint = fmt::format("--fail-on {} counts it", leak_kind_name(kind));
    const std::string_view why = words_of(kind).why_not_gated;
    return why.empty() ? fmt::format("{}, not asked for ({})", leak_kind_name(kind), hint)
                       : fmt::format("{} ({})", why, hint);
}

std::string pointer_check_words(const CheckedProcess& checked) {
    const PointerCheck& check = checked.check;
    const std::string process =
        checked.process.empty() ? "the command" : cut(single_line(checked.process), 160);
    std::string text = fmt::format("{}: looked through {} in a pause of {}, {} stopped", process,
                                   human_size(static_cast<double>(check.scanned_bytes)),
                                   milliseconds(check.pause_ns), plural(check.threads, "thread"));
    if (check.unread_bytes > 0)
        text += fmt::format("; {} could not be read",
                            human_size(static_cast<double>(check.unread_bytes)));
    if (!check.failure.empty())
        text += "; blocks stayed unclassified: " + cut(single_line(check.failure), 300);
    return text;
}

}  // namespace leakcheck
