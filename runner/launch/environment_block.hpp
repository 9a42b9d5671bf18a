// SPDX-License-Identifier: Apache-2.0
//
// The environment of the launched command: ours, with the few changes that tracing needs.
// Thread safety: a plain value.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace leakcheck {

class EnvironmentBlock {
  public:
    // `environment`: NULL-terminated, as environ.
    explicit EnvironmentBlock(const char* const* environment);

    std::optional<std::string> get(const std::string& name) const;
    void set(const std::string& name, const std::string& value);
    void set_entry(const std::string& entry);  // "NAME=value"
    void unset(const std::string& name);
    // `library` in front of whatever else is to be preloaded.
    void preload(const std::string& library);

    const std::vector<std::string>& entries() const { return entries_; }  // "NAME=value"

  private:
    std::vector<std::string> entries_;
};

}  // namespace leakcheck
