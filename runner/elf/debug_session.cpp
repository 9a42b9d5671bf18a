// SPDX-License-Identifier: Apache-2.0
#include "runner/elf/debug_session.hpp"

#include <fmt/format.h>

#include "runner/elf/elf_file.hpp"

namespace leakcheck::elf {
namespace {

// "+": verify checksums; then next to the file, in its .debug folder, and below each debug
// directory.
std::string search_path(const std::vector<std::filesystem::path>& debug_directories) {
    std::string path = "+:.debug";
    for (const auto& directory : debug_directories) path += ":" + directory.string();
    return path;
}

// Files are opened when they are reported, so libdwfl never has to find one by itself.
int find_no_elf(Dwfl_Module*, void**, const char*, Dwarf_Addr, char**, Elf**) {
    return -1;
}

}  // namespace

DebugSession::DebugSession(const std::vector<std::filesystem::path>& debug_directories)
    : search_path_(search_path(debug_directories)), search_path_pointer_(search_path_.data()) {
    callbacks_.find_elf = find_no_elf;
    callbacks_.find_debuginfo = dwfl_standard_find_debuginfo;
    callbacks_.section_address = dwfl_offline_section_address;
    callbacks_.debuginfo_path = &search_path_pointer_;
    dwfl_.reset(dwfl_begin(&callbacks_));
}

std::unique_ptr<DebugSession> DebugSession::open(
    const std::filesystem::path& file, const std::vector<std::filesystem::path>& debug_directories,
    std::string& error) {
    UniqueFd descriptor = open_regular_file(file, error);
    if (!descriptor) return nullptr;
    std::unique_ptr<DebugSession> session(new DebugSession(debug_directories));
    Dwfl* dwfl = session->dwfl_.get();
    if (dwfl != nullptr) {
        dwfl_report_begin(dwfl);
        session->module_ =
            dwfl_report_elf(dwfl, file.c_str(), file.c_str(), descriptor.get(), 0, true);
        if (session->module_ != nullptr) descriptor.release();  // libdwfl closes it now
        dwfl_report_end(dwfl, nullptr, nullptr);
    }
    GElf_Addr bias = 0;
    if (session->module_ == nullptr || dwfl_module_getelf(session->module_, &bias) == nullptr) {
        error = "not a valid ELF file";
        return nullptr;
    }
    return session;
}

std::string DebugSession::build_id() const {
    const unsigned char* bits = nullptr;
    GElf_Addr address = 0;
    const int size = dwfl_module_build_id(module_, &bits, &address);
    std::string hex;
    for (int i = 0; i < size; ++i) hex += fmt::format("{:02x}", bits[i]);
    return hex;
}

Dwarf* DebugSession::dwarf(Dwarf_Addr& bias) const {
    return dwfl_module_getdwarf(module_, &bias);
}

}  // namespace leakcheck::elf
