// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/terminal.hpp"

#include <fcntl.h>

#include "runner/unique_fd.hpp"
#include "tests/unit/cli/test_world.hpp"

namespace leakcheck {
namespace {

const Environment plain = environment_of({{"TERM", "xterm"}});

TEST(Terminal, ColourByItself) {
    EXPECT_TRUE(wants_colour(ColourChoice::automatic, Stream::terminal, plain));
    EXPECT_FALSE(wants_colour(ColourChoice::automatic, Stream::other, plain));
    EXPECT_FALSE(wants_colour(ColourChoice::automatic, Stream::terminal,
                              environment_of({{"TERM", "dumb"}})));
    EXPECT_FALSE(wants_colour(ColourChoice::automatic, Stream::terminal, environment_of({})));
}

TEST(Terminal, NoColorIsHonouredUnlessEmpty) {
    const auto set = environment_of({{"TERM", "xterm"}, {"NO_COLOR", "1"}});
    const auto empty = environment_of({{"TERM", "xterm"}, {"NO_COLOR", ""}});
    EXPECT_FALSE(wants_colour(ColourChoice::automatic, Stream::terminal, set));
    EXPECT_TRUE(wants_colour(ColourChoice::automatic, Stream::terminal, empty));
    EXPECT_TRUE(wants_colour(ColourChoice::always, Stream::other, set));
    EXPECT_FALSE(wants_colour(ColourChoice::never, Stream::terminal, plain));
}

TEST(Terminal, GithubAnnotations) {
    const auto actions = environment_of({{"GITHUB_ACTIONS", "true"}});
    EXPECT_TRUE(wants_github(GithubChoice::automatic, actions));
    EXPECT_FALSE(wants_github(GithubChoice::automatic, environment_of({{"GITHUB_ACTIONS", "1"}})));
    EXPECT_FALSE(wants_github(GithubChoice::automatic, plain));
    EXPECT_FALSE(wants_github(GithubChoice::off, actions));
    EXPECT_TRUE(wants_github(GithubChoice::on, plain));
}

TEST(Terminal, Progress) {
    EXPECT_TRUE(wants_progress(Verbosity::normal, Stream::terminal, plain));
    EXPECT_FALSE(wants_progress(Verbosity::quiet, Stream::terminal, plain));
    EXPECT_FALSE(wants_progress(Verbosity::verbose, Stream::other, plain));
}

TEST(Terminal, AFileIsNone) {
    const UniqueFd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(stream_of(null.get()), Stream::other);
    EXPECT_EQ(terminal_columns(null.get()), 80u);
    EXPECT_EQ(stream_of(-1), Stream::other);
}

}  // namespace
}  // namespace leakcheck
