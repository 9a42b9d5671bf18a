// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/thread_list.hpp"

#include <elf.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

namespace leakcheck::reach {
namespace {

// The value of a line of /proc/PID/task/TID/status; empty if there is no such line.
std::string status_field(int pid, int tid, std::string_view name) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/status");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(name)) continue;
        const std::size_t value = line.find_first_not_of(" \t", name.size());
        return value == std::string::npos ? "" : line.substr(value);
    }
    return "";
}

template <typename Number = int>
Number number_in(std::string_view text) {
    Number number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

std::vector<int> thread_ids(int pid) {
    std::vector<int> ids;
    std::error_code error;
    std::filesystem::directory_iterator entry("/proc/" + std::to_string(pid) + "/task", error);
    while (!error && entry != std::filesystem::directory_iterator()) {
        ids.push_back(number_in(entry->path().filename().native()));
        entry.increment(error);
    }
    return ids;
}

bool thread_has_ended(int pid, int tid) {
    const std::string state = status_field(pid, tid, "State:");
    return state.empty() || state.front() == 'Z' || state.front() == 'X';
}

// Field 28 of proc(5)'s stat, of which the second is a name that may hold anything but ends with the last ')'.
std::uint64_t first_stack_start(int tid) {
    constexpr int fields_between = 25;
    std::ifstream file("/proc/" + std::to_string(tid) + "/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream rest(line.substr(std::min(line.size(), line.rfind(')') + 1)));
    std::string field;
    for (int i = 0; i <= fields_between; ++i) rest >> field;
    return number_in<std::uint64_t>(field);
}

std::uint64_t program_address(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/auxv", std::ios::binary);
    for (Elf64_auxv_t entry{}; file.read(reinterpret_cast<char*>(&entry), sizeof(entry));)
        if (entry.a_type == AT_PHDR) return entry.a_un.a_val;
    return 0;
}

int tracer_of(int pid, int tid) {
    return number_in(status_field(pid, tid, "TracerPid:"));
}

}  // namespace leakcheck::reach
