// SPDX-License-Identifier: Apache-2.0
//
// Which files a list of globs names. A glob is matched against the whole name, component by
// component:
//
//   *, ?, [...]   within one component, as fnmatch(3) has them
//   **            any number of components, none included
//
// A glob that matches a directory matches all that is in it: "generated", "generated/" and
// "generated/**" are the same. Case counts. Thread safety: const after construction. Errors: none;
// a glob that fnmatch does not understand matches nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakcheck {

class FileGlobs {
  public:
    FileGlobs() = default;
    explicit FileGlobs(const std::vector<std::string>& globs);

    // `file` as frames have it: relative to the source root where inside it.
    bool match(std::string_view file) const;

  private:
    std::vector<std::vector<std::string>> globs_;  // split into components
};

}  // namespace leakcheck
