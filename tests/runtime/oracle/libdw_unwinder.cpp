// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/libdw_unwinder.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "runner/unique_fd.hpp"

namespace leakcheck::oracle {
namespace {

constexpr pid_t kAnyTid = 1;              // libdw wants to name the thread
constexpr std::uint64_t kEntryCode = 48;  // bytes from an entry point to behind its call, at most

int no_debug_file(Dwfl_Module*, void**, const char*, Dwarf_Addr, const char*, const char*,
                  GElf_Word, char**) {
    return -1;
}

// Modules go by the name of the file they are read from.
int open_file(Dwfl_Module*, void**, const char* name, Dwarf_Addr, char** opened, Elf**) {
    *opened = ::strdup(name);
    return ::open(name, O_RDONLY | O_CLOEXEC);
}

const Dwfl_Callbacks callbacks{open_file, no_debug_file, nullptr, nullptr};

std::string last_error() {
    const char* text = ::dwfl_errmsg(-1);
    return text != nullptr ? text : "no reason given";
}

struct Frame {
    std::uint64_t pc = 0;
    bool exact =
        false;  // interrupted by a signal, or a signal trampoline: no call stands before pc
};

// One unwinding at work.
struct Run {
    const Event* event = nullptr;
    std::size_t most = 0;
    std::size_t first = 0;  // of `frames`, the interposed function's caller
    std::vector<Frame> frames;
    std::optional<std::uint64_t> unreadable;  // address wanted on the way to the frame to come
};

}  // namespace

class LibdwUnwinder::Session {
  public:
    Session();
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void set_modules(const std::vector<Module>& modules);
    UnwoundStack unwind(const Event& event, std::size_t most);
    std::string describe(std::uint64_t return_address) const;

  private:
    static pid_t next_thread(Dwfl*, void* self, void** thread);
    static bool get_thread(Dwfl*, pid_t, void* self, void** thread);
    static bool read_memory(Dwfl*, Dwarf_Addr address, Dwarf_Word* word, void* self);
    static bool set_registers(Dwfl_Thread* thread, void* self);
    static int take_frame(Dwfl_Frame* state, void* self);
    static constexpr Dwfl_Thread_Callbacks threads{next_thread,   get_thread, read_memory,
                                                   set_registers, nullptr,    nullptr};

    bool is_covered(std::uint64_t address);
    void take_over(UnwoundStack& stack);

    UniqueFd self_;  // this program: tells libdw the machine's kind, as long as the session
    Elf* elf_ = nullptr;
    Dwfl* dwfl_ = nullptr;
    Run run_;
    // For the modules there are:
    std::unordered_map<std::uint64_t, std::string> names_;  // by first address
    std::unordered_map<std::uint64_t, bool> covered_;       // by address
    std::unordered_set<std::uint64_t> outermost_;           // return addresses
};

// libdw could learn the machine's kind from a module, but would then need that module to stay.
LibdwUnwinder::Session::Session()
    : self_(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)), dwfl_(::dwfl_begin(&callbacks)) {
    ::elf_version(EV_CURRENT);
    elf_ = ::elf_begin(self_.get(), ELF_C_READ_MMAP, nullptr);
    if (dwfl_ != nullptr && elf_ != nullptr &&
        ::dwfl_attach_state(dwfl_, elf_, kAnyTid, &threads, this))
        return;
    const std::string reason = last_error();
    ::dwfl_end(dwfl_);
    ::elf_end(elf_);
    throw OracleError("libdw cannot be set up: " + reason);
}

LibdwUnwinder::Session::~Session() {
    ::dwfl_end(dwfl_);
    ::elf_end(elf_);
}

void LibdwUnwinder::Session::set_modules(const std::vector<Module>& modules) {
    names_.clear();
    outermost_.clear();
    ::dwfl_report_begin(dwfl_);
    for (const Module& module : modules) {
        ::dwfl_report_module(dwfl_, module.file.c_str(), module.low, module.high);
        names_[module.low] = std::filesystem::path(module.name).filename();
        if (module.context_end != 0) outermost_.insert(module.context_end);
        if (module.entry == 0) continue;
        for (std::uint64_t i = 1; i <= kEntryCode; ++i) outermost_.insert(module.entry + i);
    }
    ::dwfl_report_end(dwfl_, nullptr, nullptr);
    covered_.clear();
}

pid_t LibdwUnwinder::Session::next_thread(Dwfl*, void* self, void** thread) {
    if (*thread != nullptr) return 0;
    *thread = self;
    return kAnyTid;
}

bool LibdwUnwinder::Session::get_thread(Dwfl*, pid_t, void* self, void** thread) {
    *thread = self;
    return true;
}

bool LibdwUnwinder::Session::set_registers(Dwfl_Thread* thread, void* self) {
    const Registers& from = static_cast<Session*>(self)->run_.event->registers;
    std::array<Dwarf_Word, ORACLE_REGISTERS> registers;
    std::copy(from.begin(), from.end(), registers.begin());
    return ::dwfl_thread_state_registers(thread, 0, registers.size(), registers.data());
}

// The interposed function's return address is read when the way from it to its caller is taken: the frame
// that comes next is the caller.
bool LibdwUnwinder::Session::read_memory(Dwfl*, Dwarf_Addr address, Dwarf_Word* word, void* self) {
    Run& run = static_cast<Session*>(self)->run_;
    if (run.event->frame != 0 && address == run.event->frame + 8 && run.first == 0)
        run.first = run.frames.size();
    const auto found = run.event->read(address);
    if (found) *word = *found;
    if (!found) run.unreadable = address;
    return found.has_value();
}

int LibdwUnwinder::Session::take_frame(Dwfl_Frame* state, void* self) {
    Run& run = static_cast<Session*>(self)->run_;
    // There before the question, for to answer it libdw may take the way to the next one.
    Frame& frame = run.frames.emplace_back();
    run.unreadable.reset();
    if (!::dwfl_frame_pc(state, &frame.pc, &frame.exact)) return DWARF_CB_ABORT;
    const bool in_sampler = run.first == 0 && run.event->frame != 0;
    return !in_sampler && run.frames.size() >= run.first + run.most ? DWARF_CB_ABORT : DWARF_CB_OK;
}

bool LibdwUnwinder::Session::is_covered(std::uint64_t address) {
    const auto [entry, is_new] = covered_.try_emplace(address, false);
    if (!is_new) return entry->second;
    Dwfl_Module* module = ::dwfl_addrmodule(dwfl_, address);
    for (const auto find : {::dwfl_module_eh_cfi, ::dwfl_module_dwarf_cfi}) {
        Dwarf_Addr bias = 0;
        Dwarf_CFI* cfi = module != nullptr ? find(module, &bias) : nullptr;
        Dwarf_Frame* rule = nullptr;
        if (cfi == nullptr || ::dwarf_cfi_addrframe(cfi, address - bias, &rule) != 0) continue;
        std::free(rule);
        entry->second = true;
    }
    return entry->second;
}

// Of two exact frames in a row the first is the trampoline, which was returned to, and the second what the
// signal interrupted.
void LibdwUnwinder::Session::take_over(UnwoundStack& stack) {
    bool certain = true;
    bool behind_trampoline = run_.event->frame == 0;  // an event's own registers are as exact
    for (std::size_t i = run_.first; i < run_.frames.size(); ++i) {
        const Frame& frame = run_.frames[i];
        const bool interrupted = frame.exact && behind_trampoline;
        behind_trampoline = frame.exact && !interrupted;
        stack.frames.push_back(frame.pc + (interrupted ? 1 : 0));
        if (!certain) continue;
        ++stack.certain;
        if (!frame.exact && outermost_.count(frame.pc) != 0) {
            stack.ended = true;
            stack.stopped_by.clear();
            return;
        }
        certain = is_covered(frame.exact ? frame.pc : frame.pc - 1);
    }
    stack.ended = stack.ended && certain;
}

UnwoundStack LibdwUnwinder::Session::unwind(const Event& event, std::size_t most) {
    UnwoundStack stack;
    run_ = {&event, most, 0, {}, {}};
    const int result = ::dwfl_getthread_frames(dwfl_, kAnyTid, take_frame, this);
    stack.ended = result == 0 && !run_.unreadable;
    if (result < 0) stack.stopped_by = last_error();
    // libdw takes a return address that it cannot read for one that is undefined, which ends a stack.
    if (result <= 0 && run_.unreadable)
        stack.stopped_by =
            event.cut ? "the stack is larger than what was captured" : "memory was not captured";
    if (event.frame != 0 && run_.first == 0) {
        stack.ended = false;
        stack.stopped_by = "the interposed function's frame was not come by";
        return stack;
    }
    take_over(stack);
    return stack;
}

std::string LibdwUnwinder::Session::describe(std::uint64_t return_address) const {
    const std::uint64_t address = return_address - 1;
    Dwfl_Module* module = ::dwfl_addrmodule(dwfl_, address);
    if (module == nullptr) return fmt::format("{:#x}", return_address);
    Dwarf_Addr start = 0;
    ::dwfl_module_info(module, nullptr, &start, nullptr, nullptr, nullptr, nullptr, nullptr);
    GElf_Off offset = 0;
    GElf_Sym symbol;
    const char* function =
        ::dwfl_module_addrinfo(module, address, &offset, &symbol, nullptr, nullptr, nullptr);
    return fmt::format("{}+{:#x} {}", names_.at(start), return_address - start,
                       function != nullptr ? fmt::format("{}+{:#x}", function, offset + 1) : "?");
}

LibdwUnwinder::LibdwUnwinder() : session_(std::make_unique<Session>()) {}
LibdwUnwinder::~LibdwUnwinder() = default;

void LibdwUnwinder::set_modules(const std::vector<Module>& modules) {
    session_->set_modules(modules);
}

UnwoundStack LibdwUnwinder::unwind(const Event& event, std::size_t most) {
    return session_->unwind(event, most);
}

std::string LibdwUnwinder::describe(std::uint64_t return_address) const {
    return session_->describe(return_address);
}

}  // namespace leakcheck::oracle
