// SPDX-License-Identifier: Apache-2.0
//
// The directory of one run: the run's own copy of the sampler (its own inode, so that its probes trap for
// nobody else), the control file of the handshake, and a place for GoogleTest's XML. Removed with the
// object. Should leakcheck be killed, the files stay, so that programs it launched can go on executing
// others; a later run removes what nobody holds a lock on and no process has mapped.
// Errors: TraceError when no directory can be made that files can be executed from.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>

#include "runner/unique_fd.hpp"

struct leakcheck_control;

namespace leakcheck {

class RunDirectory {
  public:
    // `child_uid` and `child_gid`: who must be able to read the sampler and to write XML.
    RunDirectory(uid_t child_uid, gid_t child_gid);
    ~RunDirectory();
    RunDirectory(const RunDirectory&) = delete;
    RunDirectory& operator=(const RunDirectory&) = delete;

    std::filesystem::path sampler() const { return path_ / "libleakcheck_sampler.so"; }
    std::filesystem::path control() const { return path_ / "control"; }
    std::filesystem::path xml() const { return path_ / "xml"; }

    // Lets go of the lock: images that say hello from now on do not wait for an answer.
    void stop_answering();
    // Leaves the files to a later run: a process lives on that may execute programs yet.
    void keep() { kept_ = true; }

  private:
    void create_control_file();

    std::filesystem::path path_;
    UniqueFd control_fd_;  // holds the lock
    bool kept_ = false;
};

// The control file seen from the side that answers hellos; may be another process than the one that made it.
class ControlPage {
  public:
    explicit ControlPage(const std::filesystem::path& control);
    ~ControlPage();
    ControlPage(const ControlPage&) = delete;
    ControlPage& operator=(const ControlPage&) = delete;

    // Ends the wait of the process image that said hello with `token`.
    void acknowledge(std::uint64_t token);
    // How much less to trace, for all images of the run (leakcheck_control in abi/leakcheck_abi.h).
    void set_pressure(std::uint32_t level);

  private:
    leakcheck_control* page_ = nullptr;
};

}  // namespace leakcheck
