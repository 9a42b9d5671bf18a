// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/run_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "abi/leakcheck_abi.h"
#include "runner/trace/process_maps.hpp"
#include "runner/trace/trace_error.hpp"

namespace leakcheck {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "leakcheck-run-";

// A library in it must be executable and its name must survive LD_PRELOAD, which is split at blanks and
// colons.
bool suits(const fs::path& directory) {
    struct statvfs info {};
    return directory.string().find_first_of(" :\t\n") == std::string::npos &&
           ::statvfs(directory.c_str(), &info) == 0 && (info.f_flag & ST_NOEXEC) == 0 &&
           ::access(directory.c_str(), W_OK | X_OK) == 0;
}

fs::path parent_directory() {
    const char* from_environment = std::getenv("TMPDIR");
    const std::array<const char*, 4> candidates{
        from_environment != nullptr ? from_environment : "/tmp", "/tmp", "/var/tmp", "/dev/shm"};
    for (const char* candidate : candidates)
        if (*candidate == '/' && suits(candidate)) return candidate;
    throw TraceError(
        "no directory for the sampler: TMPDIR, /tmp, /var/tmp and /dev/shm are unwritable or "
        "mounted "
        "noexec; set TMPDIR to a directory that files can be executed from");
}

struct flock whole_file_lock(short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;
    return lock;
}

// True if the run that made `directory` is over: its control file is locked as long as it lives.
bool is_abandoned(const fs::path& directory) {
    UniqueFd fd(::open((directory / "control").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return false;
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0 || info.st_size == 0) return false;  // still being made
    struct flock lock = whole_file_lock(F_WRLCK);
    return ::fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type == F_UNLCK;
}

// True while a process that the run launched lives on: it may execute others, which look for the sampler.
bool is_mapped(const fs::path& directory) {
    const std::string prefix = directory.string() + "/";
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
        const int pid = std::atoi(entry.path().filename().c_str());
        if (pid <= 0) continue;
        for (const ProcessMap& map : read_process_maps(pid))
            if (map.path.rfind(prefix, 0) == 0) return true;
    }
    return false;
}

void remove_abandoned(const fs::path& parent) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(parent, error)) {
        struct stat info {};
        const bool ours = entry.path().filename().string().rfind(kPrefix, 0) == 0 &&
                          ::lstat(entry.path().c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
                          info.st_uid == ::geteuid();
        std::error_code ignored;
        if (ours && is_abandoned(entry.path()) && !is_mapped(entry.path()))
            fs::remove_all(entry.path(), ignored);
    }
}

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
    throw TraceError(fmt::format("{} {}: {}", what, path.string(), std::strerror(errno)));
}

}  // namespace

RunDirectory::RunDirectory(uid_t child_uid, gid_t child_gid) {
    const fs::path parent = parent_directory();
    remove_abandoned(parent);
    std::string name = (parent / (std::string(kPrefix) + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) fail("cannot create a directory in", parent);
    path_ = name;
    try {
        if (::chmod(path_.c_str(), 0755) != 0) fail("cannot open to the test program", path_);
        create_control_file();
        if (::mkdir(xml().c_str(), 0700) != 0 || ::chown(xml().c_str(), child_uid, child_gid) != 0)
            fail("cannot create", xml());
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
        throw;
    }
}

RunDirectory::~RunDirectory() {
    if (kept_) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void RunDirectory::create_control_file() {
    control_fd_ = UniqueFd(::open(control().c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!control_fd_) fail("cannot create", control());
    ::fchmod(control_fd_.get(), 0644);
    struct flock lock = whole_file_lock(F_WRLCK);
    if (::fcntl(control_fd_.get(), F_OFD_SETLK, &lock) != 0) fail("cannot lock", control());
    leakcheck_control empty{};
    empty.magic = LEAKCHECK_CONTROL_MAGIC;
    empty.version = LEAKCHECK_ABI_VERSION;
    if (::pwrite(control_fd_.get(), &empty, sizeof(empty), 0) != sizeof(empty))
        fail("cannot write", control());
}

void RunDirectory::stop_answering() {
    struct flock lock = whole_file_lock(F_UNLCK);
    ::fcntl(control_fd_.get(), F_OFD_SETLK, &lock);
}

ControlPage::ControlPage(const fs::path& control) {
    UniqueFd fd(::open(control.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) fail("cannot open", control);
    void* memory =
        ::mmap(nullptr, sizeof(leakcheck_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (memory == MAP_FAILED) fail("cannot map", control);
    page_ = static_cast<leakcheck_control*>(memory);
}

ControlPage::~ControlPage() {
    ::munmap(page_, sizeof(leakcheck_control));
}

void ControlPage::acknowledge(std::uint64_t token) {
    std::atomic_ref<__u64> slot(page_->acks[token % LEAKCHECK_CONTROL_SLOTS]);
    slot.store(token, std::memory_order_release);
}

void ControlPage::set_pressure(std::uint32_t level) {
    std::atomic_ref<__u32>(page_->pressure).store(level, std::memory_order_relaxed);
}

}  // namespace leakcheck
