// SPDX-License-Identifier: Apache-2.0
//
// An open file that is closed with its owner. Thread safety: as of an int.
#pragma once

#include <unistd.h>

#include <utility>

namespace leakcheck::elf {

class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() {
        if (fd_ >= 0) close(fd_);
    }

    explicit operator bool() const { return fd_ >= 0; }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }  // the caller closes it

  private:
    int fd_ = -1;
};

}  // namespace leakcheck::elf
