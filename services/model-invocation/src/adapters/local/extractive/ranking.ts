import type { Sentence } from './sentences';
import { termsOf } from './terms';

/** A sentence with its terms and how well it fits. */
export type RankedSentence = Sentence & { score: number };

type Indexed = {
  sentence: Sentence;
  terms: string[];
  counts: Map<string, number>;
};

/** BM25's usual settings. */
const K1 = 1.2;
const B = 0.5;
/** Share of a neighbour's score: answers often stand beside the words of the question. */
const NEIGHBOUR = 0.15;
const POOL = 60;

/** An index over the sentences of one text. */
export class SentenceIndex {
  private readonly entries: Indexed[];
  private readonly documentFrequency = new Map<string, number>();
  private readonly averageLength: number;

  constructor(sentences: Sentence[]) {
    this.entries = sentences.map(sentence => {
      const terms = termsOf(sentence.text);
      const counts = new Map<string, number>();
      for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
      for (const term of counts.keys()) {
        this.documentFrequency.set(
          term,
          (this.documentFrequency.get(term) ?? 0) + 1,
        );
      }
      return { sentence, terms, counts };
    });
    const total = this.entries.reduce(
      (sum, entry) => sum + entry.terms.length,
      0,
    );
    this.averageLength = Math.max(1, total / Math.max(1, this.entries.length));
  }

  /** Sentences that share terms with the question, best first (BM25). */
  rankFor(question: string): RankedSentence[] {
    const wanted = [...new Set(termsOf(question))];
    const own = this.entries.map(entry => this.bm25(entry, wanted));
    return this.entries
      .map(({ sentence }, index) => {
        const near = [index - 1, index + 1].filter(
          other =>
            this.entries[other]?.sentence.paragraph === sentence.paragraph,
        );
        const around = near.reduce((sum, other) => sum + own[other], 0);
        const hint = own[index] > 0 ? answerHint(question, sentence.text) : 1;
        return { ...sentence, score: own[index] * hint + NEIGHBOUR * around };
      })
      .filter(sentence => sentence.score > 0)
      .sort(byScore);
  }

  /** Sentences nearest to what the whole text is about, best first. */
  rankByCentrality(): RankedSentence[] {
    const count = this.entries.length;
    const weights = new Map<string, number>();
    for (const { counts } of this.entries) {
      for (const [term, n] of counts) {
        weights.set(term, (weights.get(term) ?? 0) + n);
      }
    }
    // What a text is about is said more than once.
    for (const [term, n] of weights)
      weights.set(term, n > 1 ? Math.log(1 + n) : 0.1);

    return this.entries
      .map(({ sentence, counts, terms }) => {
        let sum = 0;
        for (const term of counts.keys()) sum += weights.get(term)!;
        const density = sum / Math.sqrt(Math.max(6, terms.length));
        // Writers put what matters first, in a text and in a paragraph.
        const lead = 1 + 0.6 * (1 - sentence.position / Math.max(1, count));
        return { ...sentence, score: density * lead };
      })
      .filter(sentence => sentence.score > 0)
      .sort(byScore);
  }

  /** Picks good sentences that do not repeat each other (maximal marginal relevance). */
  pickDiverse(ranked: RankedSentence[], count: number): RankedSentence[] {
    const pool = ranked.slice(0, POOL);
    const best = pool[0]?.score ?? 0;
    const picked: RankedSentence[] = [];
    while (picked.length < count && pool.length > 0) {
      let choice = 0;
      let choiceValue = -Infinity;
      pool.forEach((candidate, index) => {
        const overlap = Math.max(
          0,
          ...picked.map(other => this.similarity(candidate, other)),
        );
        const value = 0.7 * (candidate.score / best) - 0.3 * overlap;
        // The first one wins a tie, which keeps the choice deterministic.
        if (overlap < 0.8 && value > choiceValue) {
          choice = index;
          choiceValue = value;
        }
      });
      if (choiceValue === -Infinity) break;
      picked.push(...pool.splice(choice, 1));
    }
    return picked;
  }

  private bm25({ counts, terms }: Indexed, wanted: string[]): number {
    const count = this.entries.length;
    let score = 0;
    for (const term of wanted) {
      const n = counts.get(term);
      if (n === undefined) continue;
      const frequency = this.documentFrequency.get(term)!;
      const idf = Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
      const length = 1 - B + (B * terms.length) / this.averageLength;
      score += (idf * n * (K1 + 1)) / (n + K1 * length);
    }
    return score;
  }

  private similarity(a: Sentence, b: Sentence): number {
    const left = this.entries[a.position].counts;
    const right = this.entries[b.position].counts;
    if (left.size === 0 || right.size === 0) return 0;
    let shared = 0;
    for (const term of left.keys()) if (right.has(term)) shared++;
    return shared / Math.sqrt(left.size * right.size);
  }
}

/** Prefers sentences that hold the kind of thing the question asks for. */
function answerHint(question: string, sentence: string): number {
  if (
    /\b(when|what (year|date|time|day)|how (many|much|long|old|far|often))\b/i.test(
      question,
    )
  ) {
    return /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand)\b/i.test(
      sentence,
    )
      ? 1.35
      : 0.9;
  }
  if (/\bwho(m|se)?\b/i.test(question)) {
    return /[^.!?]\s\p{Lu}\p{Ll}/u.test(sentence) ? 1.2 : 1;
  }
  if (/\bwhy\b/i.test(question)) {
    return /\b(because|since|due to|so that|therefore|reason|in order to|caused?)\b/i.test(
      sentence,
    )
      ? 1.3
      : 1;
  }
  return 1;
}

function byScore(a: RankedSentence, b: RankedSentence): number {
  return b.score - a.score || a.position - b.position;
}
