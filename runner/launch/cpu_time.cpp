// SPDX-License-Identifier: Apache-2.0
#include "runner/launch/cpu_time.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::vector<int> children_of(int pid) {
    std::vector<int> children;
    std::error_code error;
    for (const auto& task : fs::directory_iterator(fmt::format("/proc/{}/task", pid), error)) {
        std::istringstream list(text_of(task.path() / "children"));
        for (int child = 0; list >> child;) children.push_back(child);
    }
    return children;
}

}  // namespace

std::uint64_t cpu_ticks_in_stat(std::string_view stat) {
    // The second field is the name in brackets, which may hold brackets and blanks itself.
    const std::size_t name_end = stat.rfind(')');
    if (name_end == std::string_view::npos) return 0;
    std::istringstream fields{std::string(stat.substr(name_end + 1))};
    constexpr int before_utime = 11;  // fields 3 to 13; 14 to 17 are utime, stime, cutime, cstime
    std::string skipped;
    for (int i = 0; i < before_utime; ++i) fields >> skipped;
    std::uint64_t sum = 0;
    for (int i = 0; i < 4; ++i) {
        std::uint64_t ticks = 0;
        if (!(fields >> ticks)) return 0;
        sum += ticks;
    }
    return sum;
}

std::uint64_t cpu_time_of_tree(int pid) {
    const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    std::uint64_t ticks = 0;
    std::vector<int> waiting{pid};
    while (!waiting.empty()) {
        const int next = waiting.back();
        waiting.pop_back();
        ticks += cpu_ticks_in_stat(text_of(fmt::format("/proc/{}/stat", next)));
        for (const int child : children_of(next)) waiting.push_back(child);
    }
    return ticks * (1'000'000'000u / ticks_per_second);
}

}  // namespace leakcheck
