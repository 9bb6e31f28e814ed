#include "store/sqlite/reader.h"

namespace hookreel::store {
namespace {

constexpr std::size_t questions_max = 64;

}  // namespace

Reads::Reads(Database& database, QueueIndex& index, const Ids& ids)
    : database_(database), archive_(database, index, ids) {}

Result<Record> Reads::get(const RecordKey& key) {
    Rows rows = get_.query(static_cast<int>(key.kind), key.id);
    if (rows.next()) return Record{key, std::string(rows.bytes(1)), rows.number(0)};
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return fail(Code::not_found, "no record " + key.id);
}

Result<std::vector<Record>> Reads::list(Kind kind, const ListOptions& options) {
    std::vector<Record> records;
    // No id is empty, so an empty `after` leaves nothing out.
    const std::string& from = std::max(options.prefix, options.after);
    Rows rows =
        list_.query(static_cast<int>(kind), from, options.after, std::max(options.count_max, 0));
    while (rows.next() && rows.bytes(0).starts_with(options.prefix))
        records.push_back(
            {{kind, std::string(rows.bytes(0))}, std::string(rows.bytes(2)), rows.number(1)});
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return records;
}

Result<std::vector<DeadLetter>> Reads::dead_letters(const model::QueueId& queue, int count_max) {
    std::vector<DeadLetter> found;
    Rows rows = dead_letters_.query(queue.text(), std::max(count_max, 0));
    while (rows.next()) {
        const Result<LetterPtr> letter = read_letter(rows.bytes(4), slot_of(rows.number(0)));
        if (!letter) return fail(letter.error());
        found.push_back({queue, (*letter)->id, (*letter)->type, static_cast<int>(rows.integer(1)),
                         TimePoint(Duration(rows.integer(2))), std::string(rows.bytes(3)),
                         *(*letter)->body});
    }
    if (Result<void> result = rows.result(); !result) return fail(std::move(result.error()));
    return found;
}

Result<std::unique_ptr<Reader>> Reader::open(DatabaseOptions options, QueueIndex& index,
                                             const Ids& ids, const Departures& departures) {
    options.cache_kib = 2 * 1024;
    std::unique_ptr<Reader> reader(new Reader(std::move(options), index, ids, departures));
    if (Result<void> result = reader->open_file(); !result) return fail(std::move(result.error()));
    reader->thread_ = std::thread([self = reader.get()] { self->run(); });
    return reader;
}

Reader::~Reader() {
    stop();
}

Result<void> Reader::open_file() {
    reads_.reset();
    database_.reset();
    Result<std::unique_ptr<Database>> database = Database::open(options_);
    if (!database) return fail(std::move(database.error()));
    if (Result<void> result = departures_.show(**database); !result) return result;
    if (Result<void> result = (*database)->make_read_only(); !result) return result;
    database_ = std::move(*database);
    reads_ = std::make_unique<Reads>(*database_, index_, ids_);
    return {};
}

void Reader::ask(const Executor& loop, Question question) {
    std::optional<Question> left = inbox_.put(loop, std::move(question));
    if (!left) return;
    Outbox outbox;
    (*left)(nullptr, outbox);
    outbox.send();
}

void Reader::stop() {
    inbox_.close();
    if (thread_.joinable()) thread_.join();
}

void Reader::run() {
    Outbox outbox;
    while (true) {
        std::vector<Question> questions = inbox_.take(questions_max, std::nullopt);
        if (questions.empty()) break;
        for (Question& question : questions)
            answer(question, outbox);
        outbox.send();
    }
    reads_.reset();
    database_.reset();
}

void Reader::answer(Question& question, Outbox& outbox) {
    question(reads_.get(), outbox);
    // After a fault nothing that the connection says is believed; the next question gets a new one.
    if (!database_ || database_->take_fault() != Fault::none) static_cast<void>(open_file());
}

}  // namespace hookreel::store
