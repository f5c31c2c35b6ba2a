// SPDX-License-Identifier: BSL-1.0
#pragma once
// A file under construction: it has a random name beside its final place until it is complete, and leaves nothing behind
// when it never is.
#include <sys/types.h>

#include <string>

#include "fs/descriptor.hpp"

namespace reseal::fs {

/// Gone when the object goes, unless it was published, and gone on deadly signals once
/// remove_temporaries_on_signals() has run. Only one thread may have these signals unblocked, and none while several threads
/// make files (cli::Interruption).
class TemporaryFile {
public:
    /// Creates it with `mode` less umask. Throws Error (ErrorCode::io) naming `blame`, the file somebody asked for.
    TemporaryFile(const std::string& folder, mode_t mode, std::string blame);
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();

    int descriptor() const { return file_.get(); }
    /// Takes its name away at once: it is gone with the descriptor, whatever happens.
    Descriptor make_nameless();
    /// Gives it its final name in the same folder, in place of what had it, and waits until the folder is on the disk.
    void publish(const std::string& name);
    /// The same without waiting: for many files, of which each is worth little without the others.
    void publish_unsynced(const std::string& name);

private:
    friend void remove_temporaries_on_signals();
    static void remove_all_and_die(int signal);

    bool keep() const;
    void take_name(const std::string& name);
    void enlist();
    void delist();

    std::string blame_;
    Descriptor folder_;
    Descriptor file_;
    std::string name_;
    TemporaryFile* next_ = nullptr;
    static TemporaryFile* live_;
};

/// The handlers: remove every temporary file, then die of the signal, so that a shell sees 128 + its number. A signal that
/// is ignored (nohup) stays ignored. Call once, first thing in main().
void remove_temporaries_on_signals();

}  // namespace reseal::fs
