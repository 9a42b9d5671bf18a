// SPDX-License-Identifier: Apache-2.0
//
// Looks for GoogleTest in the objects that a process of the run has mapped, and places the probes that
// tell its tests apart. An object is read once, however many processes have it.
// Thread safety: none. Errors: none thrown; what could not be done is in note().
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analysis/snapshot.hpp"
#include "runner/elf/gtest_sites.hpp"
#include "runner/trace/bpf_session.hpp"
#include "runner/trace/mapped_objects.hpp"

namespace leakcheck {

class ObjectProber {
  public:
    explicit ObjectProber(BpfSession& session) : session_(session) {}

    // Whatever the image has mapped that was not yet probed for it.
    void probe(std::uint32_t image, int pid, const std::vector<MappedCode>& mapped);

    TestDiscovery discovery() const;
    const std::string& note() const { return note_; }

  private:
    const TestSites& look_into(const MappedObject& object);

    BpfSession& session_;
    std::map<ObjectId, TestSites> known_;
    std::map<std::uint32_t, std::set<ObjectId>> probed_;  // by process image
    bool found_sites_ = false;
    bool found_googletest_ = false;
    std::string note_;
};

}  // namespace leakcheck
