// How a shelf of the catalog is searched.
#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "base/text.h"
#include "media/files/catalog_shelf.h"

namespace hookreel::media {
namespace {

// How well a text fits what was asked for, best first.
enum Fit : std::size_t { whole, beginning, within, words, fits };
constexpr std::size_t unfit = fits;

bool contains(std::string_view text, std::string_view part) {
    return part.empty() || ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

// A thing that is looked for, in lower case, with its words when it has several.
struct Term {
    std::string text;
    std::vector<std::string> words;

    explicit Term(std::string_view wanted) : text(to_lower(trim(wanted))) {
        for (std::string_view rest = text; !rest.empty();) {
            const std::size_t end = std::min(rest.find(' '), rest.size());
            if (end > 0) words.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(rest.size(), end + 1));
        }
    }

    std::size_t fit(std::string_view in) const {
        if (in.starts_with(text)) return in.size() == text.size() ? whole : beginning;
        if (contains(in, text)) return within;
        const bool has_all = words.size() > 1 && std::ranges::all_of(words, [&](const auto& word) {
                                 return contains(in, word);
                             });
        return has_all ? Fit::words : unfit;
    }
};

std::vector<Term> terms(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

std::vector<std::string> lowered(const std::vector<std::string>& texts) {
    std::vector<std::string> all;
    for (const std::string& text : texts)
        all.push_back(to_lower(text));
    return all;
}

std::size_t best_fit(const std::vector<Term>& wanted, std::string_view in) {
    std::size_t best = unfit;
    for (const Term& term : wanted)
        best = std::min(best, term.fit(in));
    return best;
}

template <class T>
bool lists(const std::vector<T>& wanted, const auto& value) {
    return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

// Bounds in milliseconds; open ones are far away.
struct Bounds {
    std::int64_t from;
    std::int64_t to;

    explicit Bounds(const TimeSpan& span)
        : from(span.from ? span.from->time_since_epoch().count() : INT64_MIN),
          to(span.to ? span.to->time_since_epoch().count() : INT64_MAX) {}
    bool contain(std::int64_t time) const { return from <= time && time <= to; }
};

}  // namespace

// A query made ready to be asked of many entries.
class Match {
 public:
    using Shelf = Catalog::Shelf;

    explicit Match(const Query& query)
        : query_(query),
          created_(query.created),
          expires_(query.expires),
          files_(query.files.begin(), query.files.end()),
          types_(lowered(query.types)),
          prefixes_(lowered(query.prefixes)),
          names_(terms(query.names)),
          descriptions_(terms(query.descriptions)) {
        if (!query.text.empty()) text_.emplace_back(query.text);
        for (const std::string& tag : query.tags)
            tags_.push_back("\n" + to_lower(tag) + "\n");
    }

    // `unfit`, or how well it fits.
    std::size_t fit(const Shelf& shelf, const Shelf::Entry& entry) const {
        if (entry.is_dead || !created_.contain(entry.created) || !expires_.contain(entry.expires) ||
            !lists(query_.classes, entry.class_id) || !lists(query_.categories, entry.category) ||
            !lists(query_.sources, entry.source))
            return unfit;
        const char* at = shelf.texts_.data() + entry.text_at;
        const auto next = [&at](std::size_t bytes) {
            const std::string_view text(at, bytes);
            at += bytes;
            return text;
        };
        const std::string_view id = next(entry.id_bytes);
        const std::string_view type = next(entry.type_bytes);
        const std::string_view name = next(entry.name_bytes);
        const std::string_view description = next(entry.description_bytes);
        const std::string_view tags = next(entry.tags_bytes);
        if (!files_.empty() && !files_.contains(id)) return unfit;
        if (!lists(types_, type)) return unfit;
        if (!tags_.empty() && std::ranges::none_of(tags_, [&](const std::string& tag) {
                return contains(tags, tag);
            }))
            return unfit;
        const auto begins = [&](const std::string& prefix) { return name.starts_with(prefix); };
        if (!prefixes_.empty() && std::ranges::none_of(prefixes_, begins)) return unfit;

        std::size_t worst = whole;
        if (!names_.empty()) worst = std::max(worst, best_fit(names_, name));
        if (worst == unfit) return unfit;
        if (!descriptions_.empty()) worst = std::max(worst, best_fit(descriptions_, description));
        if (!text_.empty())
            worst = std::max(worst, std::min(best_fit(text_, name), best_fit(text_, description)));
        return worst;
    }

 private:
    const Query& query_;
    Bounds created_, expires_;
    std::unordered_set<std::string_view> files_;
    std::vector<std::string> types_, prefixes_, tags_;
    std::vector<Term> names_, descriptions_, text_;
};

Found Catalog::Shelf::search(const Query& query) const {
    const Match match(query);
    std::array<std::vector<Index>, fits> found;
    const bool forward = query.order == Query::Order::oldest_first;
    for (std::size_t i = 0; i < order_.size(); ++i) {
        const Index index = order_[forward ? i : order_.size() - 1 - i];
        const std::size_t fit = match.fit(*this, entries_[index]);
        if (fit == unfit || found[fit].size() == found_max) continue;
        found[fit].push_back(index);
        if (found[whole].size() == found_max) break;
    }
    Found result;
    std::size_t at = 0;
    for (const std::vector<Index>& fitting : found)
        for (const Index index : fitting) {
            if (at >= query.offset && result.files.size() < query.count_max && at < found_max)
                result.files.emplace_back(std::string(id_of(entries_[index])));
            ++at;
        }
    result.total = std::min(at, found_max);
    return result;
}

}  // namespace hookreel::media
