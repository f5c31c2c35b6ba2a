// SPDX-License-Identifier: BSL-1.0
#include "package/input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cstdlib>
#include <utility>

#include "fs/io_error.hpp"
#include "fs/pipe.hpp"
#include "fs/write_all.hpp"

namespace reseal::package {
namespace {

// Where most is skipped, what is read beyond the next header is read for nothing.
constexpr std::size_t piece_between_skips = std::size_t{32} * 1024;
constexpr int patience = 100;  // milliseconds between two looks at whether to stop

fs::Descriptor nameless_file() {
    const char* folder = std::getenv("TMPDIR");
    std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/reseal-XXXXXX";
    fs::Descriptor made(::mkostemp(path.data(), O_CLOEXEC));
    if (!made) throw fs::io_error(path, "create");
    ::unlink(path.c_str());
    return made;
}

}  // namespace

std::string name_of_input(const std::string& path) {
    if (path == "-") return standard_input;
    return path == standard_input ? "./" + path : path;
}

Input::Input(const std::string& path, Meter& meter, std::function<bool()> stop)
    : name_(name_of_input(path)), meter_(meter), stop_(std::move(stop)), buffer_(new char[piece]) {
    fs::Descriptor opened(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                      : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status{};
    if (!opened || ::fstat(opened.get(), &status) != 0) throw fs::io_error(name_, "open");
    if (S_ISDIR(status.st_mode)) throw fs::io_error(name_, "read", EISDIR);
    fd_ = std::make_shared<const fs::Descriptor>(std::move(opened));
    if (S_ISFIFO(status.st_mode)) fs::widen_pipe(fd_->get());
    regular_ = S_ISREG(status.st_mode) && ::lseek(fd_->get(), 0, SEEK_CUR) == 0;
    if (regular_) size_ = static_cast<std::uint64_t>(status.st_size);
}

void Input::wait() const {
    if (regular_) {  // nothing of it has to be waited for
        if (stop_()) throw Stopped();
        return;
    }
    pollfd ready = {fd_->get(), POLLIN, 0};
    do {
        if (stop_()) throw Stopped();
    } while (::poll(&ready, 1, patience) == 0);
}

std::size_t Input::read_more(char* to, std::size_t count) {
    for (;;) {
        wait();
        const ssize_t got = ::read(fd_->get(), to, count);
        if (got >= 0) {
            meter_.streamed(static_cast<std::uint64_t>(got), name_);
            return static_cast<std::size_t>(got);
        }
        if (errno != EINTR && errno != EAGAIN) throw fs::io_error(name_, "read");
    }
}

std::string_view Input::head() {
    while (!head_read_) {
        const std::size_t got = read_more(buffer_.get(), head_size - head_.size());
        head_.append(buffer_.get(), got);
        head_read_ = got == 0 || head_.size() == head_size;
    }
    return head_;
}

std::string_view Input::read() {
    if (!std::exchange(head_given_, true) && !head().empty()) return head_;
    return {buffer_.get(), read_more(buffer_.get(), wanted_)};
}

void Input::skip(std::uint64_t count) {
    if (::lseek(fd_->get(), static_cast<off_t>(count), SEEK_CUR) < 0) throw fs::io_error(name_, "read");
    meter_.packed(count);
    wanted_ = piece_between_skips;
}

void Input::make_seekable() {
    if (regular_) return;
    fs::Descriptor copy = nameless_file();
    for (std::string_view bytes = read(); !bytes.empty(); bytes = read()) {
        fs::write_all(copy.get(), bytes, "a temporary copy of " + name_);
        size_ += bytes.size();
    }
    fd_ = std::make_shared<const fs::Descriptor>(std::move(copy));
    regular_ = true;
}

std::size_t Input::read_at(std::uint64_t offset, char* to, std::size_t count) {
    if (stop_()) throw Stopped();
    std::size_t done = 0;
    while (done < count && offset <= INT64_MAX - done) {
        const ssize_t got = ::pread(fd_->get(), to + done, count - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw fs::io_error(name_, "read");
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    meter_.packed(done);
    return done;
}

}  // namespace reseal::package
