// SPDX-License-Identifier: Apache-2.0
#include "runner/cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace leakcheck {
namespace {

bool understands_escapes(Stream stream, const Environment& environment) {
    return stream == Stream::terminal && environment("TERM").value_or("dumb") != "dumb";
}

}  // namespace

Stream stream_of(int descriptor) {
    return isatty(descriptor) == 1 ? Stream::terminal : Stream::other;
}

std::size_t terminal_columns(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

bool wants_colour(ColourChoice choice, Stream stream, const Environment& environment) {
    if (choice != ColourChoice::automatic) return choice == ColourChoice::always;
    return understands_escapes(stream, environment) && environment("NO_COLOR").value_or("").empty();
}

bool wants_github(GithubChoice choice, const Environment& environment) {
    if (choice != GithubChoice::automatic) return choice == GithubChoice::on;
    return environment("GITHUB_ACTIONS") == "true";
}

bool wants_progress(Verbosity verbosity, Stream stream, const Environment& environment) {
    return verbosity != Verbosity::quiet && understands_escapes(stream, environment);
}

}  // namespace leakcheck
