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
constexpr std::array<KindWords, 8> words{{
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
    {LeakKind::released_late, "released late, allocated", "Released late, allocated",
     "Released after the end of the test", "it was freed later"},
}};

std::string milliseconds(std::uint64_t ns) {
    const double ms = static_cast<double>(ns) / 1e6;
    return ms < 100.0 ? fmt::format("{:.3g} ms", ms) : fmt::format("{:.0f} ms", ms);
}

std::string test_end_words(const PointerCheck& check) {
    std::string text =
        fmt::format("looked at the end of {} as well, in pauses of {}",
                    plural(check.test_ends, "test"), milliseconds(check.test_ends_pause_ns));
    if (check.failed_test_ends > 0) text += fmt::format(", {} in vain", check.failed_test_ends);
    return text;
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

std::string release_words(const Leak& leak) {
    if (leak.released_in.empty()) return "";
    const std::string first = cut(single_line(leak.released_in.front()), 300);
    const std::string place = first == "outside tests" ? "outside every test" : "during " + first;
    const std::size_t others = leak.released_in.size() - 1;
    return fmt::format("freed {}{}", place,
                       others == 0 ? "" : fmt::format(" and {}", plural(others, "other")));
}

std::string amount_per_run(const Leak& leak) {
    if (leak.test_runs < 2 || leak.repetition.growth != Growth::unknown) return "";
    const double runs = leak.test_runs;
    if (leak.blocks.estimate < runs)
        return fmt::format("its test ran {} times, and not each time left one", leak.test_runs);
    const double blocks = leak.blocks.estimate / runs;
    return fmt::format("its test ran {} times: {:.3g} {} each time, {}", leak.test_runs, blocks,
                       blocks == 1.0 ? "block" : "blocks", human_size(leak.bytes.estimate / runs));
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
    if (check.threads == 0 && check.failure.empty())
        return fmt::format("{}: its end was not seen; {}", process, test_end_words(check));
    std::string text = fmt::format("{}: looked through {} in a pause of {}, {} stopped", process,
                                   human_size(static_cast<double>(check.scanned_bytes)),
                                   milliseconds(check.pause_ns), plural(check.threads, "thread"));
    if (check.unread_bytes > 0)
        text += fmt::format("; {} could not be read",
                            human_size(static_cast<double>(check.unread_bytes)));
    if (check.test_ends > 0) text += "; " + test_end_words(check);
    if (!check.failure.empty())
        text += "; blocks stayed unclassified: " + cut(single_line(check.failure), 300);
    return text;
}

}  // namespace leakcheck
