// SPDX-License-Identifier: BSL-1.0
// The words for numbers that the kernel prints, from its own headers.
#include <array>
#include <reseal/log.hpp>
#include <utility>

#include "macho/hex.hpp"

namespace reseal {
namespace {

template <class Key>
using Named = std::pair<Key, std::string_view>;

template <class Key, std::size_t count, class Wanted>
std::string_view look_up(const std::array<Named<Key>, count>& table, const Wanted& wanted) {
    for (const Named<Key>& each : table)
        if (each.first == wanted) return each.second;
    return {};
}

// xnu osfmk/kern/cs_blobs.h, "code signing attributes of a process".
constexpr std::array status_bits = std::to_array<Named<std::uint32_t>>({
    {0x00000001, "VALID"},
    {0x00000002, "ADHOC"},
    {0x00000004, "GET_TASK_ALLOW"},
    {0x00000008, "INSTALLER"},
    {0x00000010, "FORCED_LV"},
    {0x00000020, "INVALID_ALLOWED"},
    {0x00000100, "HARD"},
    {0x00000200, "KILL"},
    {0x00000400, "CHECK_EXPIRATION"},
    {0x00000800, "RESTRICT"},
    {0x00001000, "ENFORCEMENT"},
    {0x00002000, "REQUIRE_LV"},
    {0x00004000, "ENTITLEMENTS_VALIDATED"},
    {0x00008000, "NVRAM_UNRESTRICTED"},
    {0x00010000, "RUNTIME"},
    {0x00020000, "LINKER_SIGNED"},
    {0x00100000, "EXEC_SET_HARD"},
    {0x00200000, "EXEC_SET_KILL"},
    {0x00400000, "EXEC_SET_ENFORCEMENT"},
    {0x00800000, "EXEC_INHERIT_SIP"},
    {0x01000000, "KILLED"},
    {0x02000000, "NO_UNTRUSTED_HELPERS"},
    {0x04000000, "PLATFORM_BINARY"},
    {0x08000000, "PLATFORM_PATH"},
    {0x10000000, "DEBUGGED"},
    {0x20000000, "SIGNED"},
    {0x40000000, "DEV_CODE"},
    {0x80000000, "DATAVAULT_CONTROLLER"},
});

// xnu bsd/kern/mach_loader.h, load_return_t.
constexpr std::array load_errors = std::to_array<Named<std::int64_t>>({
    {0, "LOAD_SUCCESS"},
    {1, "LOAD_BADARCH"},
    {2, "LOAD_BADMACHO"},
    {3, "LOAD_SHLIB"},
    {4, "LOAD_FAILURE"},
    {5, "LOAD_NOSPACE"},
    {6, "LOAD_PROTECT"},
    {7, "LOAD_RESOURCE"},
    {8, "LOAD_ENOENT"},
    {9, "LOAD_IOERROR"},
    {10, "LOAD_DECRYPTFAIL"},
    {11, "LOAD_BADMACHO_UPX"},
    {12, "LOAD_BADARCH_X86"},
});

// xnu bsd/sys/errno.h: those that attaching a signature may give.
constexpr std::array system_errors = std::to_array<Named<std::int64_t>>({
    {1, "EPERM"},
    {2, "ENOENT"},
    {5, "EIO"},
    {7, "E2BIG"},
    {8, "ENOEXEC"},
    {9, "EBADF"},
    {12, "ENOMEM"},
    {13, "EACCES"},
    {14, "EFAULT"},
    {16, "EBUSY"},
    {22, "EINVAL"},
    {35, "EAGAIN"},
    {37, "EALREADY"},
    {45, "ENOTSUP"},
    {80, "EAUTH"},
    {81, "ENEEDAUTH"},
    {85, "EBADEXEC"},
    {88, "EBADMACHO"},
});

// xnu osfmk/kern/cs_blobs.h, CS_HASHTYPE_*.
constexpr std::array hash_types = std::to_array<Named<std::int64_t>>({
    {1, "sha1"},
    {2, "sha256"},
    {3, "sha256-truncated"},
    {4, "sha384"},
});

// xnu bsd/sys/reason.h, CODESIGNING_EXIT_REASON_* and EXEC_EXIT_REASON_*.
constexpr std::array codesigning_reasons = std::to_array<Named<std::uint64_t>>({
    {1, "Taskgated Invalid Signature"},
    {2, "Invalid Page"},
    {3, "Task Access Port"},
    {4, "Launch Constraint Violation"},
});
constexpr std::array exec_reasons = std::to_array<Named<std::uint64_t>>({
    {1, "Bad Mach-O"},
    {2, "Set-ID Failure"},
    {3, "Thread State"},
    {4, "Stack Allocation"},
    {5, "Apple String Initialization"},
    {6, "Copying Strings Out"},
    {7, "Copying Dynamic Linker Out"},
    {8, "Security Policy"},
    {9, "Taskgated Other"},
    {10, "FairPlay Decryption"},
    {11, "Decryption"},
    {12, "UPX"},
});

constexpr std::array kind_names = std::to_array<std::string_view>({
    "invalid-page",
    "rejected-page",
    "invalid-initial-page",
    "load-error",
    "check-signature",
    "page-shift",
    "duplicate-directories",
    "security-blob",
    "revalidation",
    "attached-mismatch",
    "policy",
    "crash",
});
static_assert(kind_names.size() == static_cast<std::size_t>(LogKind::crash) + 1, "the table follows the enum");

}  // namespace

std::string_view name(LogKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::string_view name(LogAction action) {
    switch (action) {
        case LogAction::none: return "none";
        case LogAction::allowing: return "allowing";
        case LogAction::denying: return "denying";
        case LogAction::killing: return "killing";
    }
    return {};
}

std::string_view name(Modification modification) {
    switch (modification) {
        case Modification::untold: return "untold";
        case Modification::hidden: return "hidden";
        case Modification::none: return "none";
        case Modification::in_place: return "in-place";
    }
    return {};
}

std::string_view describe(Modification modification) {
    switch (modification) {
        case Modification::untold: return "the log does not say when the file was modified";
        case Modification::hidden:
            return "the file's times tell nothing: in a store every file has the same, whatever happened to it";
        case Modification::none:
            return "by its times the file was not modified after the kernel had attached its signature: its bytes were wrong "
                   "before";
        case Modification::in_place: return "the file was modified in place, after the kernel had attached its signature";
    }
    return {};
}

std::vector<std::string> status_names(std::uint32_t status) {
    std::vector<std::string> names;
    for (unsigned bit = 0; bit < 32; ++bit) {
        const std::uint32_t one = std::uint32_t{1} << bit;
        if ((status & one) == 0) continue;
        const std::string_view known = look_up(status_bits, one);
        names.push_back(known.empty() ? macho::hex(one) : std::string(known));
    }
    return names;
}

std::string_view number_name(const LogEvent& event) {
    if (!event.number) return {};
    switch (event.kind) {
        case LogKind::load_error: return look_up(load_errors, *event.number);
        case LogKind::check_signature: return look_up(system_errors, *event.number);
        case LogKind::duplicate_directories: return look_up(hash_types, *event.number);
        default: return {};
    }
}

std::string_view termination_name(std::string_view space, std::uint64_t code) {
    if (space == "CODESIGNING") return look_up(codesigning_reasons, code);
    if (space == "EXEC") return look_up(exec_reasons, code);
    return {};
}

Modification modification(const LogEvent& event) {
    if (!event.cs_mtime || !event.mtime) return Modification::untold;
    const LogTime &then = *event.cs_mtime, &now = *event.mtime;
    if (then != now) return Modification::in_place;
    if (then == LogTime{}) return event.path.empty() ? Modification::untold : Modification::hidden;
    return then.seconds <= 1 ? Modification::hidden : Modification::none;
}

}  // namespace reseal
