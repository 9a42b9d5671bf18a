// SPDX-License-Identifier: Apache-2.0
//
// The site of a leak: the frame at which a reader of the report should look first.
// Thread safety: free functions without state.
//
// GoogleTest calling a test, and all that called GoogleTest, is how tests are run. So the rules are
// tried on the frames inside of that first, and on the whole stack only where they find nothing
// there:
//
//   1. the first frame of the project's own code, without what the user
//      says is not theirs: that is like vendored code                   (FrameClass::project)
//   2. the first frame of other code that is no part of the machinery   (other, vendored)
//   3. the first frame of which nothing is known but an address         (unknown)
// then
//   4. the first frame of GoogleTest                                    (googletest)
//   5. the first frame
//
// Frames of the sampler, the allocators, the C and C++ libraries are never a site but by rule 5.
// Inlined frames count like any other: std::make_unique inlined into a test has the test's line as
// its site.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/file_globs.hpp"
#include "analysis/report.hpp"

namespace leakcheck {

// The index of the site's frame; 0 for an empty stack. `not_my_code` is matched against the files
// of frames inside the project.
std::size_t find_site_frame(const std::vector<Frame>& stack, const FileGlobs& not_my_code);

// The frames a test or other code of the user's made itself: those before GoogleTest's driver
// frames.
std::size_t count_frames_inside_test(const std::vector<Frame>& stack);

}  // namespace leakcheck
