// Searches of the archive, and of the deliveries of what is stored.
//
// An answer sees the file as it is at that moment; what is leased is known to the index only.
// Threads: those of the connection.
#pragma once

#include <set>

#include "store/searches.h"
#include "store/sqlite/index/ids.h"
#include "store/sqlite/index/queue_index.h"

namespace hookreel::store {

class ArchiveSearch {
 public:
    ArchiveSearch(Database& database, QueueIndex& index, const Ids& ids);

    // As in Store.
    Result<Page<ArchivedEvent>> events(const EventQuery& query);
    Result<ArchivedEvent> event(model::ApplicationId application, const model::EventId& id);
    Result<Page<Delivery>> deliveries(const DeliveryQuery& query, TimePoint now);
    Result<Delivery> delivery(const DeliveryId& id, TimePoint now);
    // When the oldest event of a queue happened, or never.
    Result<TimePoint> oldest(std::uint32_t queue);

 private:
    // A pack, and what its queues hold of it.
    struct Pack {
        std::uint64_t number = 0;
        bool archived = false;
        TimePoint stored{};
        TimePoint low{};
        TimePoint high{};
        std::map<std::uint32_t, std::uint64_t> slots;  // By queue: those that are or were in it.
        std::vector<LetterPtr> letters;
    };
    struct Row {
        int attempts = 0;
        TimePoint due{};
        std::string reason;  // Of a dead letter.
    };
    // What one queue holds of one pack.
    struct Share {
        std::uint64_t fresh = 0;
        std::map<EntryId, Row> rows;
        std::map<EntryId, Row> dead;
        std::map<EntryId, int> ended;
    };
    // Which packs a search of deliveries looks at, newest first.
    struct Route {
        std::optional<std::set<EntryId>> letters;  // Of one event, when they are known.
        std::optional<std::uint32_t> queue;
        bool live_only = false;
        bool dead_only = false;
    };

    Result<std::vector<EntryId>> main_letters(model::ApplicationId application,
                                              const model::EventId& id);
    Result<LetterPtr> letter(EntryId entry);
    Result<std::optional<Pack>> summary(std::uint64_t number);
    Result<void> read_letters_of(Pack& pack);
    Result<Share> share(std::uint32_t queue, std::uint64_t pack);
    std::optional<Delivery> describe(const Pack& pack, const Share& share, std::uint32_t queue,
                                     EntryId entry, TimePoint now);
    void describe_live(Delivery& delivery, const Glimpse& glimpse, const Row* row,
                       TimePoint stored);
    Result<Route> route(const DeliveryQuery& query);
    Result<std::optional<std::uint64_t>> next_pack(const Route& route, std::uint64_t most);
    Result<std::optional<CursorPlace>> look_into(const DeliveryQuery& query, const Route& route,
                                                 Pack& pack, CursorPlace from, TimePoint now,
                                                 Page<Delivery>& answer);

    Database& database_;
    QueueIndex& index_;
    const Ids& ids_;
    Statement pack_high_{database_, pack_high_sql};
    Statement archive_{database_,
                       "SELECT pack, low, letters FROM packs WHERE pack >= ? AND events > 0 ORDER "
                       "BY pack LIMIT ?"};
    Statement id_page_{database_, "SELECT page FROM id_pages WHERE number = ?"};
    Statement letters_{database_, "SELECT letters FROM packs WHERE pack = ?"};
    Statement summary_{database_,
                       "SELECT queues, events, stored, low, high FROM packs WHERE pack = ?"};
    Statement joined_{database_, "SELECT queue, slots FROM joined WHERE pack = ?"};
    Statement fresh_{database_, "SELECT slots FROM live WHERE queue = ? AND pack = ?"};
    Statement rows_{database_,
                    "SELECT entry, attempts, due FROM rows WHERE queue = ? AND entry BETWEEN ? "
                    "AND ?"};
    Statement dead_{database_,
                    "SELECT entry, attempts, reason FROM dead_letters WHERE queue = ? AND entry "
                    "BETWEEN ? AND ?"};
    Statement ended_{database_,
                     "SELECT entry, attempts FROM ended WHERE entry BETWEEN ?2 AND ?3 AND queue = "
                     "?1"};
    Statement last_pack_{database_,
                         "SELECT pack FROM packs WHERE pack <= ? ORDER BY pack DESC LIMIT 1"};
    Statement last_fresh_{database_,
                          "SELECT pack FROM live WHERE queue = ? AND pack <= ? ORDER BY pack "
                          "DESC LIMIT 1"};
    Statement last_row_{database_,
                        "SELECT entry FROM rows WHERE queue = ? AND entry <= ? ORDER BY entry "
                        "DESC LIMIT 1"};
    Statement last_dead_{database_,
                         "SELECT entry FROM dead_letters WHERE entry <= ? ORDER BY entry DESC "
                         "LIMIT 1"};
    Statement last_dead_of_{database_,
                            "SELECT entry FROM dead_letters WHERE queue = ? AND entry <= ? ORDER "
                            "BY entry DESC LIMIT 1"};
    Statement first_fresh_{database_,
                           "SELECT pack, slots FROM live WHERE queue = ? ORDER BY pack LIMIT 1"};
    Statement first_row_{database_,
                         "SELECT entry FROM rows WHERE queue = ? ORDER BY entry LIMIT 1"};
};

}  // namespace hookreel::store
