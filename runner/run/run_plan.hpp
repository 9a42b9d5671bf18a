// SPDX-License-Identifier: Apache-2.0
//
// All that is settled before the command starts: who it runs as, where its sources are, whether it can be
// traced at all. Thread safety: free functions; they read the machine.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/baseline.hpp"
#include "analysis/suppression.hpp"
#include "runner/cli/identity.hpp"
#include "runner/cli/options.hpp"
#include "runner/cli/report_files.hpp"
#include "runner/launch/child.hpp"
#include "runner/launch/environment_block.hpp"

namespace leakcheck {

// Ends the run before the command has started, with a status of its own.
class CannotStart : public std::runtime_error {
  public:
    CannotStart(const std::string& message, int status)
        : std::runtime_error(message), status_(status) {}
    int status() const { return status_; }

  private:
    int status_;
};

// Refers to the options, which outlive it.
struct RunPlan {
    const Options& options;
    Identity identity;
    std::filesystem::path working_directory;
    std::filesystem::path source_root;
    EnvironmentBlock environment;  // of the command, before tracing adds to it
    std::vector<Suppression> suppressions{};
    std::optional<Baseline> baseline{};
};

// Throws CannotStart.
RunPlan make_run_plan(const Options& options);

// The plan's command as its user, with the signal mask given.
LaunchSpec launch_spec(const RunPlan& plan, const sigset_t& mask);

// The command can be run and traced, `files` can be written. Throws CannotStart with what is in the way.
void check_before_running(const RunPlan& plan, const std::vector<ReportFile>& files);

}  // namespace leakcheck
