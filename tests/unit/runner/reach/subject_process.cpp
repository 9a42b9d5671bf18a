// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/runner/reach/subject_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace leakcheck::reach::test {
namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
        read = UniqueFd(ends[0]);
        write = UniqueFd(ends[1]);
    }
    UniqueFd read;
    UniqueFd write;
};

LeakKind kind_of(const std::string& word) {
    if (word == "definite") return LeakKind::definite;
    if (word == "indirect") return LeakKind::indirect;
    if (word == "possible") return LeakKind::possible;
    if (word == "reachable") return LeakKind::reachable;
    throw std::runtime_error("no kind: " + word);
}

}  // namespace

SubjectProcess::SubjectProcess(const std::string& program, const std::string& argument) {
    Pipe input;
    Pipe output;
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(input.read.get(), STDIN_FILENO);
        ::dup2(output.write.get(), STDOUT_FILENO);
        ::execl(program.c_str(), program.c_str(), argument.c_str(), nullptr);
        ::_exit(127);
    }
    target_ = pid_;
    input_ = std::move(input.write);
    output.write.reset();
    read_until_ready(output.read.release());
}

void SubjectProcess::read_until_ready(int file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(::fdopen(file, "r"), ::fclose);
    std::array<char, 256> line{};
    while (std::fgets(line.data(), line.size(), stream.get()) != nullptr)
        if (!take_line(line.data())) return;
    throw std::runtime_error("the program ended before it was ready");
}

// False: nothing more will come.
bool SubjectProcess::take_line(const std::string& line) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "block") {
        LiveBlock& block = blocks_.emplace_back();
        words >> block.address >> block.size;
    } else if (first == "pid") {
        words >> target_;
    } else if (first == "expect") {
        Expectation& expectation = expectations_.emplace_back();
        std::string kind;
        words >> expectation.address >> kind >> std::ws;
        expectation.kind = kind_of(kind);
        std::getline(words, expectation.name);
    }
    return first != "ready";
}

void SubjectProcess::write_byte() const {
    if (::write(input_.get(), "x", 1) != 1) throw std::runtime_error("cannot write to the program");
}

int SubjectProcess::wait_for_end() {
    input_.reset();
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
    }
    pid_ = 0;
    return status;
}

SubjectProcess::~SubjectProcess() {
    if (pid_ > 0) wait_for_end();
}

}  // namespace leakcheck::reach::test
