// SPDX-License-Identifier: Apache-2.0
//
// Where a dynamic symbol's code lies in its file: what a uprobe is placed by. Reads .dynsym only.
// Errors: TraceError naming the file and the symbol.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace leakcheck {

// Offset in the file, bytes.
std::uint64_t symbol_file_offset(const std::filesystem::path& object, const std::string& symbol);

}  // namespace leakcheck
