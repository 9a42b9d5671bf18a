// SPDX-License-Identifier: Apache-2.0
#include "analysis/fingerprint.hpp"

#include <fmt/format.h>

#include "analysis/frame_class.hpp"
#include "analysis/function_name.hpp"
#include "analysis/site.hpp"

namespace leakcheck {
namespace {

bool is_stable(const Frame& frame) {
    switch (classify_frame(frame)) {
        case FrameClass::project:
        case FrameClass::vendored:
        case FrameClass::other:
            return true;
        default:
            return false;
    }
}

std::string name_of(const Frame& frame) {
    return frame.function.empty() ? std::string(file_name(frame.module))
                                  : stable_name(frame.function);
}

// Names, a line each. The same name again is a part of a function that the optimiser has split, or a recursion.
class NameList {
  public:
    void add(const Frame& frame) {
        std::string name = name_of(frame);
        if (name == last_) return;
        text_ += name + '\n';
        last_ = std::move(name);
    }

    const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::string last_;
};

std::string hashed_text(const std::string& owner, const std::vector<Frame>& stack) {
    NameList names;
    const std::size_t inside = count_frames_inside_test(stack);
    for (std::size_t i = 0; i < inside; ++i)
        if (is_stable(stack[i])) names.add(stack[i]);
    if (names.text().empty())
        for (const Frame& frame : stack) names.add(frame);
    return owner + '\n' + names.text();
}

}  // namespace

std::uint64_t fnv1a_64(std::string_view text) {
    constexpr std::uint64_t offset_basis = 0xcbf29ce484222325u;
    constexpr std::uint64_t prime = 0x100000001b3u;
    std::uint64_t hash = offset_basis;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= prime;
    }
    return hash;
}

std::string fingerprint_text(std::uint64_t hash) {
    return fmt::format("{:016x}", hash);
}

std::string FingerprintRegister::add(const std::string& owner, const std::vector<Frame>& stack) {
    return add_text(hashed_text(owner, stack));
}

std::string FingerprintRegister::add_kind(const std::string& family, LeakKind kind) {
    return add_text(fmt::format("{}\n{}\n", family, leak_kind_name(kind)));
}

std::string FingerprintRegister::add_text(const std::string& text) {
    std::uint64_t hash = fnv1a_64(text);
    for (int ordinal = 2; !taken_.insert(hash).second; ++ordinal) {
        hash = fnv1a_64(fmt::format("{}#{}", text, ordinal));
    }
    return fingerprint_text(hash);
}

}  // namespace leakcheck
