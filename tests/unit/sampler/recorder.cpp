// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sampler/recorder.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace leakcheck::test {
namespace {

constexpr long trace_options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                               PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

pid_t process_of(pid_t thread) {
    std::ifstream status("/proc/" + std::to_string(thread) + "/status");
    for (std::string key; status >> key;) {
        pid_t value = 0;
        if (key == "Tgid:" && status >> value) return value;
    }
    return 0;
}

std::uint64_t word_at(pid_t thread, std::uint64_t address) {
    return static_cast<std::uint64_t>(ptrace(PTRACE_PEEKDATA, thread, address, nullptr));
}

std::string text_at(pid_t thread, std::uint64_t address) {
    std::string text;
    if (address == 0) return text;
    for (;; address += sizeof(std::uint64_t)) {
        const std::uint64_t word = word_at(thread, address);
        for (int shift = 0; shift < 64; shift += 8) {
            const char c = static_cast<char>(word >> shift);
            if (c == '\0' || text.size() > 200) return text;
            text += c;
        }
    }
}

std::string file_holding(pid_t thread, std::uint64_t address) {
    std::ifstream maps("/proc/" + std::to_string(thread) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields(line);
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
        char dash = 0;
        std::string skipped;
        std::string path;
        fields >> std::hex >> begin >> dash >> end >> skipped >> skipped >> skipped >> skipped >>
            path;
        if (address >= begin && address < end) return path;
    }
    return {};
}

std::string preload_value(const TracedLibrary& library, const Command& command) {
    std::string value = library.path().string();
    for (const std::string& other : command.preloaded_behind) value += ":" + other;
    return value;
}

[[noreturn]] void become(const Command& command, const std::string& preload,
                         const std::string& output) {
    std::vector<char*> arguments;
    for (const std::string& argument : command.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int descriptor = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(descriptor, STDOUT_FILENO);
    close(descriptor);
    raise(SIGSTOP);
    setenv("LD_PRELOAD", preload.c_str(), 1);
    execv(arguments[0], arguments.data());
    _exit(127);
}

class Session {
  public:
    Session(const TracedLibrary& library, const Command& command)
        : library_(library), command_(command) {}

    Recording run() {
        const std::string output = library_.directory().path() / "stdout";
        const std::string preload = preload_value(library_, command_);
        recording_.main = fork();
        if (recording_.main == 0) become(command_, preload, output);
        seize(recording_.main);
        for (int status = 0;;) {
            const pid_t thread = waitpid(-1, &status, __WALL);
            if (thread < 0) break;
            handle(thread, status);
        }
        std::ostringstream all;
        all << std::ifstream(output).rdbuf();
        recording_.output = all.str();
        return std::move(recording_);
    }

  private:
    static void seize(pid_t child) {
        int status = 0;
        waitpid(child, &status, WUNTRACED);
        if (ptrace(PTRACE_SEIZE, child, nullptr, trace_options) != 0)
            throw std::runtime_error("PTRACE_SEIZE failed");
        kill(child, SIGCONT);
    }

    void handle(pid_t thread, int status) {
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            recording_.ended[thread] = status;
            return;
        }
        int deliver = 0;
        if (status >> 16 == 0) {  // not one of ptrace's own events
            const bool is_probe = WSTOPSIG(status) == SIGTRAP && note_probe(thread);
            if (!is_probe) deliver = WSTOPSIG(status);
        }
        ptrace(PTRACE_CONT, thread, nullptr, deliver);
    }

    bool note_probe(pid_t thread) {
        user_regs_struct registers{};
        if (ptrace(PTRACE_GETREGS, thread, nullptr, &registers) != 0) return false;
        Event event;
        event.site = library_.site_at(registers.rip - 1);
        if (event.site.empty()) return false;
        event.thread = thread;
        event.process = process_of(thread);
        event.arguments = {registers.rdi, registers.rsi, registers.rdx,
                           registers.rcx, registers.r8,  registers.r9};
        describe(event);
        if (command_.on_event) command_.on_event(event);
        recording_.events.push_back(std::move(event));
        return true;
    }

    static void describe(Event& event) {
        const auto& arguments = event.arguments;
        if (event.site == "note") event.text = text_at(event.thread, arguments[3]);
        if (event.site == "owner") {
            event.text =
                text_at(event.thread, arguments[1]) + "|" + text_at(event.thread, arguments[2]);
        }
        if (event.site == "alloc") {
            event.caller_file = file_holding(event.thread, word_at(event.thread, arguments[4] + 8));
        }
    }

    const TracedLibrary& library_;
    const Command& command_;
    Recording recording_;
};

// Numbers blocks in order of allocation, and knows which one an address holds.
class Transcriber {
  public:
    void add(const Event& event) {
        const auto& arguments = event.arguments;
        if (event.site == "note") {
            add_mark(event);
        } else if (event.site == "alloc") {
            const std::size_t number = recording() ? ++numbered_ : 0;
            blocks_[arguments[0]] = {number, arguments[3]};
            say("alloc " + std::to_string(number) + " " + std::to_string(arguments[1]));
        } else if (event.site == "free") {
            const auto block = blocks_.find(arguments[0]);
            const bool known = block != blocks_.end() && block->second.serial == arguments[1];
            say("free " + (known ? std::to_string(block->second.number) : "?"));
        } else {
            say(event.site);
        }
    }
    std::vector<std::string> take() { return std::move(lines_); }

  private:
    struct Block {
        std::size_t number;
        std::uint64_t serial;
    };

    bool recording() const { return begun_; }
    void say(std::string line) {
        if (recording()) lines_.push_back(std::move(line));
    }
    void add_mark(const Event& event) {
        if (event.text == "end") begun_ = false;
        const auto block = blocks_.find(event.arguments[1]);
        const bool named = event.arguments[1] != 0;
        std::string number = block == blocks_.end() ? "?" : std::to_string(block->second.number);
        say("mark " + event.text + (named ? " " + number : ""));
        if (event.text == "begin") begun_ = true;
    }

    std::map<std::uint64_t, Block> blocks_;
    std::vector<std::string> lines_;
    std::size_t numbered_ = 0;
    bool begun_ = false;
};

}  // namespace

int Recording::exit_status() const {
    const int status = ended.at(main);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::vector<Event> Recording::of_site(const std::string& site) const {
    std::vector<Event> matching;
    for (const Event& event : events) {
        if (event.site == site) matching.push_back(event);
    }
    return matching;
}

bool can_record() {
    const pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, WUNTRACED);
    const bool permitted = ptrace(PTRACE_SEIZE, child, nullptr, PTRACE_O_EXITKILL) == 0;
    kill(child, SIGKILL);
    waitpid(child, &status, __WALL);
    return permitted;
}

Recording record(const TracedLibrary& library, const Command& command) {
    return Session(library, command).run();
}

std::map<std::uint64_t, std::uint64_t> outstanding(const Recording& recording, pid_t process) {
    std::map<std::uint64_t, std::uint64_t> blocks;
    for (const Event& event : recording.events) {
        const bool is_census = event.site == "census" && event.process != process;
        if (event.process == process && event.site == "alloc")
            blocks[event.arguments[0]] = event.arguments[1];
        if (is_census || (event.process == process && event.site == "free"))
            blocks.erase(event.arguments[0]);
    }
    return blocks;
}

std::vector<std::string> transcript(const Recording& recording) {
    Transcriber transcriber;
    for (const Event& event : recording.events) transcriber.add(event);
    return transcriber.take();
}

}  // namespace leakcheck::test
