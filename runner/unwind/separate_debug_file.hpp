// SPDX-License-Identifier: Apache-2.0
//
// Finds the file to which an object's debug information was moved, as gdb does: by build id below
// the debug directories, by .gnu_debuglink next to the object, in its .debug folder and below the
// debug directories. Nothing is downloaded. Thread safety: none.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "runner/elf/elf_file.hpp"

namespace leakcheck::unwind {

// Null when there is none, or only ones that do not belong to the object: another build id, or where
// there is none another checksum.
std::unique_ptr<elf::ElfFile> open_separate_debug_file(
    const elf::ElfFile& object, const std::filesystem::path& object_path,
    const std::vector<std::filesystem::path>& debug_directories);

}  // namespace leakcheck::unwind
