// SPDX-License-Identifier: Apache-2.0
//
// Looks at each object that a process of the run has mapped, once: GoogleTest in it gets probes that tell
// tests apart, the dynamic linker one that tells of changes to the list of libraries.
// Thread safety: none. Errors: none thrown; what could not be done is in note() or warnings().
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/trace/bpf_session.hpp"
#include "runner/trace/process_maps.hpp"

namespace leakcheck {

class ObjectProber {
  public:
    explicit ObjectProber(BpfSession& session) : session_(session) {}

    void probe(const std::vector<ProcessMap>& maps);

    TestDiscovery discovery() const;
    const std::string& note() const { return note_; }
    const std::vector<std::string>& warnings() const { return warnings_; }

  private:
    void probe_googletest(const std::string& path);
    void probe_linker(const std::string& path);

    BpfSession& session_;
    std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;  // device, inode
    bool found_sites_ = false;
    bool found_googletest_ = false;
    std::string note_;
    std::vector<std::string> warnings_;
};

}  // namespace leakcheck
