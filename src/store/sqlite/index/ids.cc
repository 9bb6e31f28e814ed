#include "store/sqlite/index/ids.h"

#include <cstring>

#include "base/digest.h"
#include "store/sqlite/file/bytes.h"

namespace hookreel::store {
namespace {

constexpr std::size_t id_bytes = 3 * sizeof(std::uint64_t);
// Eight words are one line of the processor's cache: a look costs one line per filter.
constexpr std::size_t block_words = 8;
constexpr std::size_t filter_bits_per_id = 24;
constexpr int filter_bits_set = 7;

std::int64_t milliseconds(TimePoint time) {
    return time.time_since_epoch().count();
}

// Calls `visit` with the word and the bit of each mark of the digest.
template <class Visit>
void for_each_mark(const std::vector<std::uint64_t>& filter, const IdDigest& digest, Visit visit) {
    const std::size_t block = digest[0] % (filter.size() / block_words) * block_words;
    std::uint64_t bits = digest[1];
    for (int i = 0; i < filter_bits_set; ++i, bits >>= 9)
        visit(block + (bits & 7), std::uint64_t(1) << ((bits >> 3) & 63));
}

void add_mark(std::vector<std::uint64_t>& filter, const IdDigest& digest) {
    for_each_mark(filter, digest,
                  [&](std::size_t word, std::uint64_t bit) { filter[word] |= bit; });
}

bool may_hold(const std::vector<std::uint64_t>& filter, const IdDigest& digest) {
    bool all = true;
    for_each_mark(filter, digest, [&](std::size_t word, std::uint64_t bit) {
        all = all && (filter[word] & bit) != 0;
    });
    return all;
}

unsigned page_of(const IdDigest& digest) {
    return static_cast<unsigned>(digest[0] >> 57);  // One of 128.
}
static_assert(Ids::run_pages == 128);

std::uint64_t page_number(std::uint64_t run, unsigned page) {
    return run * Ids::run_pages + page;
}

}  // namespace

IdDigest id_digest(model::ApplicationId application, const model::EventId& id) {
    std::string bytes;
    put(bytes, application.value());
    bytes += id.text();
    const std::string hash = digest(Algorithm::sha256, bytes);
    IdDigest first{};
    std::memcpy(first.data(), hash.data(), sizeof first);
    return first;
}

std::string write_ids(const std::vector<KnownId>& ids) {
    std::string bytes;
    bytes.reserve(ids.size() * id_bytes);
    for (const KnownId& id : ids) {
        put(bytes, id.digest[0]);
        put(bytes, id.digest[1]);
        put(bytes, id.entry);
    }
    return bytes;
}

std::vector<KnownId> read_ids(std::string_view bytes) {
    std::vector<KnownId> ids;
    ids.reserve(bytes.size() / id_bytes);
    ByteCursor cursor(bytes);
    while (cursor.left() >= id_bytes) {
        KnownId& id = ids.emplace_back();
        id.digest[0] = cursor.integer<std::uint64_t>();
        id.digest[1] = cursor.integer<std::uint64_t>();
        id.entry = cursor.integer<EntryId>();
    }
    return ids;
}

Result<void> Ids::open(Database& database) {
    const std::lock_guard lock(mutex_);
    recent_.clear();
    rows_.clear();
    epochs_.clear();
    next_row_ = next_run_ = 1;
    if (Result<void> result = read_rows(database); !result) return result;
    return read_runs(database);
}

Result<void> Ids::read_rows(Database& database) {
    Statement all(database, "SELECT number, latest, last_pack, page FROM id_rows ORDER BY number");
    Rows rows = all.query();
    while (rows.next()) {
        IdRow row{rows.number(0), TimePoint(Duration(rows.integer(1))), rows.number(2),
                  read_ids(rows.bytes(3))};
        for (const KnownId& id : row.ids)
            recent_[id.digest] = id.entry;
        next_row_ = row.number + 1;
        rows_.push_back(std::move(row));
    }
    return rows.result();
}

Result<void> Ids::read_runs(Database& database) {
    Statement runs(database, "SELECT run, count, latest, last_pack FROM id_runs ORDER BY run");
    Statement pages(database,
                    "SELECT page FROM id_pages WHERE number BETWEEN ? AND ? ORDER BY number");
    Rows rows = runs.query();
    while (rows.next()) {
        const Run run{rows.number(0), rows.number(1), TimePoint(Duration(rows.integer(2))),
                      rows.number(3)};
        Epoch& epoch = epoch_for_next();
        Rows contents =
            pages.query(page_number(run.number, 0), page_number(run.number, run_pages - 1));
        while (contents.next())
            for (const KnownId& id : read_ids(contents.bytes(0)))
                add_mark(epoch.filter, id.digest);
        if (Result<void> result = contents.result(); !result) return result;
        epoch.runs.push_back(run);
        next_run_ = run.number + 1;
    }
    return rows.result();
}

Ids::Epoch& Ids::epoch_for_next() {
    if (epochs_.empty() || epochs_.back().runs.size() >= epoch_runs) {
        epochs_.emplace_back();
        epochs_.back().filter.resize(epoch_runs * run_ids * filter_bits_per_id / 64);
    }
    return epochs_.back();
}

std::vector<const Ids::Epoch*> Ids::epochs_with(const IdDigest& digest) const {
    std::vector<const Epoch*> found;
    for (auto it = epochs_.rbegin(); it != epochs_.rend(); ++it)
        if (may_hold(it->filter, digest)) found.push_back(&*it);
    return found;
}

Result<bool> Ids::known(const IdDigest& digest, Statement& page_of_run) {
    const Places where = places(digest);
    if (where.recent) return true;
    for (std::uint64_t run : where.runs) {
        const Result<std::optional<EntryId>> entry = look(page_of_run, run, digest);
        if (!entry) return fail(entry.error());
        if (*entry) return true;
    }
    return false;
}

Ids::Places Ids::places(const IdDigest& digest) const {
    const std::lock_guard lock(mutex_);
    Places where;
    if (const auto found = recent_.find(digest); found != recent_.end())
        where.recent = found->second;
    for (const Epoch* epoch : epochs_with(digest))
        for (auto run = epoch->runs.rbegin(); run != epoch->runs.rend(); ++run)
            where.runs.push_back(run->number);
    return where;
}

Result<std::optional<EntryId>> Ids::look(Statement& page_of_run, std::uint64_t run,
                                         const IdDigest& digest) {
    Rows rows = page_of_run.query(page_number(run, page_of(digest)));
    if (rows.next()) {
        const std::vector<KnownId> ids = read_ids(rows.bytes(0));
        const auto found = std::ranges::lower_bound(ids, digest, {}, &KnownId::digest);
        if (found != ids.end() && found->digest == digest) return found->entry;
        return std::nullopt;
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return std::nullopt;
}

void Ids::add(IdRow row) {
    const std::lock_guard lock(mutex_);
    for (const KnownId& id : row.ids)
        recent_[id.digest] = id.entry;
    next_row_ = row.number + 1;
    rows_.push_back(std::move(row));
}

Result<void> Ids::seal(Tables& tables) {
    std::vector<KnownId> sorted;
    Run run{.number = next_run_};
    for (const IdRow& row : rows_) {
        sorted.insert(sorted.end(), row.ids.begin(), row.ids.end());
        run.latest = std::max(run.latest, row.latest);
        run.last_pack = std::max(run.last_pack, row.last_pack);
    }
    run.count = sorted.size();
    std::ranges::sort(sorted, {}, &KnownId::digest);
    Result<void> result = tables.database.begin();
    if (result)
        result = tables.insert_id_run.run(run.number, run.count, milliseconds(run.latest),
                                          run.last_pack);
    for (unsigned page = 0; result && page < run_pages; ++page) {
        const auto first = std::ranges::lower_bound(
            sorted, page, {}, [](const KnownId& id) { return page_of(id.digest); });
        const auto end = std::ranges::upper_bound(
            sorted, page, {}, [](const KnownId& id) { return page_of(id.digest); });
        const std::string bytes = write_ids({first, end});
        result = tables.insert_id_page.run(page_number(run.number, page), Blob{bytes});
    }
    if (result) result = tables.delete_id_rows.run(rows_.back().number);
    if (result) result = tables.database.commit();
    if (!result) {
        tables.database.rollback();
        return result;
    }
    const std::lock_guard lock(mutex_);
    Epoch& epoch = epoch_for_next();
    for (const KnownId& id : sorted)
        add_mark(epoch.filter, id.digest);
    epoch.runs.push_back(run);
    ++next_run_;
    recent_.clear();
    rows_.clear();
    return {};
}

Result<int> Ids::purge(Tables& tables, TimePoint before, std::uint64_t archive_floor,
                       int count_max) {
    const Result<int> runs = purge_runs(tables, before, archive_floor);
    if (!runs || *runs > 0) return runs;
    return purge_rows(tables, before, archive_floor, count_max);
}

// The oldest run, when all of it is too old.
Result<int> Ids::purge_runs(Tables& tables, TimePoint before, std::uint64_t floor) {
    if (epochs_.empty() || epochs_.front().runs.empty()) return 0;
    const Run run = epochs_.front().runs.front();
    if (run.latest >= before || run.last_pack >= floor) return 0;
    Result<void> result = tables.database.begin();
    if (result)
        result = tables.delete_id_pages.run(page_number(run.number, 0),
                                            page_number(run.number, run_pages - 1));
    if (result) result = tables.delete_id_run.run(run.number);
    if (result) result = tables.database.commit();
    if (!result) {
        tables.database.rollback();
        return fail(std::move(result.error()));
    }
    const std::lock_guard lock(mutex_);
    std::vector<Run>& runs = epochs_.front().runs;
    runs.erase(runs.begin());
    if (runs.empty()) epochs_.pop_front();
    return static_cast<int>(run.count);
}

Result<int> Ids::purge_rows(Tables& tables, TimePoint before, std::uint64_t floor, int count_max) {
    int count = 0;
    std::vector<std::uint64_t> old;
    for (const IdRow& row : rows_) {
        const int more = static_cast<int>(row.ids.size());
        if (row.latest >= before) break;
        if (row.last_pack >= floor) continue;
        if (count > 0 && count + more > count_max) break;
        count += more;
        old.push_back(row.number);
    }
    if (old.empty()) return 0;
    Result<void> result = tables.database.begin();
    for (std::uint64_t number : old)
        if (result) result = tables.delete_id_row.run(number);
    if (result) result = tables.database.commit();
    if (!result) {
        tables.database.rollback();
        return fail(std::move(result.error()));
    }
    const std::lock_guard lock(mutex_);
    std::erase_if(rows_, [&](const IdRow& row) {
        if (!std::ranges::binary_search(old, row.number)) return false;
        for (const KnownId& id : row.ids) {
            const auto found = recent_.find(id.digest);
            if (found != recent_.end() && found->second == id.entry) recent_.erase(found);
        }
        return true;
    });
    return count;
}

}  // namespace hookreel::store
