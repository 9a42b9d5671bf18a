// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/sanitizer_log.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace leakcheck {
namespace {

constexpr std::string_view separators = " ,:\n\t\r";

// Takes the text before the first of `ends`, and it, off the front.
std::string_view take_until(std::string_view& text, std::string_view ends) {
    const std::size_t end = std::min(text.find_first_of(ends), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

std::string_view take_value(std::string_view& text) {
    const bool quoted = !text.empty() && (text.front() == '\'' || text.front() == '"');
    if (!quoted) return take_until(text, separators);
    const char quote = text.front();
    text.remove_prefix(1);
    return take_until(text, std::string_view(&quote, 1));
}

std::string_view last_value_of(std::string_view wanted, std::string_view flags) {
    std::string_view value;
    while (true) {
        flags.remove_prefix(std::min(flags.find_first_not_of(separators), flags.size()));
        if (flags.empty()) return value;
        const std::string_view name = take_until(flags, "=");
        const std::string_view its_value = take_value(flags);
        if (name == wanted) value = its_value;
    }
}

}  // namespace

std::optional<std::filesystem::path> sanitizer_log(const Environment& environment, pid_t process) {
    const std::string flags = environment("LSAN_OPTIONS").value_or("");
    const std::string path(last_value_of("log_path", flags));
    if (path.empty() || path == "stdout" || path == "stderr") return std::nullopt;
    return path + "." + std::to_string(process);
}

}  // namespace leakcheck
