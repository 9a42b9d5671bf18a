// SPDX-License-Identifier: Apache-2.0
//
// One ELF file opened with elfutils' libdwfl at bias 0: addresses are the file's own. Separate
// debug files are found as gdb finds them: by build id below the debug directories, by
// .gnu_debuglink (checksum verified), and the common part that dwz made by .gnu_debugaltlink.
// Nothing is downloaded unless the user's environment names a server (DEBUGINFOD_URLS). Ownership:
// owns the session; everything that elfutils hands out lives as long as it. Thread safety: none;
// one thread uses a session.
#pragma once

#include <elfutils/libdwfl.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace leakcheck::elf {

class DebugSession {
  public:
    // Null when the file cannot be read or is no ELF file with segments; `error` then says why.
    static std::unique_ptr<DebugSession> open(
        const std::filesystem::path& file,
        const std::vector<std::filesystem::path>& debug_directories, std::string& error);

    Dwfl_Module* module() const { return module_; }
    std::string build_id() const;  // lower-case hex; empty if none
    // Debug information, or null; `bias` is to be added to its addresses to get the module's.
    Dwarf* dwarf(Dwarf_Addr& bias) const;

  private:
    struct EndDwfl {
        void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
    };
    explicit DebugSession(const std::vector<std::filesystem::path>& debug_directories);

    std::string search_path_;
    char* search_path_pointer_;  // libdwfl wants the address of one
    Dwfl_Callbacks callbacks_{};
    std::unique_ptr<Dwfl, EndDwfl> dwfl_;
    Dwfl_Module* module_ = nullptr;
};

}  // namespace leakcheck::elf
