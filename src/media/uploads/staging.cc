#include "media/uploads/staging.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "base/random.h"
#include "base/text.h"

namespace hookreel::media {
namespace {

constexpr std::size_t buffer_bytes = 256 * 1024;
// Between two looks at the free space.
constexpr std::uint64_t look_bytes = 16 * 1024 * 1024;
// What a join copies before another piece of work gets the thread.
constexpr std::size_t slice_bytes = 8 * 1024 * 1024;

// Fills the buffer from the source, unless the source ends before.
Task<Result<std::size_t>> fill(http::ByteSource& source, std::span<char> buffer) {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        Result<std::size_t> got = co_await source.read(buffer.subspan(filled));
        if (!got) co_return fail(std::move(got.error()));
        if (*got == 0) break;
        filled += *got;
    }
    co_return filled;
}

// "<md5 of the parts' raw md5s>-<parts>", as the object protocol marks what was joined.
std::string joined_etag(const std::vector<StagedObject>& parts) {
    std::string md5s;
    for (const StagedObject& part : parts)
        md5s += from_hex(part.md5).value_or("");
    return fmt::format("{}-{}", hex(digest(Algorithm::md5, md5s)), parts.size());
}

std::unexpected<Error> too_large(std::uint64_t bytes_max) {
    return fail(Code::too_large, "the object is over the limit of " + human_bytes(bytes_max));
}

}  // namespace

// One file while it is written: every step runs on a file thread, and it counts what it may still
// use.
class Staging::Writer {
 public:
    Writer(const Staging& staging, FileThreads& threads) : staging_(staging), threads_(threads) {}

    Task<Result<void>> open(std::string path) {
        auto create = [&]() -> Result<void> {
            Result<void> made = make_folder(path.substr(0, path.rfind('/')));
            if (!made) return made;
            Result<void> room = staging_.check_room(0);
            if (!room) return room;
            Result<StagedFile> created = StagedFile::create(path);
            if (!created) return fail(std::move(created.error()));
            file_.emplace(std::move(*created));
            return {};
        };
        co_return co_await threads_.run(create);
    }

    Task<Result<void>> append(std::string_view bytes) {
        if (file_->size_bytes() + bytes.size() > staging_.options_.object_bytes_max)
            co_return too_large(staging_.options_.object_bytes_max);
        auto write = [&]() -> Result<void> {
            Result<void> room = look_for_room();
            return room ? file_->append(bytes) : room;
        };
        co_return co_await threads_.run(write);
    }

    // Appends a stretch of another file, which must be there wholly.
    Task<Result<void>> append_piece(const Piece& piece) {
        auto open_part = [&] { return open_to_read(piece.path); };
        Result<Descriptor> source = co_await threads_.run(open_part);
        if (!source) co_return fail(std::move(source.error()));
        const std::uint64_t end = piece.offset_bytes + piece.size_bytes;
        for (std::uint64_t offset = piece.offset_bytes; offset < end;) {
            auto copy = [&]() -> Result<std::size_t> {
                Result<void> room = look_for_room();
                if (!room) return fail(std::move(room.error()));
                const std::size_t count = std::min<std::uint64_t>(slice_bytes, end - offset);
                return file_->append_from(*source, offset, count);
            };
            Result<std::size_t> copied = co_await threads_.run(copy);
            if (!copied) co_return fail(std::move(copied.error()));
            if (*copied == 0) co_return fail(Code::internal, "a part on disk is too short");
            offset += *copied;
        }
        co_return Result<void>{};
    }

    // Makes the file stay, unless its MD5 is not the wanted one.
    Task<Result<StagedObject>> keep(std::string name, const std::optional<std::string>& md5) {
        auto finish = [&]() -> Result<StagedObject> {
            const std::uint64_t size_bytes = file_->size_bytes();
            Result<std::string> found = file_->keep(md5);
            if (!found) return fail(std::move(found.error()));
            const std::string text = hex(*found);
            return StagedObject{name, size_bytes, text, text, {}, {}};
        };
        co_return co_await threads_.run(finish);
    }

    // Removes the file now, on a file thread: removing a large one takes time.
    Task<void> discard() {
        auto drop = [&] {
            file_.reset();
            return 0;
        };
        co_await threads_.run(drop);
    }

 private:
    Result<void> look_for_room() {
        if (file_->size_bytes() < next_look_) return {};
        next_look_ = file_->size_bytes() + look_bytes;
        return staging_.check_room(look_bytes);
    }

    const Staging& staging_;
    FileThreads& threads_;
    std::optional<StagedFile> file_;
    std::uint64_t next_look_ = look_bytes;
};

Task<Result<StagedObject>> Staging::receive(const Upload& upload, http::ByteSource& source,
                                            const std::optional<std::string>& md5) {
    const std::string name = random_hex(16);
    Writer writer(*this, threads_);
    Result<void> done = co_await writer.open(path(upload, name));
    if (!done) co_return fail(std::move(done.error()));
    std::string buffer(buffer_bytes, '\0');
    std::size_t filled = buffer_bytes;
    while (done && filled == buffer_bytes) {
        Result<std::size_t> got = co_await fill(source, buffer);
        if (!got) {
            done = fail(std::move(got.error()));
        } else {
            filled = *got;
            const std::string_view bytes(buffer.data(), filled);
            if (filled > 0) done = co_await writer.append(bytes);
        }
    }
    if (done) {
        Result<StagedObject> kept = co_await writer.keep(name, md5);
        if (kept) co_return kept;
        done = fail(std::move(kept.error()));
    }
    co_await writer.discard();
    co_return fail(std::move(done.error()));
}

Task<Result<StagedObject>> Staging::join(const Upload& upload,
                                         const std::vector<StagedObject>& parts) {
    if (parts.size() == 1) {
        StagedObject only = parts.front();
        only.etag = joined_etag(parts);
        co_return only;
    }
    std::vector<Piece> pieces;
    for (const StagedObject& part : parts)
        pieces.push_back({path(upload, part.name), part.size_bytes});
    Result<StagedObject> joined = co_await concatenate(upload, std::move(pieces));
    if (joined) joined->etag = joined_etag(parts);
    co_return joined;
}

Task<Result<StagedObject>> Staging::concatenate(const Upload& upload, std::vector<Piece> pieces) {
    std::uint64_t size_bytes = 0;
    for (const Piece& piece : pieces)
        size_bytes += piece.size_bytes;
    if (size_bytes > options_.object_bytes_max) co_return too_large(options_.object_bytes_max);
    const std::string name = random_hex(16);
    Writer writer(*this, threads_);
    Result<void> done = co_await writer.open(path(upload, name));
    if (!done) co_return fail(std::move(done.error()));
    for (const Piece& piece : pieces)
        if (done) done = co_await writer.append_piece(piece);
    if (done) {
        Result<StagedObject> kept = co_await writer.keep(name, std::nullopt);
        if (kept) co_return kept;
        done = fail(std::move(kept.error()));
    }
    co_await writer.discard();
    co_return fail(std::move(done.error()));
}

Task<Result<std::string>> Staging::read(const Upload& upload, const StagedObject& object) const {
    auto work = [&]() -> Result<std::string> {
        const Result<Descriptor> file = open_to_read(path(upload, object.name));
        if (!file) return fail(file.error());
        std::string bytes(object.size_bytes, '\0');
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t got = ::pread(file->number(), bytes.data() + at, bytes.size() - at,
                                        static_cast<off_t>(at));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return fail(Code::unavailable, "an uploaded file cannot be read");
            at += static_cast<std::size_t>(got);
        }
        return bytes;
    };
    co_return co_await threads_.run(work);
}

Task<void> Staging::remove(const Upload& upload, const std::vector<std::string>& names) {
    auto work = [&] {
        for (const std::string& name : names)
            (void)remove_all(path(upload, name));
        return 0;
    };
    co_await threads_.run(work);
}

Task<void> Staging::remove_session(const Upload& upload) {
    auto work = [&] { return remove_all(options_.folder + "/" + upload.file.text()); };
    (void)co_await threads_.run(work);
}

Task<Result<void>> Staging::remove_unnamed(const std::set<std::string>& named) {
    auto work = [&]() -> Result<void> {
        Result<void> made = make_folder(options_.folder);
        if (!made) return made;
        Result<std::vector<std::string>> sessions = names_in(options_.folder);
        if (!sessions) return fail(std::move(sessions.error()));
        for (const std::string& session : *sessions) {
            const auto first = named.lower_bound(session + "/");
            const bool wanted = first != named.end() && first->starts_with(session + "/");
            Result<std::vector<std::string>> names =
                wanted ? names_in(options_.folder + "/" + session) : std::vector<std::string>{""};
            if (!names) return fail(std::move(names.error()));
            for (const std::string& name : *names)
                if (!named.contains(session + "/" + name)) {
                    Result<void> removed = remove_all(options_.folder + "/" + session + "/" + name);
                    if (!removed) return removed;
                }
        }
        return {};
    };
    co_return co_await threads_.run(work);
}

std::string Staging::named(const Upload& upload, const std::string& name) {
    return upload.file.text() + "/" + name;
}

std::string Staging::path(const Upload& upload, const std::string& name) const {
    return options_.folder + "/" + upload.file.text() + "/" + name;
}

Result<void> Staging::check_room(std::uint64_t more_bytes) const {
    Result<std::uint64_t> free = options_.free_bytes(options_.folder);
    if (!free) return fail(std::move(free.error()));
    if (*free < options_.reserve_bytes + more_bytes)
        return fail(Code::unavailable,
                    "the disk is full up to its reserve of " + human_bytes(options_.reserve_bytes));
    return {};
}

}  // namespace hookreel::media
