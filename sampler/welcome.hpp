// SPDX-License-Identifier: Apache-2.0
//
// What a new image is given by the runner ("The welcome" in abi/leakcheck_abi.h). Where the way to
// it cannot be made (another mount namespace, a sandbox without sockets), it gets nothing: the image
// is then traced instead of counted.
// System calls only: no heap, no locks, errno untouched; async-signal-safe and thread-safe.
#pragma once

#include <cstdint>

namespace leakcheck::sampler {

// Descriptors, or -1; they are closed with the object.
class Welcome {
  public:
    Welcome() = default;
    Welcome(long cells, long table, std::uint32_t cell)
        : cells_(cells), table_(table), cell_(cell) {}
    ~Welcome();
    Welcome(const Welcome&) = delete;
    Welcome& operator=(const Welcome&) = delete;

    long cells() const { return cells_; }
    long table() const { return table_; }
    std::uint32_t cell() const { return cell_; }

  private:
    long cells_ = -1;
    long table_ = -1;
    std::uint32_t cell_ = 0;
};

// The image's end of the socket; to be made before it says hello with `token`.
class WelcomeChannel {
  public:
    explicit WelcomeChannel(std::uint64_t token);
    ~WelcomeChannel();
    WelcomeChannel(const WelcomeChannel&) = delete;
    WelcomeChannel& operator=(const WelcomeChannel&) = delete;

    // After the runner has answered to the hello.
    Welcome receive() const;

  private:
    long socket_;
};

}  // namespace leakcheck::sampler
