// SPDX-License-Identifier: BSL-1.0
#include "fs/temporary_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <csignal>
#include <mutex>

#include "fs/deadly_signals.hpp"
#include "fs/io_error.hpp"
#include "fs/temporary_name.hpp"

namespace reseal::fs {
namespace {

// Threads that make files side by side take turns. The handler does not: see the header for who may be interrupted.
std::mutex list;

sigset_t deadly_set() {
    sigset_t set;
    sigemptyset(&set);
    for (int signal : deadly_signals) sigaddset(&set, signal);
    return set;
}

// While one of these lives the handler cannot run, so a file and its entry in the list come and go as one.
class SignalsHeld {
public:
    SignalsHeld() {
        sigset_t set = deadly_set();
        pthread_sigmask(SIG_BLOCK, &set, &before_);
    }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;
    ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;
};

}  // namespace

TemporaryFile* TemporaryFile::live_ = nullptr;

TemporaryFile::TemporaryFile(const std::string& folder, mode_t mode, std::string blame)
    : blame_(std::move(blame)), folder_(open_for_names(folder, blame_)) {
    SignalsHeld held;
    do {
        name_ = temporary_name();
        const int fd = ::openat(folder_.get(), name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        const int error = errno;  // the next line may close the one before
        file_ = Descriptor(fd);
        if (!file_ && error != EEXIST && error != EINTR) throw io_error(blame_, "create", error);
    } while (!file_ || !keep());
    enlist();
}

/// Tells remove_abandoned() that its owner lives; not every file system can. False: one was quicker, and this file is lost.
bool TemporaryFile::keep() const {
    if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return true;
        ::unlinkat(folder_.get(), name_.c_str(), 0);
        return false;
    }
    struct stat own{}, named{};
    if (::fstatat(folder_.get(), name_.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) return errno != ENOENT;
    return ::fstat(file_.get(), &own) != 0 || (own.st_dev == named.st_dev && own.st_ino == named.st_ino);
}

TemporaryFile::~TemporaryFile() {
    if (!name_.empty()) make_nameless();
}

Descriptor TemporaryFile::make_nameless() {
    SignalsHeld held;
    ::unlinkat(folder_.get(), name_.c_str(), 0);
    delist();
    return std::move(file_);
}

void TemporaryFile::take_name(const std::string& name) {
    SignalsHeld held;
    if (::renameat(folder_.get(), name_.c_str(), folder_.get(), name.c_str()) != 0) throw io_error(blame_, "rename");
    delist();
}

void TemporaryFile::publish_unsynced(const std::string& name) {
    take_name(name);
    if (!file_.close()) throw io_error(blame_, "close");
}

void TemporaryFile::publish(const std::string& name) {
    take_name(name);
    // A folder that cannot be synced (no right to read it, or a file system without the notion) is no reason to fail: the
    // file is there, complete.
    if (::fsync(folder_.get()) != 0 && errno == EIO) throw io_error(blame_, "sync the folder");
    if (!file_.close()) throw io_error(blame_, "close");
}

void TemporaryFile::enlist() {
    const std::lock_guard<std::mutex> one(list);
    next_ = live_;
    live_ = this;
}

void TemporaryFile::delist() {
    const std::lock_guard<std::mutex> one(list);
    TemporaryFile** link = &live_;
    while (*link != this) link = &(*link)->next_;
    *link = next_;
    name_.clear();
}

// Only what POSIX lists as async-signal-safe, and reads of memory that SignalsHeld keeps still.
void TemporaryFile::remove_all_and_die(int signal) {
    for (const TemporaryFile* file = live_; file != nullptr; file = file->next_)
        ::unlinkat(file->folder_.get(), file->name_.c_str(), 0);
    ::raise(signal);  // pending until we return; SA_RESETHAND has put the default action back
}

void remove_temporaries_on_signals() {
    struct sigaction action{};
    action.sa_handler = &TemporaryFile::remove_all_and_die;
    action.sa_mask = deadly_set();
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (int signal : deadly_signals) {
        struct sigaction before{};
        ::sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
    }
}

}  // namespace reseal::fs
