// SPDX-License-Identifier: Apache-2.0
//
// Colour on the console: by ANSI sequences, or not at all. Thread safety: values only.
#pragma once

#include <fmt/color.h>

#include <string>

#include "reporters/reporters.hpp"

namespace leakcheck {

enum class Style { heading, owner, bad, warning, good, faint };

class Painter {
  public:
    explicit Painter(Colour colour) : colour_(colour) {}

    // `text` must be harmless already (see text.hpp).
    std::string operator()(Style style, const std::string& text) const {
        return colour_ == Colour::on ? fmt::format(ansi(style), "{}", text) : text;
    }

  private:
    static fmt::text_style ansi(Style style) {
        switch (style) {
            case Style::heading:
                return fmt::emphasis::bold;
            case Style::owner:
                return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::cyan);
            case Style::bad:
                return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
            case Style::warning:
                return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::yellow);
            case Style::good:
                return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::green);
            case Style::faint:
                break;
        }
        return fmt::emphasis::faint;
    }

    Colour colour_;
};

}  // namespace leakcheck
