// SPDX-License-Identifier: Apache-2.0
//
// The other unwinder: libdw's, on captured registers and memory, by the call frame information of the files
// alone. Debug files are not looked for. Where no information covers the code, libdw goes on by frame
// pointers; such frames are given, but are not certain.
//
// Two places where stacks end are known though no information says so, and libdw would go on or fail:
//   a file's entry point, which the kernel has jumped to (the dynamic linker's has none);
//   what functions started by makecontext return to: its first instruction, so that the information of what
//   lies before it would be used.
// Thread safety: none. Errors: OracleError when libdw cannot be set up; an unwinding that fails says why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/runtime/oracle/event.hpp"
#include "tests/runtime/oracle/module_files.hpp"

namespace leakcheck::oracle {

class OracleError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct UnwoundStack {
    // From the caller of the interposed function outwards, as leakcheck is to give them: return addresses;
    // of code that a signal interrupted, the address of the instruction and 1, so that address-1 lies in it.
    std::vector<std::uint64_t> frames;
    std::size_t certain = 0;  // leading frames that rest on call frame information alone
    bool ended = false;       // the last frame is known to be the outermost
    std::string stopped_by;   // libdw's words, where it could not go on
};

class LibdwUnwinder {
  public:
    LibdwUnwinder();
    ~LibdwUnwinder();
    LibdwUnwinder(const LibdwUnwinder&) = delete;
    LibdwUnwinder& operator=(const LibdwUnwinder&) = delete;

    // What is mapped from now on. Cheap for modules that were there before.
    void set_modules(const std::vector<Module>& modules);
    // No more than `most` frames. An event with frame 0 is unwound from its own registers on.
    UnwoundStack unwind(const Event& event, std::size_t most);
    // "module+offset function", for people.
    std::string describe(std::uint64_t return_address) const;

  private:
    class Session;
    std::unique_ptr<Session> session_;
};

}  // namespace leakcheck::oracle
