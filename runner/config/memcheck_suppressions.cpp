// SPDX-License-Identifier: Apache-2.0
//
// The grammar is that of the "Valgrind User Manual", 2.5 "Suppressing errors".
#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>

#include "runner/cli/values.hpp"
#include "runner/config/suppression_files.hpp"
#include "runner/config/text_lines.hpp"

namespace leakcheck {
namespace {

using Lines = std::span<const TextLine>;

constexpr std::string_view kinds_key = "match-leak-kinds:";

std::optional<std::string> demangled(const std::string& name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(
        abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
    return text ? std::optional<std::string>(text.get()) : std::nullopt;
}

// What a mangled name with an asterisk at its end may be the beginning of.
std::vector<std::string> readings_of_beginning(const std::string& beginning) {
    std::vector<std::string> globs;
    if (const auto whole = demangled(beginning)) globs.push_back(*whole + "*");
    if (const auto scope = demangled(beginning + "E")) {
        globs.push_back(*scope + "(*");
        globs.push_back(*scope + "::*");
    }
    if (const auto function = demangled(beginning + "v"))
        globs.push_back(function->substr(0, function->rfind('(')) + "(*");
    return globs;
}

// Valgrind matches names as they are in the object file, we have them demangled.
std::vector<std::string> function_globs(const std::string& glob, std::size_t offset) {
    if (!glob.starts_with("_Z")) return {glob};
    if (glob.find_first_of("*?") == std::string::npos) return {demangled(glob).value_or(glob)};
    const bool is_beginning = glob.find_first_of("*?") + 1 == glob.size() && glob.back() == '*';
    std::vector<std::string> globs;
    if (is_beginning) globs = readings_of_beginning(glob.substr(0, glob.size() - 1));
    if (globs.empty())
        throw JsonError(offset, fmt::format("\"{}\": of mangled names only those can be read that "
                                            "are whole, or whole up to an asterisk at the end; "
                                            "give the name as it is in the source",
                                            glob));
    return globs;
}

FramePattern source_pattern(const std::string& text, std::size_t offset) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return {FramePattern::Kind::source, {text}};
    const auto line = parse_number(text.substr(colon + 1));
    if (!line || *line > UINT32_MAX)
        throw JsonError(offset,
                        fmt::format("\"{}\": what stands behind the colon is no line", text));
    return {FramePattern::Kind::source, {text.substr(0, colon)}, static_cast<std::uint32_t>(*line)};
}

void insert_kind(LeakKinds& kinds, std::string_view word, std::size_t offset) {
    const auto found = std::find_if(leak_kind_names.begin(), leak_kind_names.end(),
                                    [word](const auto& entry) { return entry.second == word; });
    if (word == "all") {
        kinds = all_leak_kinds();
    } else if (found != leak_kind_names.end()) {
        kinds.insert(found->first);
    } else if (word != "none") {
        throw JsonError(offset, fmt::format("\"{}\" is no kind of leak; give some of definite, "
                                            "indirect, possible, reachable",
                                            word));
    }
}

LeakKinds memcheck_kinds(const TextLine& line) {
    // Where pointers were not looked at, nothing tells the kinds apart.
    LeakKinds kinds{LeakKind::unclassified, LeakKind::outstanding};
    constexpr std::string_view separators = ", \t";
    const std::string_view list = line.text.substr(kinds_key.size());
    for (std::size_t at = list.find_first_not_of(separators); at != std::string_view::npos;) {
        const std::size_t end = std::min(list.find_first_of(separators, at), list.size());
        insert_kind(kinds, list.substr(at, end - at), line.offset);
        at = list.find_first_not_of(separators, end);
    }
    return kinds;
}

// "Memcheck:Leak", or "Memcheck,Helgrind:Leak".
bool is_for_leaks(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.substr(colon) != ":Leak") return false;
    const std::string tools = fmt::format(",{},", line.substr(0, colon));
    return tools.find(",Memcheck,") != std::string::npos;
}

// The lines between the braces.
std::optional<Suppression> read_block(const std::string& file, Lines block) {
    if (block.size() < 2)
        throw JsonError(block.front().offset - 1,
                        "a suppression has a name, a line such as Memcheck:Leak, and frames");
    if (!is_for_leaks(block[1].text)) return std::nullopt;
    Suppression rule;
    rule.facts.name = block[0].text;
    rule.facts.source = fmt::format("{}:{}", file, block[0].number);
    for (const TextLine& line : block.subspan(2)) {
        if (line.text.starts_with(kinds_key)) {
            rule.kinds = memcheck_kinds(line);
        } else {
            rule.innermost.push_back(read_frame_pattern(std::string(line.text), line.offset));
        }
    }
    if (rule.innermost.empty())
        throw JsonError(block[0].offset,
                        "this suppression names no frame, so it would take every "
                        "leak");
    return rule;
}

}  // namespace

FramePattern read_frame_pattern(const std::string& line, std::size_t offset) {
    using Kind = FramePattern::Kind;
    if (line == "...") return {Kind::frames};
    const std::string value = line.substr(std::min(line.find(':') + 1, line.size()));
    if (line.starts_with("fun:")) return {Kind::function, function_globs(value, offset)};
    if (line.starts_with("obj:")) return {Kind::object, {value}};
    if (line.starts_with("src:")) return source_pattern(value, offset);
    throw JsonError(offset, fmt::format("\"{}\" is no frame; give fun:NAME, obj:FILE, src:FILE or "
                                        "...",
                                        line));
}

std::vector<Suppression> read_memcheck_suppressions(const std::string& name,
                                                    const std::string& text) {
    const std::vector<TextLine> lines = lines_of(text);
    std::vector<Suppression> rules;
    for (auto open = lines.begin(); open != lines.end();) {
        if (open->text != "{")
            throw JsonError(open->offset, fmt::format("\"{}\" stands outside of a suppression; "
                                                      "each is in braces, on lines of their own",
                                                      open->text));
        const auto close =
            std::find_if(open, lines.end(), [](const TextLine& line) { return line.text == "}"; });
        if (close == lines.end()) throw JsonError(open->offset, "this brace is not closed");
        const Lines block(open + 1, close);
        if (block.empty()) throw JsonError(open->offset, "this suppression is empty");
        if (auto rule = read_block(name, block)) rules.push_back(std::move(*rule));
        open = close + 1;
    }
    return rules;
}

}  // namespace leakcheck
