// SPDX-License-Identifier: Apache-2.0
//
// The way in which the BPF programs ask for an event again, after the runner has looked at code that was
// mapped meanwhile ("Asking back" in abi/leakcheck_abi.h). Where the way cannot be made (another mount
// namespace, a sandbox without sockets), stacks through such code end there, and are marked so.
// System calls only: no heap, no locks, errno untouched; async-signal-safe and thread-safe.
#pragma once

#include <cstdint>

namespace leakcheck::sampler {

// The image's end of the way; made while it says hello.
class RequestChannel {
  public:
    RequestChannel();
    ~RequestChannel();
    RequestChannel(const RequestChannel&) = delete;
    RequestChannel& operator=(const RequestChannel&) = delete;

    // After the runner has answered to the hello with `token`: maps the cell.
    void receive(std::uint64_t token) const;

  private:
    long socket_;
};

// Whether requests can be seen at all.
bool can_be_asked();
// A number that changes when a BPF program asks.
std::uint64_t requests_seen();
// Has the runner look at what is mapped now, and waits for it. Should it not answer, it is never asked again.
void tell_mapped();

}  // namespace leakcheck::sampler
