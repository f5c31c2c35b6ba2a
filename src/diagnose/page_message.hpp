// SPDX-License-Identifier: BSL-1.0
#pragma once
// What the kernel says of single pages. Nothing where a line is not of the format, or is cut before it says what it is about.
#include <optional>
#include <reseal/log.hpp>

#include "diagnose/scan.hpp"

namespace reseal::diagnose {

/// An event of which nothing else is known.
LogEvent of_kind(LogKind kind);

/// Behind "cs_invalid_page(" (xnu bsd/kern/kern_cs.c).
std::optional<LogEvent> read_invalid_page(Scan scan);
/// Behind "CODE SIGNING: process " (osfmk/vm/vm_fault.c).
std::optional<LogEvent> read_rejected_page(Scan scan);
/// Behind "CODE SIGNING: " (bsd/kern/mach_loader.c).
std::optional<LogEvent> read_initial_page(Scan scan);

}  // namespace reseal::diagnose
