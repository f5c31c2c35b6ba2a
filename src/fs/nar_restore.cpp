// SPDX-License-Identifier: BSL-1.0
#include <fcntl.h>
#include <sys/stat.h>

#include <exception>
#include <optional>
#include <reseal/error.hpp>
#include <reseal/nar.hpp>

#include "fs/case_hack.hpp"
#include "fs/descriptor.hpp"
#include "fs/io_error.hpp"
#include "fs/nar_reader.hpp"
#include "fs/open_folder.hpp"
#include "fs/temporary_tree.hpp"
#include "fs/write_all.hpp"

namespace reseal {

using fs::Descriptor;
using fs::io_error;
using fs::NarEvent;

class NarRestore::Work {
public:
    Work(const std::string& destination, NarOptions options)
        : destination_(destination), options_(options), tree_(destination) {}

    void write(std::string_view chunk) {
        proceed([&] {
            reader_.feed(chunk);
            drain();
        });
    }

    void finish() {
        proceed([&] {
            reader_.end();
            drain();
            tree_.publish();
        });
        finished_ = true;
    }

    std::uint64_t bytes_behind() const { return bytes_behind_; }

private:
    struct Folder {
        Descriptor fd;
        std::optional<mode_t> mode;  // to be set when it is complete; until then we may write in it
        fs::CaseHack names;
    };

    template <class Action>
    void proceed(Action action) {
        if (failure_) std::rethrow_exception(failure_);
        if (finished_) throw Error(ErrorCode::misuse, "the restore has finished");
        try {
            action();
        } catch (...) {
            failure_ = std::current_exception();
            abandon();
            throw;
        }
    }

    void drain() {
        NarEvent event;
        while (reader_.next(event)) {
            switch (event.kind) {
                case NarEvent::Kind::enter: enter(); break;
                case NarEvent::Kind::leave: leave(); break;
                case NarEvent::Kind::symlink: link(std::string(event.bytes)); break;
                case NarEvent::Kind::contents: contents(event); break;
                case NarEvent::Kind::behind: bytes_behind_ += event.bytes.size(); break;
            }
        }
    }

    int at() const { return open_.empty() ? tree_.folder() : open_.back().fd.get(); }

    /// Of what is to be created now; in the tree, where only it can stand in the way.
    const std::string& disk_name() {
        if (open_.empty()) return tree_.name();
        if (!options_.case_hack) return reader_.name();
        return hacked_ = open_.back().names.disk_name(reader_.name(), reader_.path());
    }

    void enter() {
        const std::string& name = disk_name();
        if (::mkdirat(at(), name.c_str(), 0777) != 0) throw failed();
        Folder folder;
        if (open_.empty()) {
            tree_.created();
            guarded_ = (mode_of(name) & S_IRWXU) != S_IRWXU;
        }
        if (guarded_) {  // the umask would keep ourselves out
            folder.mode = mode_of(name);
            if (::fchmodat(at(), name.c_str(), *folder.mode | S_IRWXU, 0) != 0) throw failed();
        }
        folder.fd = Descriptor(::openat(at(), name.c_str(), fs::folder_flags));
        if (!folder.fd) throw failed();
        open_.push_back(std::move(folder));
    }

    mode_t mode_of(const std::string& name) const {
        struct stat status{};
        if (::fstatat(at(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) throw failed();
        return status.st_mode & 07777;
    }

    void leave() {
        Folder& folder = open_.back();
        if (folder.mode && ::fchmod(folder.fd.get(), *folder.mode) != 0) throw failed();
        open_.pop_back();
    }

    void link(const std::string& target) {
        if (::symlinkat(target.c_str(), at(), disk_name().c_str()) != 0) throw failed();
        if (open_.empty()) tree_.created();
    }

    void contents(const NarEvent& event) {
        if (event.first) {
            const mode_t mode = event.executable ? 0777 : 0666;
            file_ = Descriptor(
                ::openat(at(), disk_name().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, mode));
            if (!file_) throw failed();
            if (open_.empty()) tree_.created();
        }
        if (!event.last && gathered_.size() + event.bytes.size() < fs::gathered_bytes) {
            gathered_ += event.bytes;
            return;
        }
        if (!gathered_.empty() || !event.bytes.empty()) fs::write_all(file_.get(), gathered_, event.bytes, blame());
        gathered_.clear();
        if (event.last && !file_.close()) throw io_error(blame(), "close");
    }

    void abandon() {
        file_ = Descriptor();
        open_.clear();
        tree_.remove();
    }

    /// Where the file will be, for messages.
    std::string blame() const { return reader_.path() == "." ? destination_ : destination_ + "/" + reader_.path(); }
    Error failed() const { return io_error(blame(), "create"); }

    std::string destination_;
    NarOptions options_;
    fs::TemporaryTree tree_;
    fs::NarReader reader_;
    std::vector<Folder> open_;  // those that we are in
    bool guarded_ = false;
    Descriptor file_;
    std::string gathered_, hacked_;
    std::uint64_t bytes_behind_ = 0;
    bool finished_ = false;
    std::exception_ptr failure_;
};

NarRestore::NarRestore(const std::filesystem::path& destination, NarOptions options)
    : work_(std::make_unique<Work>(destination.string(), options)) {}
NarRestore::NarRestore(NarRestore&&) noexcept = default;
NarRestore& NarRestore::operator=(NarRestore&&) noexcept = default;
NarRestore::~NarRestore() = default;

void NarRestore::write(std::string_view chunk) { work_->write(chunk); }
void NarRestore::finish() { work_->finish(); }
std::uint64_t NarRestore::bytes_behind() const { return work_->bytes_behind(); }

}  // namespace reseal
