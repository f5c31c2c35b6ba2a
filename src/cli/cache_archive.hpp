// SPDX-License-Identifier: BSL-1.0
#pragma once
// One archive on its way into a cache: hashed, compressed, hashed again, and called by that hash.
#include <cstdint>
#include <optional>
#include <reseal/sink.hpp>
#include <string>

#include "cli/cache_folder.hpp"
#include "codec/compressor.hpp"
#include "digest/digest.hpp"
#include "fs/output_file.hpp"

namespace reseal::cli {

class CacheArchive final : public Sink {
public:
    CacheArchive(const CacheFolder& cache, const codec::Choice& choice);

    /// Bytes of the Nix archive.
    void write(std::string_view bytes) override;
    /// The archive ends here: puts URL, compression, hashes and sizes into `info`. It has no name yet.
    void finish(store::NarInfo& info);
    /// Gives it its name; only then does a narinfo that points to it make sense.
    void publish() { file_.out.commit(); }

private:
    struct File final : Sink {
        File(const std::string& path, bool hashed);
        void write(std::string_view bytes) override;
        fs::OutputFile out;
        std::optional<digest::Hasher> hasher;  // none: the file is the archive
        std::uint64_t size = 0;
    };

    codec::Compression compression_;
    File file_;
    codec::Compressor compressor_{file_};
    digest::Hasher hasher_{HashType::sha256};
    std::uint64_t size_ = 0;
};

}  // namespace reseal::cli
