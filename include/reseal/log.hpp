// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <reseal/source.hpp>

namespace reseal {

/// What a line of a log, or a crash report, is about. The first ones are the kernel's own words (xnu).
enum class LogKind {
    invalid_page,           ///< a process touched a page that is not what its signature says (kern_cs.c, cs_invalid_page)
    rejected_page,          ///< which page of which file that was (vm_fault.c)
    invalid_initial_page,   ///< … one with the load commands, before the program ran (mach_loader.c)
    load_error,             ///< a program or library was not loaded for its signature (mach_loader.c)
    check_signature,        ///< the signature was not attached (kern_descrip.c, ubc_subr.c)
    page_shift,             ///< a page size that this kernel does not take (ubc_subr.c)
    duplicate_directories,  ///< two CodeDirectories of one hash type (ubc_subr.c)
    security_blob,          ///< a constraint that is not what its special slot says (ubc_subr.c)
    revalidation,           ///< the file was opened for writing after its signature had been attached (ubc_subr.c)
    attached_mismatch,      ///< the file's signature is not the one that the kernel has kept of it (mach_loader.c)
    policy,                 ///< what AMFI or the system's policy says; see LogEvent::message
    crash,                  ///< a crash report
};
/// "rejected-page" for LogKind::rejected_page.
std::string_view name(LogKind kind);

/// A time as the kernel prints it.
struct LogTime {
    std::uint64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const LogTime&) const = default;
};

/// What the kernel knows of the page: numbers as they stand in the line, which are 0 or 1 but for the depth.
struct LogPage {
    std::int64_t signed_ = 0;    ///< the file has a signature
    std::int64_t validated = 0;  ///< 0: no hash covers it
    std::int64_t tainted = 0;    ///< it is not what its hash says
    std::int64_t nx = 0;         ///< it may not be executed: the page in which the code limit lies
    std::int64_t wpmapped = 0;   ///< it was mapped to be written to
    std::int64_t dirty = 0;
    std::int64_t depth = 0;  ///< copies between the process and the file
    bool operator==(const LogPage&) const = default;
};

/// What the kernel did about it.
enum class LogAction {
    none,      ///< it does not say
    allowing,  ///< the page was given, the process is no longer valid
    denying,   ///< the page was not given
    killing,   ///< … and the process was killed
};
std::string_view name(LogAction action);

/// Why a process was ended: a crash report's termination reason.
struct Termination {
    std::string space;  ///< "CODESIGNING", "EXEC", …
    std::optional<std::uint64_t> code;
    std::string reason;  ///< "Invalid Page": in the report's words, or ours where it has none
    bool operator==(const Termination&) const = default;
};

/// One thing a log says about a signature. Fields that the kind has not, or the line does not say, are empty. Strings are bytes
/// out of a log: they may hold anything.
struct LogEvent {
    LogKind kind = LogKind::policy;
    std::size_t line = 0;  ///< of the input, the first is 1
    std::string process;   ///< its name, which the kernel cuts to 16 or 32 bytes
    std::optional<std::int64_t> pid;
    std::optional<std::uint64_t> address;  ///< in the process
    std::optional<std::uint64_t> offset;   ///< of the page, from the file's first byte
    std::string path;                      ///< of the file, as the log has it
    bool path_cut = false;                 ///< its middle is left out, `/.../`
    std::optional<LogTime> cs_mtime;       ///< when the file was modified, as it was when its signature was attached
    std::optional<LogTime> mtime;          ///< … and as it is now
    std::optional<LogPage> page;
    std::optional<std::uint32_t> status;  ///< of the process: status_names()
    LogAction action = LogAction::none;
    std::optional<std::int64_t> number;  ///< an error, the log2 of a page size, a hash type, a slot: see number_name()
    std::optional<Termination> termination;
    std::string exception;                    ///< a crash report's exception, its type and its signal
    std::string arch;                         ///< of the process, as lipo names it; a crash report says it
    std::optional<std::uint64_t> image_base;  ///< where `path` is loaded; a crash report says it
    std::string message;                      ///< from the first known word to the line's end, for a policy
    bool operator==(const LogEvent&) const = default;
};

/// What a hostile or endless log can make us keep.
inline constexpr std::size_t max_log_line = std::size_t{64} << 10;  ///< bytes; what is behind them in a line is not looked at
inline constexpr std::size_t max_log_events = 10'000;
inline constexpr std::size_t max_log_message = 1024;                   ///< bytes of a path, a name or a message
inline constexpr std::uint64_t max_log_size = std::uint64_t{4} << 30;  ///< bytes; what is behind them is not looked at

struct Log {
    std::vector<LogEvent> events;    ///< in the order of the lines; a crash report stands where it begins
    std::vector<std::string> notes;  ///< what a maximum above left out, each a sentence
    std::size_t lines = 0;
};

/// What a log says about signatures: the output of `log show` or `log stream` in any of its styles, `dmesg`, a system log, the
/// text form of a crash report, or all of that in one, among any other lines. Nothing known in it: no events. Throws Error only
/// where `log` does.
Log read_log(const Source& log);
Log read_log(std::string_view log);

/// The names of the bits of a process's or image's code signing status, without CS_, lowest first: "VALID", "ADHOC", …
/// (xnu osfmk/kern/cs_blobs.h); a bit without a name as "0x40".
std::vector<std::string> status_names(std::uint32_t status);

/// What LogEvent::number says, as the kernel's sources call it: "EBADEXEC", "LOAD_BADMACHO"; "" for one without a name.
std::string_view number_name(const LogEvent& event);

/// What the system's headers call a reason to end a process (xnu bsd/sys/reason.h), in a crash report's words; "" for one
/// without a name.
std::string_view termination_name(std::string_view space, std::uint64_t code);

/// What the two times of a rejected page tell about the file.
enum class Modification {
    untold,    ///< the line has no times, or the kernel knew none
    hidden,    ///< both are 0 or 1 second after 1970, as in a store, where every file has that time whatever happened to it
    none,      ///< not modified since the signature was attached: the bytes were wrong before, or the time was put back
    in_place,  ///< modified after the kernel had attached the signature: it goes on using the old one until the file is a new
               ///< one
};
std::string_view name(Modification modification);
/// A sentence for a person, without a full stop.
std::string_view describe(Modification modification);
Modification modification(const LogEvent& event);

}  // namespace reseal
