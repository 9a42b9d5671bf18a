// SPDX-License-Identifier: Apache-2.0
//
// The sampler library as tests use it: a copy with a configuration of the test's choice, in a
// directory of its own that vanishes with the object.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "abi/leakcheck_abi.h"
#include "tests/support/temporary_directory.hpp"

namespace leakcheck::test {

// Every allocation traced, one million live at once, nobody to say hello to.
leakcheck_config tracing_config();

enum class Sites {
    nops,   // as built
    traps,  // int3 on each: a process that fires one must be ptraced
};

class TracedLibrary {
  public:
    TracedLibrary(const leakcheck_config& config, Sites sites);

    std::filesystem::path path() const { return directory_.path() / "libleakcheck_sampler.so"; }
    const TemporaryDirectory& directory() const { return directory_; }

    // Which site an address belongs to: by its offset in its page, as the sites fit into one.
    // Empty: none.
    std::string site_at(std::uint64_t address) const;

  private:
    TemporaryDirectory directory_;
    std::map<std::uint64_t, std::string>
        sites_;  // offset in the page -> name without "leakcheck_probe_"
};

// File offsets of the probe sites, by full name.
std::map<std::string, std::uint64_t> probe_sites(const std::filesystem::path& library);

}  // namespace leakcheck::test
