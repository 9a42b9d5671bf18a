// SPDX-License-Identifier: Apache-2.0
//
// The files a run writes. Every path is checked before the command starts, so that a typing error
// does not cost a test run, and written at the end:
//   - an ordinary file by way of a temporary file in the same directory and a rename: readers see
//   the old
//     content or the new, never a part, and a failure leaves the old. Not synced to disk: reports
//     are read by the next step of the same machine, and a power loss costs the run anyway.
//   - /dev/stdout, /dev/stderr, /dev/fd/N and /proc/self/fd/N through that open descriptor;
//   - any other special file (pipe, terminal, /dev/null) by opening it for appending.
// A symbolic link is followed and kept, with the kernel's rule for links in shared directories
// (fs.protected_symlinks). All of it is done with the identity's credentials, so files belong to
// that user, with mode 0666 less the umask, and nothing is replaced that the user could not
// replace.
//
// Thread safety: one thread at a time. Signals: a closed pipe raises SIGPIPE; the caller ignores
// it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/cli/identity.hpp"
#include "runner/cli/options.hpp"
#include "runner/cli/outcome.hpp"

namespace leakcheck {

// A path and the option that asked for it ("--json"), for messages.
struct ReportFile {
    std::string option;
    std::filesystem::path path;
};

// The files named in `paths`, --report-dir's included.
std::vector<ReportFile> report_files(const ReportPaths& paths);

// Makes `directory` where it is missing (parents, too), then checks that each file can be written
// and that no two are the same. The first thing wrong, or nullopt.
std::optional<Problem> prepare_report_files(const std::vector<ReportFile>& files,
                                            const std::optional<std::filesystem::path>& directory,
                                            const Identity& identity);

// Writes the whole of `content`, or leaves what was there and says why.
std::optional<Problem> write_report_file(const ReportFile& file, std::string_view content,
                                         const Identity& identity);

}  // namespace leakcheck
