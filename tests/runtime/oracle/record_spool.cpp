// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/record_spool.hpp"

#include <cerrno>
#include <system_error>

namespace leakcheck::oracle {
namespace {

constexpr std::size_t kBufferSize = 1 << 20;  // bytes

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), what);
}

}  // namespace

RecordSpool::RecordSpool() : buffer_(kBufferSize), file_(std::tmpfile()) {
    if (!file_) fail("cannot make a temporary file for the events");
    std::setvbuf(file_.get(), buffer_.data(), _IOFBF, buffer_.size());
}

void RecordSpool::add(const void* record, std::size_t size) {
    if (std::fwrite(&size, sizeof(size), 1, file_.get()) != 1 ||
        std::fwrite(record, size, 1, file_.get()) != 1)
        fail("cannot write the events to a temporary file");
}

void RecordSpool::for_each(const std::function<void(const void*, std::size_t)>& visit) {
    if (std::fflush(file_.get()) != 0) fail("cannot write the events to a temporary file");
    std::rewind(file_.get());
    std::vector<char> record;
    for (std::size_t size = 0; std::fread(&size, sizeof(size), 1, file_.get()) == 1;) {
        record.resize(size);
        if (std::fread(record.data(), size, 1, file_.get()) != 1)
            fail("cannot read the events again");
        visit(record.data(), size);
    }
    if (std::ferror(file_.get()) != 0) fail("cannot read the events again");
}

}  // namespace leakcheck::oracle
