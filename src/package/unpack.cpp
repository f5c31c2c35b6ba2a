// SPDX-License-Identifier: BSL-1.0
#include "package/unpack.hpp"

#include <sys/stat.h>

#include <reseal/error.hpp>
#include <utility>

#include "package/unpacking.hpp"

namespace reseal::package {
namespace {

void must_be_files(const std::vector<std::string>& archives) {
    for (const std::string& each : archives) {
        struct stat status{};
        if (each != "-" && ::stat(each.c_str(), &status) == 0 && S_ISREG(status.st_mode)) continue;
        throw Error(ErrorCode::malformed,
                    "what its metadata says comes too late, and it cannot be read twice: unpack it from a file",
                    name_of_input(each));
    }
}

}  // namespace

Unpacked unpack(const std::vector<std::string>& archives, const UnpackSettings& settings) {
    Foresight known;
    for (;;) {
        try {
            Unpacking unpacking(settings, known, archives.size() > 1);
            for (const std::string& each : archives) unpacking.add(each);
            return unpacking.finish();
        } catch (Again& again) {  // it says what was not known, so there is an end
            known = std::move(again.known);
        }
        must_be_files(archives);
    }
}

}  // namespace reseal::package
