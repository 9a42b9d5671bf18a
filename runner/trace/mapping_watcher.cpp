// SPDX-License-Identifier: Apache-2.0
//
// Record layouts: perf_event_open(2), PERF_RECORD_MMAP2 and PERF_RECORD_LOST.
#include "runner/trace/mapping_watcher.hpp"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>

namespace leakcheck {
namespace {

constexpr std::size_t kPageSize = 4096;
constexpr std::size_t kDataSize = 128 * kPageSize;  // a power of two
constexpr std::size_t kRingSize = kDataSize + kPageSize;

struct Mmap2 {
    perf_event_header header;
    std::uint32_t pid, tid;
    std::uint64_t address, length, file_offset;
    std::uint32_t device_major, device_minor;
    std::uint64_t inode, inode_generation;
    std::uint32_t protection, flags;
    // char path[]; then the sample id: {u32 pid, tid; u64 time}
};

struct SampleId {
    std::uint32_t pid, tid;
    std::uint64_t time;
};

struct Lost {
    perf_event_header header;
    std::uint64_t id, count;
};

perf_event_attr attributes() {
    perf_event_attr attr{};
    attr.size = sizeof(attr);
    attr.type = PERF_TYPE_SOFTWARE;
    attr.config = PERF_COUNT_SW_DUMMY;
    attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME;
    attr.sample_id_all = 1;
    attr.mmap = 1;  // executable mappings only
    attr.mmap2 = 1;
    attr.use_clockid = 1;
    attr.clockid = CLOCK_MONOTONIC;
    attr.watermark = 1;
    attr.wakeup_watermark = kDataSize / 2;
    return attr;
}

// Copies `size` bytes at `position` out of the ring, across its end if need be.
std::vector<char> copy_out(const char* data, std::uint64_t position, std::size_t size) {
    std::vector<char> out(size);
    const std::size_t start = position % kDataSize;
    const std::size_t first = std::min(size, kDataSize - start);
    std::memcpy(out.data(), data + start, first);
    std::memcpy(out.data() + first, data, size - first);
    return out;
}

}  // namespace

MappingWatcher::MappingWatcher() {
    const long cpus = ::sysconf(_SC_NPROCESSORS_CONF);
    for (int cpu = 0; cpu < cpus; ++cpu) {
        if (watch_cpu(cpu) || errno == ENODEV) continue;  // ENODEV: not online
        why_ = fmt::format("the kernel does not tell of mapped libraries (perf_event_open: {})",
                           std::strerror(errno));
        return;
    }
}

MappingWatcher::~MappingWatcher() {
    for (const Ring& ring : rings_) ::munmap(ring.memory, kRingSize);
}

bool MappingWatcher::watch_cpu(int cpu) {
    perf_event_attr attr = attributes();
    constexpr int kEveryProcess = -1;
    Ring ring;
    ring.fd = UniqueFd(static_cast<int>(
        ::syscall(SYS_perf_event_open, &attr, kEveryProcess, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
    if (!ring.fd) return false;
    ring.memory = ::mmap(nullptr, kRingSize, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd.get(), 0);
    if (ring.memory == MAP_FAILED) return false;
    rings_.push_back(std::move(ring));
    return true;
}

std::vector<int> MappingWatcher::fds() const {
    std::vector<int> fds;
    for (const Ring& ring : rings_) fds.push_back(ring.fd.get());
    return fds;
}

void MappingWatcher::drain(const RecordFn& on_record) {
    for (Ring& ring : rings_) drain(ring, on_record);
}

void MappingWatcher::drain(Ring& ring, const RecordFn& on_record) {
    auto* page = static_cast<perf_event_mmap_page*>(ring.memory);
    const char* data = static_cast<const char*>(ring.memory) + kPageSize;
    std::atomic_ref<__u64> head_ref(page->data_head);
    std::atomic_ref<__u64> tail_ref(page->data_tail);
    const std::uint64_t head = head_ref.load(std::memory_order_acquire);
    std::uint64_t tail = page->data_tail;
    while (tail < head) {
        perf_event_header header;
        std::memcpy(&header, copy_out(data, tail, sizeof(header)).data(), sizeof(header));
        if (header.size < sizeof(header))
            break;  // the ring holds no such record: stop rather than spin
        handle(copy_out(data, tail, header.size), on_record);
        tail += header.size;
    }
    tail_ref.store(tail, std::memory_order_release);
}

void MappingWatcher::handle(const std::vector<char>& record, const RecordFn& on_record) {
    perf_event_header header;
    std::memcpy(&header, record.data(), sizeof(header));
    if (header.type == PERF_RECORD_LOST && record.size() >= sizeof(Lost)) {
        Lost lost;
        std::memcpy(&lost, record.data(), sizeof(lost));
        lost_ += lost.count;
    }
    if (header.type != PERF_RECORD_MMAP2 || record.size() < sizeof(Mmap2) + sizeof(SampleId))
        return;
    Mmap2 mmap2;
    SampleId id;
    std::memcpy(&mmap2, record.data(), sizeof(mmap2));
    std::memcpy(&id, record.data() + record.size() - sizeof(id), sizeof(id));
    const char* path = record.data() + sizeof(mmap2);
    const std::size_t room = record.size() - sizeof(mmap2) - sizeof(id);
    on_record({static_cast<int>(mmap2.pid), mmap2.address, mmap2.address + mmap2.length,
               mmap2.file_offset, id.time, std::string(path, ::strnlen(path, room))});
}

}  // namespace leakcheck
